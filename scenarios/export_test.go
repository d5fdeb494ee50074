package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// ObserveForTest runs a scenario and shows every event.
func ObserveForTest(t *testing.T, s *config.Scenario, seed uint64, observe func(*sim.Event)) {
	t.Helper()
	c, err := trial.NewCase(s, seed)
	require.NoError(t, err)
	c.Observe = observe
	_, err = trial.New().Run(c)
	require.NoError(t, err)
}

// DescribeForTest is an event's canonical text.
func DescribeForTest(e *sim.Event) string {
	return protocol.EventText(protocol.EventKind(e.Kind), e.Args)
}

// ReplayForTest replays with a run that changes its scenario each time.
func ReplayForTest(c *config.Case, change func(*config.Scenario)) (*Replayed, error) {
	return replayIn(trial.New(), c, RunOptions{},
		func(t *trial.Trial, s *config.Scenario, seed uint64, o RunOptions) (*result.Outcome, error) {
			changed := s.Clone()
			change(changed)
			return runIn(t, changed, seed, o)
		})
}
