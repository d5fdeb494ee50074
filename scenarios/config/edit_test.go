package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/plan"
	"simrun/scenarios/config"
	"simrun/scenarios/config/document"
	"simrun/scenarios/library"
)

func TestBriefScenarioReadsBackToTheSame(t *testing.T) {
	for _, name := range library.Names() {
		text, unknown := library.Read(name)
		require.Nil(t, unknown)
		s, err := config.Load(name, text, config.NoFiles{})
		require.NoError(t, err)
		brief := s.Brief().YAML()
		again, err := config.Load(name, brief, config.NoFiles{})
		require.NoError(t, err, "%s", brief)
		require.Equal(t, string(s.YAML()), string(again.YAML()), "%s", brief)
		require.Less(t, len(brief), len(s.YAML())/2, "%s", brief)
	}
}

func TestBriefScenarioHoldsWhatItsAuthorSet(t *testing.T) {
	s := load(t, "name: x\njob:\n  configuration: {execution.checkpointing.interval: 2 s}\n  graph:\n"+
		"    - {id: a, source: {synthetic: uniform, records: 10, keys: 1000}}\n"+
		"    - {id: b, keyed: {aggregate: mean}, parallelism: 2, from: [{id: a, exchange: auto}]}\n"+
		"    - {id: c, sink: {append: kafka}, from: [{id: b, exchange: rebalance}]}\n")
	require.Equal(t, `name: x
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 2 s
  graph:
    - id: a
      source:
        synthetic: uniform
        records: 10
    - id: b
      parallelism: 2
      from: [a]
      keyed:
        aggregate: mean
    - id: c
      from:
        - {id: b, exchange: rebalance}
      sink:
        append: kafka
`, string(s.Brief().YAML()))
}

func TestEditsAreCheckedAsFilesAre(t *testing.T) {
	s := load(t, flights)
	before := s.YAML()
	_, err := s.Edited(func(root *document.Node) {
		root.Find("job.graph.delays").Add("speed", document.NewScalar("3"))
	})
	require.ErrorContains(t, err, `unknown key "speed"`)
	f, err := plan.Parse("crash task-manager-9 at 1 s")
	require.NoError(t, err)
	_, err = s.WithFaults(plan.Plan{f})
	require.ErrorContains(t, err, `crash cannot strike "task-manager-9"`)
	f.Targets[0] = "task-manager-1"
	changed, err := s.WithFaults(plan.Plan{f})
	require.NoError(t, err)
	require.Equal(t, plan.Plan{f}, changed.Faults)
	require.Equal(t, before, s.YAML(), "the scenario itself stays as it is")
}
