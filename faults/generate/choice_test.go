package generate_test

import (
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

func TestAChoiceBetweenNothingPanics(t *testing.T) {
	require.Panics(t, func() { generate.NewSeed(1).Choose(0) })
	require.Panics(t, func() { generate.NewBytes(nil).Choose(0) })
}
