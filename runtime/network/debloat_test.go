package network

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/job"
)

func debloating(start int32) *job.Network {
	n := job.DefaultNetwork()
	n.Debloat, n.StartSegmentSizeBytes = true, start
	return &n
}

// The traces stand in Flink's BufferSizeEMA, written when it cut the fraction off at every
// step; it has kept it since, and so do we.
func TestDebloaterFollowsTheTraceOfTheReference(t *testing.T) {
	n := debloating(32768)
	n.DebloatThresholdPct = 0
	d := NewDebloater(n)
	require.EqualValues(t, 32768, d.Size())
	for _, published := range []int32{29647, 26823, 24268, 21956, 19864} {
		size, changed := d.Update(0, 1e9, 1)
		require.True(t, changed)
		require.InDelta(t, published, size, 3)
	}
	for _, published := range []int32{21755, 23826, 26095, 28580, 31301, 32768} {
		size, _ := d.Update(1<<40, 1e9, 1)
		require.InDelta(t, published, size, 10, "it starts a byte higher, and keeps fractions")
	}
}

// ema is Flink's BufferSizeEMA with BufferDebloater.skipUpdate, in floats as it is there.
type ema struct {
	n    *job.Network
	last float64
	said int
}

func (e *ema) update(total int64, buffers int32) (int, bool) {
	wanted := min(float64(total)/float64(max(buffers, 1)), 2*e.last)
	e.last += 2 / float64(e.n.DebloatSamples+1) * (wanted - e.last)
	smallest, largest := float64(e.n.MinSegmentSizeBytes), float64(e.n.SegmentSizeBytes)
	e.last = max(smallest, min(e.last, largest))
	size := int(math.Floor(e.last + 0.5))
	delta := int(float64(e.said) * float64(e.n.DebloatThresholdPct) / 100)
	inside := float64(size) > smallest && float64(size) < largest
	if size == e.said || inside && max(size-e.said, e.said-size) < delta {
		return e.said, false
	}
	e.said = size
	return size, true
}

func TestDebloaterAgreesWithFlinksFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.Int32Range(256, 32768).Draw(t, "start")
		d, e := NewDebloater(debloating(start)), &ema{n: debloating(start), last: float64(start), said: int(start)}
		for range rapid.IntRange(1, 40).Draw(t, "periods") {
			bytes := rapid.Int64Range(0, 1<<22).Draw(t, "bytes")
			buffers := rapid.Int32Range(0, 40).Draw(t, "buffers")
			size, changed := d.Update(bytes, 200e6, buffers)
			wanted, announced := e.update(bytes*5, buffers)
			if changed != announced { // a byte's rounding at the very threshold
				require.InDelta(t, e.last, float64(d.average)/fixed, 1)
				return
			}
			require.InDelta(t, wanted, size, 1)
		}
	})
}

func TestDebloaterGrowsFromItsStartSizeAndNotAtOnce(t *testing.T) {
	d := NewDebloater(debloating(1024))
	last := d.Size()
	for d.Size() < 32768 {
		size, _ := d.Update(1<<40, 1e9, 1)
		require.LessOrEqual(t, size, 2*last, "it grows at most twofold")
		last = max(size, last)
	}
	for range 200 {
		d.Update(0, 1e9, 1)
	}
	require.EqualValues(t, 256, d.Size())
}

func TestDebloaterKeepsQuietAboutSmallChangesAndIdleTime(t *testing.T) {
	d := NewDebloater(debloating(10000))
	size, changed := d.Update(20000, 1e9, 1)
	require.False(t, changed, "952 bytes more are less than a quarter")
	require.EqualValues(t, 10000, size)
	_, changed = d.Update(1<<40, 0, 1)
	require.False(t, changed, "no time, no throughput")
}

func TestMulDivIsExactAndStopsAtTheLargestNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a")
		b := rapid.Int64Range(0, math.MaxInt64).Draw(t, "b")
		c := rapid.Int64Range(1, math.MaxInt64).Draw(t, "c")
		exact := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		exact.Quo(exact, big.NewInt(c))
		wanted := int64(math.MaxInt64)
		if exact.IsInt64() {
			wanted = exact.Int64()
		}
		require.Equal(t, wanted, mulDiv(a, b, c))
	})
}
