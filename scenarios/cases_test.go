package scenarios_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/result"
)

// Each file of testdata/cases is what a campaign found, made small: a bug of the code or a
// false alarm of a checker, mended since.
func TestCasesThatFailedOnceAreHealthy(t *testing.T) {
	paths, err := filepath.Glob("testdata/cases/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			c, err := scenarios.LoadCase(path)
			require.NoError(t, err)
			require.NotContains(t, []result.Verdict{result.OK, result.Vacuous}, c.Verdict, "it never failed")
			r, err := scenarios.Replay(c, scenarios.RunOptions{})
			require.NoError(t, err)
			require.NotEqual(t, scenarios.PathNondeterministic, r.Path)
			require.Contains(t, []result.Verdict{result.OK, result.Vacuous}, r.Outcome.Verdict,
				"%v %s", r.Outcome.Violations, r.Outcome.StuckReason)
		})
	}
}
