package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func runModel(t *rapid.T, plan switches) (*model, []Violation) {
	setup := tapeSetup()
	setup.Limits.MaxRestarts = 0 // the model may be out of luck
	m := newModel(t, setup, plan)
	for range rapid.IntRange(0, 300).Draw(t, "steps") {
		m.step()
	}
	return m, m.finish()
}

func TestNoCheckerAlarmsOnHealthyRuns(t *testing.T) {
	restores, runs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m, violations := runModel(t, switches{})
		require.Empty(t, violations)
		restores += int(m.attempt)
		runs += m.replay.runs
	})
	require.NotZero(t, restores, "no run was ever restored: the test shows nothing")
	require.NotZero(t, runs, "nothing was ever executed again")
}
