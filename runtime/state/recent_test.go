package state_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/state"
)

func TestWhatIsRememberedOfAKeyIsItsSubtask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parallelism := rapid.IntRange(1, 200).Draw(t, "parallelism")
		assignment := state.NewAssignment(parallelism, rapid.IntRange(parallelism, 32768).Draw(t, "groups"))
		recent := state.NewRecent(assignment)
		key := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 5000), rapid.Uint64Range(1<<48-2, 1<<48+2))
		for _, key := range rapid.SliceOf(key).Draw(t, "keys") {
			for range 2 {
				require.Equal(t, assignment.Subtask(key), recent.Subtask(key), "key %d", key)
			}
		}
	})
}
