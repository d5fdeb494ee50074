package generate_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/generate"
)

func TestChoicesAreInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		choices := []generate.Choice{
			generate.NewSeed(rapid.Uint64().Draw(t, "seed")),
			generate.NewBytes(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")),
		}
		for _, c := range choices {
			for range 20 {
				n := rapid.Uint64Min(1).Draw(t, "n")
				require.Less(t, c.Choose(n), n)
			}
		}
	})
}

func TestASeedDecidesTheSameEveryTime(t *testing.T) {
	a, b, other := generate.NewSeed(1), generate.NewSeed(1), generate.NewSeed(2)
	differ := false
	for range 100 {
		x := a.Choose(1000)
		require.Equal(t, x, b.Choose(1000))
		differ = differ || x != other.Choose(1000)
	}
	require.True(t, differ)
}

func TestASeedReachesEveryAlternative(t *testing.T) {
	c, seen := generate.NewSeed(3), map[uint64]bool{}
	for range 200 {
		seen[c.Choose(7)] = true
	}
	require.Len(t, seen, 7)
}

func TestBytesAreUsedUpThenTheSimplestIsChosen(t *testing.T) {
	c := generate.NewBytes([]byte{5, 1, 0, 9})
	require.Equal(t, uint64(5), c.Choose(10))
	require.Equal(t, uint64(256), c.Choose(1000))
	require.Equal(t, uint64(0), c.Choose(1), "no choice costs no byte")
	require.Equal(t, uint64(9), c.Choose(10))
	require.Equal(t, uint64(0), c.Choose(10))
}

// What comes behind a changed fault may depend on it: a plan has only so many restarts to use up.
func TestAChangedRecordChangesOneFault(t *testing.T) {
	const head, size = 64, 32
	profile, err := generate.FindProfile("crashes")
	require.NoError(t, err)
	seed, plans, alike := generate.NewSeed(1), 0, 0
	for range 500 {
		data := make([]byte, head+5*size)
		for i := range data {
			data[i] = byte(seed.Choose(256))
		}
		before := generate.Plan(generate.NewRecords(data, head, size), shape(), profile)
		for i := range size {
			data[head+size+i] ^= 0x55 // the second fault's record
		}
		after := generate.Plan(generate.NewRecords(data, head, size), shape(), profile)
		if len(before) < 3 || len(after) != len(before) {
			continue
		}
		require.Equal(t, before[0], after[0])
		plans++
		if slices.Equal(before[2:], after[2:]) {
			alike++
		}
	}
	require.Greater(t, plans, 20)
	require.Greater(t, alike*10, plans*7, "%d of %d", alike, plans)
}

func TestAUsedUpRecordDoesNotReachIntoTheNext(t *testing.T) {
	c := generate.NewRecords([]byte{1, 2, 3}, 1, 1)
	require.Equal(t, uint64(1), c.Choose(10))
	require.Equal(t, uint64(0), c.Choose(10))
	c.Next()
	require.Equal(t, uint64(2), c.Choose(10))
	c.Next()
	c.Next()
	require.Equal(t, uint64(0), c.Choose(10))
	require.Panics(t, func() { generate.NewRecords(nil, 0, 0) })
}

func TestAChoiceBetweenNothingPanics(t *testing.T) {
	require.Panics(t, func() { generate.NewSeed(1).Choose(0) })
	require.Panics(t, func() { generate.NewBytes(nil).Choose(0) })
}
