package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCoordinatorStampsBarriersByProtocol(t *testing.T) {
	for _, c := range []struct {
		name      Name
		timeout   int64
		savepoint bool
		want      string
	}{
		{Aligned, 0, false, "id=4 alignment=aligned trigger-nanos=9"},
		{Aligned, 50, false, "id=4 alignment=aligned trigger-nanos=9"},
		{AtLeastOnce, 50, false, "id=4 alignment=at-least-once trigger-nanos=9"},
		{AtLeastOnce, 0, true, "id=4 alignment=at-least-once trigger-nanos=9 savepoint=1"},
		{ChandyLamport, 50, false, "id=4 alignment=inline trigger-nanos=9"},
		{ChandyLamport, 50, true, "id=4 alignment=aligned trigger-nanos=9 savepoint=1"},
		{Unaligned, 50, false, "id=4 alignment=unaligned trigger-nanos=9"},
		{Unaligned, 50, true, "id=4 alignment=aligned trigger-nanos=9 savepoint=1"},
		{HybridIn, 50, false, "id=4 alignment=aligned trigger-nanos=9 timeout-nanos=50"},
		{HybridOut, 50, false, "id=4 alignment=aligned trigger-nanos=9 timeout-nanos=50"},
		{HybridOut, 50, true, "id=4 alignment=aligned trigger-nanos=9 savepoint=1"},
		{HybridOut, 0, false, "id=4 alignment=unaligned trigger-nanos=9"},
	} {
		b := Options(c.name, CheckpointRequest{
			ID: 4, TriggerNanos: 9, AlignedTimeoutNanos: c.timeout, Savepoint: c.savepoint,
		})
		require.Equal(t, c.want, b.String(), "%s timeout=%d savepoint=%v", c.name, c.timeout, c.savepoint)
		require.True(t, PolicyOf(c.name).accepts(b.Alignment))
	}
	require.Panics(t, func() { Options(None, CheckpointRequest{ID: 1}) })
	require.Panics(t, func() { Options(Aligned, CheckpointRequest{}) })
}

func TestUnsupportedEdgeForcesAlignmentAndTheNextEdgeUndoesIt(t *testing.T) {
	timeoutable := Options(HybridOut, CheckpointRequest{ID: 1, AlignedTimeoutNanos: 50})
	unaligned := Options(Unaligned, CheckpointRequest{ID: 1})
	for _, b := range []Barrier{timeoutable, unaligned} {
		forced := BarrierForEdge(b, false)
		require.Equal(t, AlignmentForcedAligned, forced.Alignment)
		require.False(t, forced.Timeoutable())
		require.True(t, forced.BlocksUpstream())
		require.Equal(t, forced, BarrierForEdge(forced, false))
		require.Equal(t, b, BarrierForEdge(forced, true))
		require.Equal(t, b, BarrierForEdge(b, true))
	}
	for _, name := range []Name{Aligned, AtLeastOnce, ChandyLamport} {
		b := Options(name, CheckpointRequest{ID: 1})
		require.Equal(t, b, BarrierForEdge(b, false))
		require.Equal(t, b, BarrierForEdge(b, true))
	}
}

func TestOnlyTrackingPromisesLessThanExactlyOnce(t *testing.T) {
	for _, name := range Names() {
		want := ContractExactlyOnce
		if name == AtLeastOnce {
			want = ContractAtLeastOnce
		}
		require.Equal(t, want, PolicyOf(name).Contract(), "%s", name)
		require.Equal(t, name == HybridOut, PolicyOf(name).OutputTimeout, "%s", name)
	}
}
