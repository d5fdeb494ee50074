package task

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHistogramKnowsEveryQuantileToItsPrecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 63).Draw(t, "bits")
		all := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64>>(63-bits)), 1, 200).Draw(t, "nanos")
		var h Histogram
		for _, nanos := range all {
			h.Add(nanos)
		}
		slices.Sort(all)
		require.EqualValues(t, len(all), h.Count())
		require.Equal(t, all[len(all)-1], h.Max())
		permille := rapid.Int64Range(1, 1000).Draw(t, "permille")
		exact := all[(int64(len(all))*permille+999)/1000-1]
		got := h.PermilleNanos(permille)
		require.GreaterOrEqual(t, got, exact)
		require.LessOrEqual(t, got-exact, exact/subBuckets)
		require.LessOrEqual(t, got, h.Max())
	})
}

func TestEveryDurationFallsIntoTheBucketThatHoldsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(0, math.MaxInt64).Draw(t, "nanos") >> rapid.IntRange(0, 62).Draw(t, "shift")
		bucket := bucketOf(v)
		require.GreaterOrEqual(t, upperOf(bucket), v)
		if bucket > 0 {
			require.Less(t, upperOf(bucket-1), v)
		}
		require.Less(t, bucket, (64-subBucketBits)*subBuckets)
	})
}

func TestEmptyHistogramIsZeroAndNegativeDurationsCountAsZero(t *testing.T) {
	var h Histogram
	require.Zero(t, h.PermilleNanos(500))
	h.Add(-5)
	require.EqualValues(t, 1, h.Count())
	require.Zero(t, h.PermilleNanos(1000))
	require.Zero(t, h.Max())
}
