package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/sim"
)

func TestUnknownScenarioIsAnsweredWithTheNearest(t *testing.T) {
	_, err := scenarios.Load("color-count")
	var unknown *library.UnknownError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "colour-count", unknown.Nearest)
	_, err = scenarios.Load("no/such/file.yaml")
	require.EqualError(t, err, "no/such/file.yaml: there is no such file")
}

func TestScenarioFilesNameDataBesideThem(t *testing.T) {
	dir := t.TempDir()
	scenario := `name: own
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 50 ms}
  graph:
    - {id: rows, source: {file: rows.csv, laps: 300, rate: 1000/s, columns: {key: user, a: amount}}}
    - {id: out, sink: {transactional: kafka}, from: [rows]}
`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(scenario), 0o644))
	path := filepath.Join(dir, "own.yaml")
	_, err := scenarios.Load(path)
	var bad *config.Error
	require.ErrorAs(t, err, &bad)
	require.Contains(t, bad.Message, `cannot read the data "rows.csv"`)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rows.csv"), []byte("user,amount\nann,1\nbob,2\n"), 0o644))
	s, err := scenarios.Load(path)
	require.NoError(t, err)
	o, err := s.Run(1)
	require.NoError(t, err)
	require.Equal(t, int64(600), o.Records)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rows.csv"), []byte("user,amount\nann,1\nbob\n"), 0o644))
	_, err = scenarios.Load(path)
	require.ErrorContains(t, err, "malformed data: rows.csv:3")
}

func TestListKnowsEverythingThatCanBeNamed(t *testing.T) {
	entries, err := scenarios.List()
	require.NoError(t, err)
	kinds := map[string]int{}
	for _, e := range entries {
		kinds[e.Kind]++
		require.NotEmpty(t, e.Name)
		require.True(t, e.Kind == scenarios.KindStep || e.Summary != "", "%s %s has no summary", e.Kind, e.Name)
	}
	for _, kind := range []string{scenarios.KindScenario, scenarios.KindProtocol, scenarios.KindChecker,
		scenarios.KindFault, scenarios.KindStep} {
		require.NotZero(t, kinds[kind], kind)
	}
}

func TestContractSaysWhoKeepsWhat(t *testing.T) {
	rows, err := load(t, "colour-count").Contract()
	require.NoError(t, err)
	var text strings.Builder
	for _, row := range rows {
		text.WriteString(row.Operator + ": " + row.Text + "\n")
	}
	require.Contains(t, text.String(), "rewinds to any offset")
	require.Contains(t, text.String(), "without-green: lets pass key ne 2; keeps nothing")
	require.Contains(t, text.String(), "keeps count by key")
	require.Contains(t, text.String(), "exactly once")
}

// recorded is a case of a short run, as its file holds it.
func recorded(t *testing.T) *config.Case {
	t.Helper()
	s := load(t, "transaction-recovered")
	o, err := s.Run(5)
	require.NoError(t, err)
	c, err := config.LoadCase("case.yaml", s.Case(o).YAML(), config.NoFiles{})
	require.NoError(t, err)
	return c
}

func TestReplayFollowsTheRecordedPath(t *testing.T) {
	r, err := scenarios.Replay(recorded(t), scenarios.RunOptions{})
	require.NoError(t, err)
	require.Equal(t, scenarios.PathRecorded, r.Path, r.Explanation)
	require.True(t, r.SameVerdict)
	require.True(t, r.Healthy())
}

func TestReplaySaysWhereTheCodeLeftTheRecordedPath(t *testing.T) {
	c := recorded(t)
	c.Digest++
	middle := len(c.Trail) / 2
	for i := middle; i < len(c.Trail); i++ {
		c.Trail[i].Digest++
	}
	c.Model++
	r, err := scenarios.Replay(c, scenarios.RunOptions{})
	require.NoError(t, err)
	require.Equal(t, scenarios.PathLeft, r.Path)
	require.True(t, r.SameVerdict)
	require.Contains(t, r.Explanation, "leaves the recorded path after event")
	require.Contains(t, r.Explanation, "recorded with model 2; this is model 1")
	require.Contains(t, r.Explanation, "  event ")
}

func TestReplayOfAnotherVerdictIsNoSuccess(t *testing.T) {
	c := recorded(t)
	c.Verdict, c.Class, c.Signature = "violation", "lost", "lost/effects/topic"
	r, err := scenarios.Replay(c, scenarios.RunOptions{})
	require.NoError(t, err)
	require.False(t, r.SameVerdict)
}

// TestPlantedMapIterationIsNamed crashes the task manager that a map happens to give
// first: the first event that differs between two runs is shown, with both causes.
func TestPlantedMapIterationIsNamed(t *testing.T) {
	s := load(t, "recover-task-manager-crash")
	run := func(observe func(*sim.Event)) {
		changed := load(t, "recover-task-manager-crash").Config().Clone()
		victims := map[string]bool{}
		for i := range 64 {
			victims["at "+string(rune('A'+i))] = i%2 == 0
		}
		for _, first := range victims {
			if first {
				changed.Faults[0].Targets[0] = "task-manager-0"
			}
			break
		}
		scenarios.ObserveForTest(t, changed, s.DefaultSeed(), observe)
	}
	for range 64 {
		d, differ := sim.FirstDivergence(run, run)
		if !differ {
			continue
		}
		text := d.Describe(scenarios.DescribeForTest)
		require.Contains(t, text, "then the first run has fault-injected")
		require.Contains(t, text, "then the second run has fault-injected")
		require.Equal(t, 2, strings.Count(text, "caused by"))
		return
	}
	t.Fatal("64 pairs of map iterations were all alike")
}
