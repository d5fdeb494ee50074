package scenarios_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// seedsVariable says how many seeds every library scenario is run with: few in an ordinary
// test run, more in the fuzz step of .ci/run.
const seedsVariable = "SIMRUN_SEEDS"

// TestLibraryHoldsOnOtherSeeds holds what a scenario's file expects in other universes than
// that of its default seed. A run there may miss a mark, since what strikes when depends on
// the seed, but only in the lesser part of the universes, and what it did reach must hold.
func TestLibraryHoldsOnOtherSeeds(t *testing.T) {
	count := uint64(2)
	if text := os.Getenv(seedsVariable); text != "" {
		parsed, err := strconv.ParseUint(text, 10, 32)
		require.NoError(t, err)
		count = parsed
	}
	for _, name := range library.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := load(t, name)
			vacuous := uint64(0)
			for seed := range count {
				o, err := s.RunWith(seed+1, scenarios.RunOptions{})
				require.NoError(t, err)
				if o.Verdict == result.Vacuous {
					vacuous++
					continue
				}
				require.True(t, s.Expected(o), "seed %d: verdict %s, missing %v, violations %v, stuck %s",
					seed+1, o.Verdict, o.Missing, o.Violations, o.StuckReason)
			}
			require.Less(t, 2*vacuous, count, "most universes miss a mark")
		})
	}
}
