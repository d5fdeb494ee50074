package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/explore"
	"simrun/scenarios/result"
)

// What is drawn keeps to the policy, in universes and in the library's scenarios cut short: a
// stall is a bug. Only a poison does not, and then it is said that the job must fail.
func TestDrawnPlansAreRecoverableOrSaidToFail(t *testing.T) {
	s, poisoned := space(t, protocol.NoBug), 0
	for seed := range uint64(3000) {
		drawn, err := s.Draw(seed)
		require.NoError(t, err)
		faults, cluster := drawn.Faults, drawn.FaultCluster()
		if drawn.Expect.Verdict == result.Failed {
			last := len(faults) - 1
			require.Equal(t, protocol.FaultPoison, faults[last].Kind, "seed %d", seed)
			require.ErrorContains(t, plan.Recoverable(faults, cluster), "every attempt", "seed %d", seed)
			poisoned++
			faults, cluster.Restarts = faults[:last], -1
		}
		require.NoError(t, plan.Recoverable(faults, cluster), "seed %d of %s:\n%s", seed, drawn.Name, drawn.Faults)
	}
	require.Greater(t, poisoned, 20)
}

// A scenario's own plan beside a drawn one must not be too much together.
func TestADrawnPlanLeavesAScenarioWhatItNeeds(t *testing.T) {
	bases, err := explore.Recovery()
	require.NoError(t, err)
	for _, base := range bases {
		own, err := plan.ParsePlan("unsync storage by 100 ms from 0 s to 10 s")
		require.NoError(t, err)
		base.Faults = own
	}
	s, err := explore.New(explore.Options{Scenarios: bases, Profile: "storage"})
	require.NoError(t, err)
	for seed := range uint64(500) {
		drawn, err := s.Draw(seed)
		require.NoError(t, err)
		require.NoError(t, plan.Recoverable(drawn.Faults, drawn.FaultCluster()), "seed %d:\n%s", seed, drawn.Faults)
	}
}
