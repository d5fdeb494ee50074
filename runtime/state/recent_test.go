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
		groups := rapid.IntRange(parallelism, 32768).Draw(t, "groups")
		assignment, recent := state.NewAssignment(parallelism, groups), state.NewRecent(parallelism, groups)
		key := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 5000), rapid.Uint64Range(1<<48-2, 1<<48+2))
		for _, key := range rapid.SliceOf(key).Draw(t, "keys") {
			for range 2 {
				require.Equal(t, assignment.Subtask(key), recent.Subtask(key), "key %d", key)
			}
		}
	})
}

func TestExchangesOfOneSizeShareTheirAssignment(t *testing.T) {
	var a state.Assignments
	first := a.Of(2, 128)
	require.Same(t, first, a.Of(2, 128))
	for groups := 129; groups < 200; groups++ {
		require.Equal(t, state.KeyGroup(7, groups)*3/groups, a.Of(3, groups).Subtask(7))
		require.NotSame(t, first, a.Of(3, groups))
	}
	require.Equal(t, first.Subtask(7), a.Of(2, 128).Subtask(7))
}
