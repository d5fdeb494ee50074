package generate_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/generate"
	"simrun/faults/plan"
)

// What is generated keeps to the policy: a stall under it is a bug.
func TestPlansAreRecoverable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shape()
		cluster := plan.Cluster{
			TaskManagers: s.TaskManagers, JobManagers: s.JobManagers, SlotsEach: 2, SlotsNeeded: 4, Restarts: -1,
			HeartbeatTimeoutNanos: s.HeartbeatTimeoutNanos, RecordSurvives: true, StateSurvives: true,
		}
		p := generate.Plan(rapidChoice{t}, s, anyProfile(t))
		require.NoError(t, plan.Recoverable(p, cluster), "%s", p)
	})
}
