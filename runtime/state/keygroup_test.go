package state_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/state"
)

// The groups were computed by an independent transcription of Flink's Java code.
func TestKeyGroupIsThatOfFlinkForLongKeys(t *testing.T) {
	for _, known := range []struct {
		key   uint64
		group int
	}{
		{0, 94}, {1, 86}, {2, 127}, {3, 113}, {42, 29}, {999, 69},
		{1 << 32, 86}, {1<<63 - 1, 108}, {0xdeadbeefcafebabe, 67},
	} {
		require.Equal(t, known.group, state.KeyGroup(known.key, 128), "key %d", known.key)
	}
}

func TestDerivedMaxParallelismIsThatOfFlink(t *testing.T) {
	for _, known := range []struct{ parallelism, max int }{
		{1, 128}, {85, 128}, {86, 256}, {171, 256}, {172, 512}, {20000, 32768}, {32768, 32768},
	} {
		require.Equal(t, known.max, state.DeriveMaxParallelism(known.parallelism), "%+v", known)
	}
}

// Sizes are what Flink 2.2.0 reported for a count by Long of keys 0..keys-1 (smallest and
// largest subtask): they depend on every key's group.
func TestStateSizesAreThoseThatFlinkMeasured(t *testing.T) {
	for _, measured := range []struct {
		keys                  uint64
		parallelism           int
		smallest, largestSize int64
	}{
		{1000, 1, 18643, 18643}, {1000, 2, 9333, 9673}, {1000, 6, 3140, 3711}, {1, 2, 1003, 1020},
	} {
		smallest, largest := int64(1<<62), int64(0)
		assignment := state.NewAssignment(measured.parallelism, 128)
		for subtask := range measured.parallelism {
			size := countState(subtask, measured.parallelism, measured.keys, &assignment).SizeBytes()
			smallest, largest = min(smallest, size), max(largest, size)
		}
		require.Equal(t, measured.smallest, smallest, "%+v", measured)
		require.Equal(t, measured.largestSize, largest, "%+v", measured)
	}
}

func countState(subtask, parallelism int, keys uint64, assignment *state.Assignment) *state.Backend {
	place := state.Place{Subtask: subtask, Parallelism: parallelism, MaxParallelism: 128}
	spec := state.Spec{Keyed: &state.KeyedSpec{Columns: 1, EntryBytes: 17}}
	backend := state.NewBackend(spec, place, new(state.Journal))
	for key := range keys {
		if assignment.Subtask(key) == subtask {
			e, _ := backend.Keyed.At(key, 0)
			backend.Keyed.Add(e, 0, 1)
		}
	}
	return backend
}

func TestKeyGroupRangesPartitionTheGroupsAndAgreeWithTheAssignment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maximum := rapid.IntRange(1, 300).Draw(t, "max")
		parallelism := rapid.IntRange(1, maximum).Draw(t, "parallelism")
		next := 0
		for subtask := range parallelism {
			r := state.RangeOf(subtask, parallelism, maximum)
			require.Equal(t, next, r.First)
			require.Positive(t, r.Groups())
			next = r.Last + 1
		}
		require.Equal(t, maximum, next)
		assignment := state.NewAssignment(parallelism, maximum)
		key := rapid.Uint64().Draw(t, "key")
		own := state.RangeOf(assignment.Subtask(key), parallelism, maximum)
		require.True(t, own.Contains(state.KeyGroup(key, maximum)))
	})
}

func TestAssignmentRefusesImpossibleParallelism(t *testing.T) {
	require.PanicsWithValue(t, "state: parallelism 3 with maximum parallelism 2", func() {
		state.NewAssignment(3, 2)
	})
	require.Panics(t, func() { state.NewAssignment(1, 40000) })
}
