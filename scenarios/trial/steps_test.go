package trial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// stepsOf runs a scenario of the library with its own seed and calls watch at every step.
func stepsOf(t *testing.T, in *trial.Trial, name string, watch func(*sim.Context, protocol.StepReached)) {
	t.Helper()
	text, err := library.Read(name)
	require.NoError(t, err)
	s, err := config.Load(name+".yaml", text, config.NoFiles{})
	require.NoError(t, err)
	c, err := trial.NewCase(s, s.Seed)
	require.NoError(t, err)
	c.Unchecked, c.ObserveSteps = true, watch
	_, err = in.Run(c)
	require.NoError(t, err)
}

// The list of steps is the enumeration of package protocol; a step that no scenario gets to,
// on either side, would be one that the runtime does not make any more.
func TestEveryStepIsReachedBeforeAndAfterByAScenarioOfTheLibrary(t *testing.T) {
	var reached [protocol.Steps][2]int
	in := trial.New()
	for _, name := range library.Names() {
		stepsOf(t, in, name, func(_ *sim.Context, at protocol.StepReached) { reached[at.Step][at.Moment]++ })
	}
	for s := protocol.StepNone + 1; int(s) < protocol.Steps; s++ {
		t.Logf("%s: %v", s, reached[s])
		require.NotEmpty(t, s.String(), "step %d", s)
		require.NotEmpty(t, s.Summary(), "%s", s)
	}
	for s := protocol.StepNone + 1; int(s) < protocol.Steps; s++ {
		for _, moment := range []protocol.Moment{protocol.Before, protocol.After} {
			if reached[s][moment] == 0 {
				t.Errorf("nobody gets to %s %s", moment, s)
			}
		}
	}
}
