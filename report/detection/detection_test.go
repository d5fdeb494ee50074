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

// counted is the search of an enumeration.
func counted(runs uint64) []detection.Search {
	only := streams(runs)
	only[0].First = 0
	return []detection.Search{{Explorer: "census", Streams: only}}
}

// record has a bug of every fate: caught, caught and cut off, missed, a false alarm.
func record() *detection.Record {
	small := &detection.Case{Seed: 1<<32 + 2, File: "cases/half-read-forgotten.yaml", Verdict: result.Violation,
		Signature: "lost/cut/counts", Minimized: true, Runs: 321, Complete: true, Faults: 1, Tasks: 3, Widest: 1,
		Records: 12, StoryLines: 9, GreenWithout: true}
	word := func(b protocol.Bug) string { return b.String() }
	return &detection.Record{Profile: "default", Model: 1, Streams: 7, Limit: 1000,
		Explorers: []string{"random", "census"}, Bugs: []detection.Bug{
			{Word: word(protocol.BugHalfReadForgotten), Streams: streams(3, 8, 1, 12, 5, 9, 4), Case: small,
				Others: counted(17)},
			{Word: word(protocol.BugObsoleteBarrierBlocks), Streams: streams(200, 1000, 1000, 150, 700, 1000, 40),
				Others: counted(1000)},
			{Word: word(protocol.BugEpochKept), Streams: streams(1000, 1000, 1000), Others: counted(3)},
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
		_, err := decoder.Token()
		require.NoError(t, err)
		for decoder.More() {
			key, err := decoder.Token()
			require.NoError(t, err)
			keys = append(keys, key.(string))
			var value json.RawMessage
			require.NoError(t, decoder.Decode(&value))
		}
		require.Equal(t, strings.Fields("bug ticket caught checker seeds_median seeds_low seeds_high seconds_median "+
			"plan_faults case_file explorers"), keys)
	}
}

func TestCutOffStreamsAreNotCountedAsDetections(t *testing.T) {
	s := shown.SeedsOf(streams(1000, 1000, 1000))
	require.True(t, s.FromRate)
	require.True(t, math.IsInf(s.Median, 1) && math.IsInf(s.High, 1))
	// 0 of 3,000: at most 3.69/3000 = 0.00123 a seed, so half of all streams need 564 at least.
	require.InDelta(t, 564, s.Low, 1)
}

// An enumeration has no chance in it: its number of runs is no estimate.
func TestRunsOfAnEnumerationAreKnown(t *testing.T) {
	rows := shown.Rows(record())
	require.Equal(t, shown.Seeds{Median: 17, Low: 17, High: 17}, rows[0].Explorers[1].Seeds)
	require.False(t, rows[1].Explorers[1].Caught)
	require.Equal(t, 1000.0, rows[1].Explorers[1].Seeds.Low)
	require.True(t, rows[2].Explorers[1].Caught, "though random did not")
	require.False(t, rows[2].Caught)
}

func TestPageComparesExplorersIfThereAreSeveral(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, shown.Page(&b, record(), "x.svg"))
	require.Contains(t, b.String(), "\n| half-read-forgotten | 5 [1, 12] | 17 |\n")
	require.Contains(t, b.String(), "\n| caught, and their median | 2; 357 | 2; 10 |\n")
	r := record()
	r.Explorers = r.Explorers[:1]
	b.Reset()
	require.NoError(t, shown.Page(&b, r, "x.svg"))
	require.NotContains(t, b.String(), "By explorer")
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
