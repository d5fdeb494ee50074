package detection_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	shown "simrun/report/detection"
	"simrun/scenarios/result"
	"simrun/scenarios/result/detection"
)

var rewrite = flag.Bool("rewrite", false, "write golden files anew")

func streams(seeds ...uint64) []detection.Stream {
	var list []detection.Stream
	for i, n := range seeds {
		s := detection.Stream{First: uint64(i+1) << 32, Seeds: n, Detected: n < 1000, Nanos: int64(n) * 5e6}
		if s.Detected {
			s.Checker, s.Class = "cut", "lost"
		}
		list = append(list, s)
	}
	return list
}

// record has a bug of every fate: caught, caught and cut off, missed, a false alarm.
func record() *detection.Record {
	small := &detection.Case{Seed: 1<<32 + 2, File: "cases/half-read-forgotten.yaml", Verdict: result.Violation,
		Signature: "lost/cut/counts", Minimized: true, Runs: 321, Complete: true, Faults: 1, Tasks: 3, Widest: 1,
		Records: 12, StoryLines: 9, GreenWithout: true}
	word := func(b protocol.Bug) string { return b.String() }
	return &detection.Record{Profile: "default", Model: 1, Streams: 7, Limit: 1000, Bugs: []detection.Bug{
		{Word: word(protocol.BugHalfReadForgotten), Streams: streams(3, 8, 1, 12, 5, 9, 4), Case: small},
		{Word: word(protocol.BugObsoleteBarrierBlocks), Streams: streams(200, 1000, 1000, 150, 700, 1000, 40)},
		{Word: word(protocol.BugEpochKept), Streams: streams(1000, 1000, 1000)},
		{Word: word(protocol.BugOrphansKept), Streams: streams(1, 2, 3),
			FalseAlarms: []detection.Alarm{{Seed: 1 << 32, Signature: "stuck/run/budget"}}},
	}}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.WriteFile("testdata/"+name, got, 0o644))
	}
	want, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestTableReadsAsItDid(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, shown.Text(&b, shown.Rows(record()), "out"))
	golden(t, "table.txt", b.Bytes())
}

// The keys are the design's, in its order.
func TestJSONHasTheKeysOfTheContract(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, shown.JSON(&b, shown.Rows(record()), "out"))
	golden(t, "rows.json", b.Bytes())
	for line := range strings.Lines(b.String()) {
		var keys []string
		decoder := json.NewDecoder(strings.NewReader(line))
		for depth, key := 0, true; decoder.More(); {
			token, err := decoder.Token()
			require.NoError(t, err)
			if depth == 0 {
				depth++
				continue
			}
			if key {
				keys = append(keys, token.(string))
			}
			key = !key
		}
		require.Equal(t, strings.Fields("bug ticket caught checker seeds_median seeds_low seeds_high seconds_median "+
			"plan_faults case_file"), keys)
	}
}

func TestCutOffStreamsAreNotCountedAsDetections(t *testing.T) {
	s := shown.SeedsOf(streams(1000, 1000, 1000))
	require.True(t, s.FromRate)
	require.True(t, math.IsInf(s.Median, 1) && math.IsInf(s.High, 1))
	// 0 of 3,000: at most 3.69/3000 = 0.00123 a seed, so half of all streams need 564 at least.
	require.InDelta(t, 564, s.Low, 1)
}

// 4 of 4,090 seeds: the bounds of Clopper and Pearson are 0.000266 and 0.002503 a seed.
func TestIntervalByRateIsThatOfClopperAndPearson(t *testing.T) {
	s := shown.SeedsOf(streams(200, 1000, 1000, 150, 700, 1000, 40))
	require.True(t, s.FromRate)
	require.Equal(t, math.Ceil(math.Ln2/-math.Log1p(-4.0/4090)), s.Median)
	require.InDelta(t, math.Ln2/0.002503, s.Low, 2)
	require.InDelta(t, math.Ln2/0.000266, s.High, 10)
}

func TestRecordSurvivesItsFile(t *testing.T) {
	text, err := json.Marshal(record())
	require.NoError(t, err)
	var read detection.Record
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, record(), &read)
}
