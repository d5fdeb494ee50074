package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
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
		scenarios.KindFault, scenarios.KindStep, scenarios.KindBug} {
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
	require.Contains(t, r.Explanation,
		fmt.Sprintf("recorded with model %d; this is model %d", config.ModelVersion+1, config.ModelVersion))
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
// first: replay finds out, and shows the first event that differs, with both causes.
func TestPlantedMapIterationIsNamed(t *testing.T) {
	victims := map[string]int{}
	for i := range 64 {
		victims[string(rune('A'+i))] = i % 2
	}
	crashAnyone := func(s *config.Scenario) {
		for _, victim := range victims {
			s.Faults[0].Targets[0] = []string{"task-manager-0", "task-manager-1"}[victim]
			return
		}
	}
	s := load(t, "recover-task-manager-crash")
	o, err := s.Run(1)
	require.NoError(t, err)
	for range 64 {
		r, err := scenarios.ReplayForTest(s.Case(o), crashAnyone)
		require.NoError(t, err)
		if r.Path != scenarios.PathNondeterministic || r.Explanation == "" {
			continue // the map gave the same one twice, in the runs or in the comparison of events
		}
		require.Contains(t, r.Explanation, "then the first run has 5.500000000 s outside: fault-injected")
		require.Contains(t, r.Explanation, "then the second run has 5.500000000 s outside: fault-injected")
		require.Equal(t, 2, strings.Count(r.Explanation, "caused by"))
		return
	}
	t.Fatal("64 replays of a map's choice went alike")
}
