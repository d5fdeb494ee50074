package minimize_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
)

// long is a case of a job that reads so many records, each of them by itself, and is cut off
// after 60,000 messages and timers.
func long(t *testing.T, records string) *config.Case {
	t.Helper()
	s, err := scenarios.Load("slow-database", "job.graph.0.source.records="+records,
		"faults=[{slow: parse, factor: 2, from: 1 s, to: 2 s}]", "run.budget=60000")
	require.NoError(t, err)
	c := config.NewCase(s.Config(), 1)
	c.Verdict = result.Stuck
	return c
}

func TestACaseThatUsesItsBudgetUpIsMadeSmallWithAPartOfIt(t *testing.T) {
	small, report, err := scenarios.Minimize(context.Background(), long(t, "100000000"),
		minimize.Options{BudgetRuns: 12, RunBudget: 10_000})
	require.NoError(t, err)
	require.Equal(t, result.Stuck, small.Verdict)
	require.EqualValues(t, 10_000, small.Scenario.Run.Budget)
	require.Empty(t, report.Plan)
	require.LessOrEqual(t, report.Runs, 13, "one that makes sure with the whole budget")
	r, err := scenarios.Replay(small, scenarios.RunOptions{})
	require.NoError(t, err)
	require.Equal(t, result.StuckByBudget, r.Outcome.StuckSignature)
}

func TestACaseThatEndsWithinItsBudgetIsNotStuck(t *testing.T) {
	_, _, err := scenarios.Minimize(context.Background(), long(t, "4000"),
		minimize.Options{BudgetRuns: 4, RunBudget: 10_000})
	var healthy *minimize.NotFailing
	require.ErrorAs(t, err, &healthy)
}
