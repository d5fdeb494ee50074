package theory_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/scenarios/result"
)

const (
	millisecond = int64(1_000_000)
	second      = 1000 * millisecond
)

// worked is the example of reference protocols.md 5.3: k = 3, p = 100, 208 + 208 buffers of
// 32 KiB a subtask and exchange, D = 1 MB/s a sink subtask, B = 1 GB/s.
func worked() *result.Pipeline {
	exchange := result.Exchange{
		Senders: 100, Receivers: 100, InputBuffers: 208, OutputBuffers: 208, SubpartitionBuffers: 208,
		SegmentBytes: 32 << 10, RecordBytes: 1000, LatencyNanos: millisecond, ResidualNanos: millisecond,
	}
	return &result.Pipeline{
		Exchanges:                  []result.Exchange{exchange, exchange, exchange},
		SinkServiceNanos:           millisecond,
		StorageLatencyNanos:        5 * millisecond,
		StorageTotalBytesPerSecond: 1_000_000_000,
	}
}

func TestWorkedExampleOfTheReference(t *testing.T) {
	p := worked()
	require.InEpsilon(t, 4.1e9, theory.VolumeBound(p), 0.01, "V <= 4.1 GB")
	c := &protocol.CheckpointStats{InFlightBytes: theory.VolumeBound(p), BottleneckNanos: 41 * second}
	require.InEpsilon(t, 4.1e9, theory.Predict(protocol.Unaligned, p, c).DurationNanos, 0.01)
	require.InEpsilon(t, 41e9, theory.Predict(protocol.Aligned, p, c).DurationNanos, 0.01)
}

// TestBoundIsNominalDrainForEvenPools: two exchanges, p = 4, each channel with 2 buffers on
// either side (pools of 8), 16 records a buffer, 1 ms: k p N s = 2*4*64*1 ms = 512 ms.
func TestBoundIsNominalDrainForEvenPools(t *testing.T) {
	exchange := result.Exchange{
		Senders: 4, Receivers: 4, InputBuffers: 8, OutputBuffers: 8, SubpartitionBuffers: 2,
		SegmentBytes: 1600, RecordBytes: 100,
	}
	p := &result.Pipeline{Exchanges: []result.Exchange{exchange, exchange}, SinkServiceNanos: millisecond}
	require.Equal(t, 512*millisecond, theory.NominalDrain(2, 4, 64, millisecond))
	require.Equal(t, 512*millisecond, theory.Bound(p))
}

// TestBoundGrowsWithSkew: a sink that gets half of what is in the first exchange can have
// twice its even share (of 4) there: (2+1) * 256 ms.
func TestBoundGrowsWithSkew(t *testing.T) {
	exchange := result.Exchange{
		Senders: 4, Receivers: 4, InputBuffers: 8, OutputBuffers: 8, SubpartitionBuffers: 2,
		SegmentBytes: 1600, RecordBytes: 100, BottleneckPermille: 500,
	}
	p := &result.Pipeline{Exchanges: []result.Exchange{exchange, exchange}, SinkServiceNanos: millisecond}
	require.Equal(t, 768*millisecond, theory.Bound(p))
}

func TestAlignedIsTriggerPlusDrainPlusStoreByHand(t *testing.T) {
	p := worked()
	p.TriggerNanos, p.AckNanos, p.SyncNanos = 1*millisecond, 2*millisecond, 3*millisecond
	p.StorageWriterBytesPerSecond = 100_000_000
	c := &protocol.CheckpointStats{
		BottleneckNanos: 700 * millisecond,
		Subtasks: []protocol.SubtaskStats{
			{CheckpointedBytes: 40_000_000}, {CheckpointedBytes: 10_000_000},
		},
	}
	// 1 trigger + 3 hops of 1 + 700 drain + 3 sync + 5 latency + max(40 MB at 100 MB/s = 400,
	// 50 MB at 1 GB/s = 50) + 2 ack.
	require.Equal(t, 1114*millisecond, theory.Predict(protocol.Aligned, p, c).DurationNanos)
}

func TestUnalignedIsTravelPlusStoreByHand(t *testing.T) {
	p := worked()
	c := &protocol.CheckpointStats{InFlightBytes: 300_000_000, BottleneckNanos: 9 * second}
	got := theory.Predict(protocol.Unaligned, p, c)
	// 3 hops of 1 + 1, 5 latency, 300 MB at 1 GB/s.
	require.Equal(t, 311*millisecond, got.DurationNanos)
	require.Equal(t, int64(300_000_000), got.PersistedBytes)
}

// TestSmallPartsTravelWithTheAcknowledgement: parts of 20 KB and less cost no store; two
// exchanges of 2 receivers make 80 KB of in-flight data four parts of 20 KB.
func TestSmallPartsTravelWithTheAcknowledgement(t *testing.T) {
	exchange := result.Exchange{Senders: 2, Receivers: 2, LatencyNanos: millisecond}
	p := &result.Pipeline{
		Exchanges:           []result.Exchange{exchange, exchange},
		StorageLatencyNanos: 5 * millisecond, InlineBytes: 20_000,
	}
	c := &protocol.CheckpointStats{
		InFlightBytes: 80_000, Subtasks: []protocol.SubtaskStats{{CheckpointedBytes: 20_000}},
	}
	require.Equal(t, 2*millisecond, theory.Predict(protocol.Unaligned, p, c).DurationNanos)
	require.Equal(t, 2*millisecond, theory.Predict(protocol.Aligned, p, c).DurationNanos)
	c.InFlightBytes += 4
	require.Equal(t, 7*millisecond, theory.Predict(protocol.Unaligned, p, c).DurationNanos)
	c.Subtasks[0].CheckpointedBytes++
	require.Equal(t, 7*millisecond, theory.Predict(protocol.Aligned, p, c).DurationNanos)
}

func TestHybridOutWaitsThenStoresTheRest(t *testing.T) {
	p := worked()
	p.AlignedTimeoutNanos = 3 * second
	c := &protocol.CheckpointStats{InFlightBytes: 900_000_000, BottleneckNanos: 9 * second}
	got := theory.Predict(protocol.HybridOut, p, c)
	// A third has drained: 600 MB are left.
	require.Equal(t, int64(600_000_000), got.PersistedBytes)
	require.Equal(t, 3*second+(6+5+600)*millisecond, got.DurationNanos)
}

func TestHybridThatNeedNotSwitchIsAligned(t *testing.T) {
	p := worked()
	p.AlignedTimeoutNanos = 3 * second
	c := &protocol.CheckpointStats{InFlightBytes: 900_000, BottleneckNanos: 3 * second}
	aligned, hybrid := theory.Predict(protocol.Aligned, p, c), theory.Predict(protocol.HybridOut, p, c)
	require.Equal(t, aligned.DurationNanos, hybrid.DurationNanos)
	require.Zero(t, hybrid.PersistedBytes)
	// 3 s, 6 ms of travel, 5 ms and 4.09 GB to the store.
	require.InEpsilon(t, 7.1e9, hybrid.BoundNanos, 0.01)
}

// TestHybridInFirstWaitsForOutputBuffers: with three exchanges and equal pools, a sixth of the
// buffers are the sources', and so is a sixth of the drain.
func TestHybridInFirstWaitsForOutputBuffers(t *testing.T) {
	p := worked()
	c := &protocol.CheckpointStats{InFlightBytes: 900_000_000, BottleneckNanos: 9 * second}
	got := theory.Predict(protocol.HybridIn, p, c)
	require.Equal(t, int64(750_000_000), got.PersistedBytes)
	require.Equal(t, (1500+6+5+750)*millisecond, got.DurationNanos)
}

// TestNotBlockingIsSlowerUnderSkew has the numbers of reference protocols.md 5.5.
func TestNotBlockingIsSlowerUnderSkew(t *testing.T) {
	require.Equal(t, 160*millisecond, theory.AtLeastOnceDrain([]int64{40, 10, 10, 10}, millisecond))
	require.Equal(t, 320*millisecond, theory.AtLeastOnceDrain([]int64{80, 0, 0, 0}, millisecond))
}

func TestCrossoverDependsOnStoreAgainstPipeline(t *testing.T) {
	require.True(t, theory.UnalignedPays(1000, 999))
	require.False(t, theory.UnalignedPays(1000, 1000))
	// c = 1 s, Θ = 1 MB/s, B = 5 MB/s: V > 1 * 1 * 5/4 MB.
	require.Equal(t, int64(1_250_000), theory.CrossoverBytes(5_000_000, 1_000_000, second))
	require.Equal(t, int64(-1), theory.CrossoverBytes(1_000_000, 1_000_000, second))
}

// TestAtCrossoverVolumeBothTakeTheSame: V/Θ = c + V/B.
func TestAtCrossoverVolumeBothTakeTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		theta := rapid.Int64Range(1000, 1_000_000).Draw(t, "pipeline")
		b := theta + rapid.Int64Range(1000, 1_000_000).Draw(t, "faster by")
		fixed := rapid.Int64Range(millisecond, second).Draw(t, "fixed")
		v := float64(theory.CrossoverBytes(b, theta, fixed))
		require.InDelta(t, v/float64(theta), float64(fixed)/1e9+v/float64(b), 1.01/float64(theta))
	})
}

func TestLittleIsNeverAboveDrain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 8).Draw(t, "records by sink")
		service := rapid.Int64Range(1, millisecond).Draw(t, "service")
		var all int64
		bySink := make([]int64, len(records))
		for i, n := range records {
			all += n
			bySink[i] = n * service
		}
		require.LessOrEqual(t, theory.DrainByLittle(all, int64(len(records)), service), theory.Drain(bySink))
	})
}

func TestOneSlowSinkSetsThePace(t *testing.T) {
	require.Equal(t, 400.0, theory.StragglerRate(4, 10*millisecond))
}

// TestCommitWaitsHalfAnIntervalByHand: I = 10 s, T = 2 s, d = 0.1 s.
func TestCommitWaitsHalfAnIntervalByHand(t *testing.T) {
	require.InDelta(t, 7.1, theory.CommitMeanNanos(10, 2, 0.1), 1e-9)
	require.InDelta(t, 12.1, theory.CommitMaxNanos(10, 2, 0.1), 1e-9)
}

func TestFormsThatDoNotApplyAreZero(t *testing.T) {
	c := &protocol.CheckpointStats{InFlightBytes: 1, BottleneckNanos: 1}
	require.Zero(t, theory.Predict(protocol.Aligned, nil, c))
	require.Zero(t, theory.Predict(protocol.None, worked(), c))
	require.Zero(t, theory.Predict(protocol.AtLeastOnce, worked(), c).DurationNanos)
	require.Positive(t, theory.Predict(protocol.AtLeastOnce, worked(), c).BoundNanos)
}
