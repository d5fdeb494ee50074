package outcome_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/outcome"
	"simrun/scenarios/result"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

const second = int64(1_000_000_000)

// broken is a run with something in every section.
func broken() *result.Outcome {
	return &result.Outcome{
		Scenario: "colour-count", Protocol: protocol.AtLeastOnce, Seed: 7, Digest: 0xabc,
		Verdict: result.Violation, JobState: protocol.JobFinished,
		Events: 12_345, Records: 4000, VirtualNanos: 95 * second, JobNanos: 95 * second, WallNanos: 42,
		Checkpoints: []protocol.CheckpointStats{
			{ID: 1, Status: protocol.CheckpointSucceeded, TriggerNanos: 2 * second, EndToEndNanos: 12_400_000,
				CheckpointedBytes: 3 << 20, Subtasks: []protocol.SubtaskStats{{
					StartDelayNanos: 200_000, AlignmentNanos: 5_000_000,
					SyncNanos: 1_000_000, AsyncNanos: 6_000_000,
				}}},
			{ID: 2, Status: protocol.CheckpointFailed, Reason: protocol.CheckpointExpired,
				TriggerNanos: 4 * second, EndToEndNanos: 60 * second},
			{ID: 3, Status: protocol.CheckpointFailed, Reason: protocol.TaskFailure,
				TriggerNanos: 70 * second},
			{ID: 4, TriggerNanos: 90 * second},
		},
		Violations: []result.Finding{{
			Class: "duplicated", Checker: "exactly-once-output", Signature: "duplicated:counts->sink",
			Detail: "record 0/17 is in the output twice", AtNanos: 94 * second,
			Witness: []string{
				"record-applied task=4 lineage=17", "transaction-committed sink=0 transaction=3",
			},
		}},
		Reached: []string{"restored-from-checkpoint", "transaction-recovered"},
		Missing: []string{"overdraft"},
		Measures: result.Measures{
			MeasuredNanos: 90 * second, RecordsPerSecond: 42, LatencyP50Nanos: second,
			LatencyP99Nanos: 2 * second, LatencyMaxNanos: 3 * second,
			SourceBackpressuredPermille: 910, Skipped: 2,
		},
		Recoveries: []result.Recovery{
			{FailureNanos: 70 * second, Checkpoint: 1, DetectNanos: second, RestartNanos: 2 * second,
				RestoreNanos: second / 2, ReplayNanos: 3 * second, CatchUpNanos: second, Complete: true},
			{FailureNanos: 80 * second, RestartNanos: second},
		},
		Snapshots: []result.SnapshotRow{
			{Checkpoint: 1, Operator: "colours", Content: "p0@120 p1@118"},
			{Checkpoint: 1, Operator: "drop-red"},
			{Checkpoint: 1, Operator: "counts", Content: "blue=80 green=79"},
			{Checkpoint: 1, Operator: "topic", Content: "txn-6-0-1 txn-7-0-1"},
			{Checkpoint: 5, Operator: "colours", Content: "p0@900 p1@871"},
		},
		StuckReason: "sink-0 waits for itself",
	}
}

func text(t *testing.T, o *result.Outcome, options outcome.Options) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, outcome.Text(&b, o, options))
	return b.String()
}

func TestTextIsAsApproved(t *testing.T) {
	got := text(t, broken(), outcome.Options{Command: "simrun run colour-count --seed 7"})
	path := filepath.Join("testdata", "broken.txt")
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestTextOfAHealthyRunHasNoEmptySections(t *testing.T) {
	got := text(t, &result.Outcome{Scenario: "s", Verdict: result.OK}, outcome.Options{})
	for _, absent := range []string{"Violations", "Recoveries", "Snapshots", "reproduce", "missing"} {
		require.NotContains(t, got, absent)
	}
}

func TestWallTimeIsNotInTheText(t *testing.T) {
	slow := broken()
	slow.WallNanos = 987_654_321
	require.Equal(t, text(t, broken(), outcome.Options{}), text(t, slow, outcome.Options{}))
}

func TestColourIsOnlyOnDemand(t *testing.T) {
	require.NotContains(t, text(t, broken(), outcome.Options{}), "\x1b")
	require.Contains(t, text(t, broken(), outcome.Options{Colour: true}), "\x1b[1;31mviolation\x1b[0m")
}

// TestKeysOfRunAreAContract has the object, byte by byte.
func TestKeysOfRunAreAContract(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, outcome.JSON(&b, broken()))
	require.Equal(t, `{"scenario":"colour-count","seed":7,"digest":"0000000000000abc","verdict":"violation",`+
		`"job_state":"FINISHED","events":12345,"records":4000,"virtual_nanos":95000000000,"wall_nanos":42,`+
		`"checkpoints_completed":1,"checkpoints_failed":2,"checkpoints_expired":1,"violations":[`+
		`{"class":"duplicated","checker":"exactly-once-output","signature":"duplicated:counts->sink",`+
		`"witness":["record-applied task=4 lineage=17","transaction-committed sink=0 transaction=3"]}]}`+
		"\n", b.String())
}

func TestListsInJSONAreNeverNull(t *testing.T) {
	var b bytes.Buffer
	o := &result.Outcome{Violations: []result.Finding{{Class: "stuck"}}}
	require.NoError(t, outcome.JSON(&b, o))
	require.NotContains(t, b.String(), "null")
	b.Reset()
	require.NoError(t, outcome.JSON(&b, &result.Outcome{}))
	require.True(t, json.Valid(b.Bytes()))
	require.Contains(t, b.String(), `"violations":[]`)
}

func TestHistoryHasALineForEachCheckpointAndTextNotMoreThanFit(t *testing.T) {
	o := &result.Outcome{Checkpoints: make([]protocol.CheckpointStats, 100)}
	for i := range o.Checkpoints {
		o.Checkpoints[i].ID = protocol.CheckpointID(i + 1)
	}
	var b strings.Builder
	require.NoError(t, outcome.History(&b, o))
	require.Equal(t, 101, strings.Count(b.String(), "\n"))
	short := text(t, o, outcome.Options{})
	require.Contains(t, short, "…  60 more")
	require.Contains(t, short, "\n100  in progress")
	require.NotContains(t, short, "\n 50  in progress")
}
