package sim

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// serveAll adds jobs of the given work one second apart and returns when each ends.
func serveAll(f *fluid, works []int64) map[int32]int64 {
	ended := map[int32]int64{}
	now := int64(0)
	for next := 0; next < len(works) || len(f.heap) > 0; {
		end := int64(maxNanos)
		if len(f.heap) > 0 {
			end = f.timeOf(f.heap[0].finish)
		}
		if arrival := int64(next) * 1_000_000_000; next < len(works) && arrival <= end {
			now = arrival
			f.sync(now)
			id := int32(next)
			f.add(now, fluidJob{f.service(now) + works[next]<<fractionBits, 0, uint64(id), id})
			next++
			continue
		}
		now = end
		f.sync(now)
		job := f.heap[0]
		f.remove(now, job.id)
		ended[job.id] = now
	}
	return ended
}

// Service is counted from where it was last rebased, so a resource that is busy for years
// does not overflow, and rebasing changes no end.
func TestServiceGoesOnAfterItWasRebased(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		works := rapid.SliceOfN(rapid.Int64Range(1, 3_000_000_000), 1, 20).Draw(t, "works")
		total := rapid.Uint64Range(1, 4).Draw(t, "total")
		plain := fluid{limit: 1, total: total, den: 1}
		late := fluid{limit: 1, total: total, den: 1, attained: rebaseAt - int64(len(works)/2)<<fractionBits*500_000_000}
		want := serveAll(&plain, works)
		require.Equal(t, want, serveAll(&late, works))
	})
}

func TestAResourceWithoutRateServesNothing(t *testing.T) {
	f := fluid{limit: 1, total: 1, den: 1}
	f.add(0, fluidJob{finish: 100 << fractionBits})
	f.setRates(40, 0, 0)
	require.EqualValues(t, 40<<fractionBits, f.service(1000))
	require.EqualValues(t, int64(maxNanos), f.timeOf(100<<fractionBits))
	f.setRates(1000, 1, 1)
	require.EqualValues(t, 1060, f.timeOf(100<<fractionBits))
}
