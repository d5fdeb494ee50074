package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// persisterChannel is an input channel with its persister, and what the recording of the
// checkpoint at hand must be.
type persisterChannel struct {
	persister         ChannelStatePersister
	id                CheckpointID
	sequence, barrier int64 // barrier: its sequence number, once it has arrived
	queued            []int64
	started           bool
	want, recorded    []int64
}

func (c *persisterChannel) begin(id CheckpointID) {
	c.id, c.barrier, c.started = id, 0, false
	c.want, c.recorded = nil, nil
}

func (c *persisterChannel) data(t *rapid.T) {
	c.sequence++
	c.queued = append(c.queued, c.sequence)
	if at, persist := c.persister.ShouldPersist(); persist {
		require.Equal(t, c.id, at)
		c.recorded = append(c.recorded, c.sequence)
	}
	if c.started && c.barrier == 0 {
		c.want = append(c.want, c.sequence)
	}
}

func (c *persisterChannel) arrive() {
	if c.barrier == 0 {
		c.sequence++
		c.barrier = c.sequence
		c.persister.OnBarrier(c.id, c.sequence)
	}
}

func (c *persisterChannel) start(t *rapid.T) {
	if c.started {
		return
	}
	c.started = true
	queued, ok := c.persister.Start(c.id)
	require.True(t, ok)
	require.True(t, queued.HalfRead)
	for _, sequence := range c.queued {
		if sequence < queued.BeforeSequence {
			c.recorded = append(c.recorded, sequence)
		}
		if c.barrier == 0 || sequence < c.barrier {
			c.want = append(c.want, sequence)
		}
	}
}

// stop ends the checkpoint. One that is given up meets its barrier later, which must
// mean nothing.
func (c *persisterChannel) stop(t *rapid.T) {
	require.Equal(t, c.want, c.recorded, "checkpoint %d", c.id)
	c.persister.Stop(c.id)
	_, persist := c.persister.ShouldPersist()
	require.False(t, persist)
	c.arrive()
}

// TestPersisterRecordsExactlyWhatIsAheadOfTheBarrier plays a channel over several
// checkpoints: data and barriers arrive, the task consumes, starts and stops.
func TestPersisterRecordsExactlyWhatIsAheadOfTheBarrier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c persisterChannel
		step := rapid.SampledFrom([]string{"data", "data", "consume", "barrier", "start"})
		for id := CheckpointID(1); id <= 4; id++ {
			c.begin(id)
			for range rapid.IntRange(0, 12).Draw(t, "steps") {
				switch step.Draw(t, "step") {
				case "data":
					c.data(t)
				case "consume":
					c.queued = c.queued[min(1, len(c.queued)):]
				case "barrier":
					c.arrive()
				case "start":
					c.start(t)
				}
			}
			c.stop(t)
		}
	})
}

func TestBarrierArrivedTellsWhatCanBePrioritized(t *testing.T) {
	var p ChannelStatePersister
	require.False(t, p.BarrierArrived(1))
	p.OnBarrier(1, 4)
	require.True(t, p.BarrierArrived(1))
	require.False(t, p.BarrierArrived(2))
	p.Stop(1)
	require.False(t, p.BarrierArrived(1))
}

func TestSubpartitionBarrierIdsMustAscend(t *testing.T) {
	var s SubpartitionBarrier
	b := Options(HybridOut, CheckpointRequest{ID: 3, AlignedTimeoutNanos: 10})
	s.Append(b, true)
	require.PanicsWithValue(t, "protocol: barrier of checkpoint 3 emitted after that of 3",
		func() { s.Append(b, true) })
}
