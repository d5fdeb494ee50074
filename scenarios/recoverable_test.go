package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/plan"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// byLuck are scenarios that pass although their plan could take away what is needed: what
// they lose is not asked for before there is something newer.
var byLuck = map[string]string{
	"recover-lost-unsynced": "may lose a completed checkpoint that is not synced",
}

// A scenario whose plan is recoverable expects no failure, and one that expects a failure has
// a plan that is not.
func TestThePolicyAndTheLibraryAgreeOnWhatCanBeSurvived(t *testing.T) {
	for _, name := range library.Names() {
		text, err := library.Read(name)
		require.NoError(t, err)
		s, err := config.Load(name+".yaml", text, config.NoFiles{})
		require.NoError(t, err)
		err = plan.Recoverable(s.Faults, s.FaultCluster())
		switch reason := byLuck[name]; {
		case reason != "":
			require.ErrorContains(t, err, reason, name)
		case strings.HasPrefix(name, "recover-"):
			require.NoError(t, err, name)
		case s.Expect.Verdict == result.Failed && len(s.Faults) > 0:
			require.Error(t, err, name)
		}
	}
}
