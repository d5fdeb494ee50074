package stats_test

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/report/stats"
)

// TestIntervalRanksCoverWhatTheyClaim counts, over all 2^n ways in which n values can fall
// below or above the true median, how often the interval encloses it.
func TestIntervalRanksCoverWhatTheyClaim(t *testing.T) {
	for n := 1; n <= 16; n++ {
		low, high, coverage := stats.IntervalRanks(n)
		require.InDelta(t, enclosed(n, low, high), coverage, 1e-12, "n=%d", n)
		if n < 6 {
			require.Equal(t, []int{1, n}, []int{low, high}, "n=%d", n)
			continue
		}
		require.GreaterOrEqual(t, coverage, 0.95, "n=%d", n)
		if low+1 < high-1 {
			require.Less(t, enclosed(n, low+1, high-1), 0.95, "n=%d: a narrower interval would do", n)
		}
	}
}

func enclosed(n, low, high int) float64 {
	hits := 0
	for fall := range 1 << n {
		below := bits.OnesCount(uint(fall))
		if below >= low && below < high {
			hits++
		}
	}
	return float64(hits) / float64(int(1)<<n)
}

func TestIntervalRanksMatchPublishedTable(t *testing.T) {
	// Conover, Practical Nonparametric Statistics, table A3 with p = 1/2.
	for _, want := range []struct{ n, low, high int }{
		{5, 1, 5}, {6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {10, 2, 9}, {20, 6, 15}, {30, 10, 21}, {100, 40, 61},
	} {
		low, high, _ := stats.IntervalRanks(want.n)
		require.Equal(t, want, struct{ n, low, high int }{want.n, low, high})
	}
}

// TestMedianOfCutValuesEnclosesEveryCompletion draws what cut values might have been, had
// one waited, and holds that the median of those lies between the two ends, and that both
// ends can be met.
func TestMedianOfCutValuesEnclosesEveryCompletion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cut := rapid.SliceOfN(rapid.Bool(), 1, 9).Draw(t, "cut")
		values := make([]stats.Value, len(cut))
		truth := make([]float64, len(cut))
		atOnce := make([]float64, len(cut))
		for i := range cut {
			x := float64(rapid.IntRange(0, 20).Draw(t, "x"))
			values[i], truth[i], atOnce[i] = stats.Exact(x), x, x
			if cut[i] {
				values[i] = stats.AtLeast(x)
				truth[i] += float64(rapid.IntRange(0, 20).Draw(t, "more"))
			}
		}
		got := stats.Median(values)
		require.LessOrEqual(t, got.Low, plainMedian(truth))
		require.GreaterOrEqual(t, got.High, plainMedian(truth))
		require.Equal(t, plainMedian(atOnce), got.Low)
	})
}

func plainMedian(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return (xs[(len(xs)-1)/2] + xs[len(xs)/2]) / 2
}

func TestEstimateDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.IntRange(0, 1000), 1, 30).Draw(t, "xs")
		values := make([]stats.Value, len(xs))
		for i, x := range xs {
			values[i] = stats.Exact(float64(x))
		}
		shuffled := rapid.Permutation(values).Draw(t, "shuffled")
		got := stats.NewEstimate(values)
		require.Equal(t, got, stats.NewEstimate(shuffled))
		require.True(t, got.Low.Low <= got.Median.Low && got.Median.High <= got.High.High)
	})
}

func TestExpiredMajorityMakesMedianALowerBound(t *testing.T) {
	got := stats.NewEstimate([]stats.Value{
		stats.Exact(41), stats.AtLeast(60), stats.Exact(55), stats.AtLeast(60), stats.AtLeast(60),
	})
	require.True(t, got.Median.IsAtLeast())
	require.Equal(t, 60.0, got.Median.Low)
	require.True(t, got.Low.IsExact())
	require.Equal(t, 41.0, got.Low.Low)
	require.Equal(t, 0.9375, got.Coverage)
}

func TestExpiredMinorityLeavesMedianExact(t *testing.T) {
	got := stats.NewEstimate([]stats.Value{stats.Exact(41), stats.AtLeast(60), stats.Exact(55)})
	require.Equal(t, stats.Exact(55), got.Median)
	require.True(t, got.High.IsAtLeast())
}

func TestRatioAgainstCutValueIsABound(t *testing.T) {
	require.Equal(t, stats.Exact(4), stats.Exact(8).Over(stats.Exact(2)))
	require.Equal(t, stats.AtLeast(30), stats.AtLeast(60).Over(stats.Exact(2)))
	require.Equal(t, stats.Value{Low: 0, High: 0.5}, stats.Exact(30).Over(stats.AtLeast(60)))
	require.True(t, stats.AtLeast(60).Over(stats.AtLeast(60)).IsUnknown())
	require.True(t, stats.Exact(0).Over(stats.Exact(0)).IsUnknown())
	require.True(t, stats.Exact(60).Over(stats.Exact(0)).IsUnknown())
	require.Equal(t, stats.AtLeast(30), stats.Exact(60).Over(stats.Value{Low: 0, High: 2}))
	require.Equal(t, stats.Value{Low: math.Inf(-1), High: -30}, stats.Exact(30).Minus(stats.AtLeast(60)))
}

func TestMedianOfNothingPanics(t *testing.T) {
	require.Panics(t, func() { stats.Median(nil) })
	require.Zero(t, stats.NewEstimate(nil))
}
