package summary_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/summary"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

var rewrite = flag.Bool("rewrite", false, "write golden files anew")

// everything is the set of all marks.
const everything = protocol.MarkSet(1)<<protocol.Marks - 1

// campaign is one of everything: a healthy run, a vacuous one, two that fail alike, and one
// that is stuck.
func campaign() (*tally.Tally, *summary.Options) {
	var sum tally.Tally
	wants := tally.Expectation{Bounded: true, Reached: protocol.MarkSetOf(protocol.MarkZombieFenced)}
	run := func(seed uint64, change func(*result.Outcome)) {
		o := &result.Outcome{
			Scenario: "recover-pause", Seed: seed, Protocol: protocol.Aligned, JobState: protocol.JobFinished,
			VirtualNanos: 1500e6, Events: 1234, Records: 300, Restores: 1,
			Marks:       everything.Minus(protocol.MarkSetOf(protocol.MarkZombieFenced, protocol.MarkTimerFired)),
			Checkpoints: make([]protocol.CheckpointStats, 3),
			Recoveries:  []result.Recovery{{RestartNanos: 20e6 * int64(seed)}},
			Faults:      []result.Fault{{Kind: protocol.FaultPause, Fired: true, Phases: protocol.PhaseSetOf(protocol.PhaseAligning)}, {Kind: protocol.FaultCrash}},
		}
		for i := range o.Checkpoints {
			o.Checkpoints[i].Status = protocol.CheckpointSucceeded
		}
		change(o)
		o.Reached = o.Marks.Words()
		sum.Add(wants, o)
	}
	lost := func(o *result.Outcome) {
		o.Verdict = result.Violation
		o.Violations = []result.Finding{{Class: "lost", Checker: "cut", Signature: "lost/cut/counts", Detail: "a record"}}
	}
	run(1, func(*result.Outcome) {})
	run(2, func(o *result.Outcome) {
		o.Marks, o.Checkpoints = protocol.MarkSetOf(protocol.MarkJobFinished), nil
	})
	run(3, lost)
	run(4, lost)
	run(5, func(o *result.Outcome) { o.Verdict = result.Stuck; o.StuckSignature = "stuck/progress/job" })
	return &sum, &summary.Options{
		What: "recover-pause, profile default", Seeds: "1:6", FirstSeed: 1, MaxCases: 3, Command: "simrun fuzz --seeds 1:6",
		Cases: []string{"out/cases/lost-seed-3.yaml", "out/cases/lost-seed-4.yaml", "out/cases/stuck-seed-5.yaml"},
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestTextSaysWhatPeopleWant(t *testing.T) {
	sum, o := campaign()
	var b bytes.Buffer
	require.NoError(t, summary.Text(&b, sum, o))
	// A mark more in the vocabulary is no other text.
	reached := regexp.MustCompile(`\d+ of \d+ protocol`)
	golden(t, "testdata/campaign.txt", reached.ReplaceAll(b.Bytes(), []byte("N of M protocol")))
}

func TestJSONKeepsItsKeys(t *testing.T) {
	sum, o := campaign()
	sum.Marks = tally.Counts{"job-finished": 5, "zombie-fenced": 1} // not all of a growing vocabulary
	var with, without bytes.Buffer
	require.NoError(t, summary.JSON(&with, sum, o, &summary.Clock{WallNanos: 2e9, Seeds: 5}))
	golden(t, "testdata/campaign.json", with.Bytes())
	require.NoError(t, summary.JSON(&without, sum, o, nil))
	var keys map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(without.Bytes(), &keys))
	require.NotContains(t, keys, "wall_nanos")
	require.NotContains(t, keys, "seeds_per_second")
	for _, key := range []string{"seeds", "virtual_nanos", "faults", "restores", "seeds_with_fault_and_restore",
		"vacuous", "reached", "violations", "signatures", "case_files"} {
		require.Contains(t, keys, key)
	}
}

func TestEmptyCampaignIsShownToo(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, summary.Text(&b, &tally.Tally{}, &summary.Options{}))
	require.NoError(t, summary.JSON(&b, &tally.Tally{}, &summary.Options{}, &summary.Clock{}))
	require.Contains(t, b.String(), `"seeds":0,"seeds_per_second":0,"wall_nanos":0,`)
	require.NotContains(t, b.String(), "null")
}

func TestLineFitsATerminal(t *testing.T) {
	sum, _ := campaign()
	line := summary.Line(sum, &summary.Clock{WallNanos: 1e9, Seeds: 5})
	const states = "38/40 states" // of those that a campaign can reach
	require.Equal(t, "5 seeds, 5/s: 3 FAILING in 2 ways, 7.5 s virtual, 5 faults, "+states, line)
	sum.Seeds, sum.VirtualNanos, sum.Faults = 345_678, 777_777e9, tally.Counts{"crash": 800_000}
	require.LessOrEqual(t, len(summary.Line(sum, &summary.Clock{WallNanos: 1e9, Seeds: 3_456})), 88)
	require.Contains(t, summary.Line(&tally.Tally{}, &summary.Clock{}), "no violation")
}
