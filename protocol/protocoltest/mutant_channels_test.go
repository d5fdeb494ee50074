package protocoltest

import (
	"testing"

	"simrun/protocol"
)

// halfReadLoser forgets the record that was read in part.
type halfReadLoser struct{ protocol.ChannelStatePersister }

func (h *halfReadLoser) Start(id protocol.CheckpointID) (protocol.QueuedData, bool) {
	queued, ok := h.ChannelStatePersister.Start(id)
	queued.HalfRead = false
	return queued, ok
}

// postBarrierPersister takes a barrier that arrived before the start for pending
// (FLINK-20097): it records data from behind the barrier.
type postBarrierPersister struct {
	protocol.ChannelStatePersister
	started protocol.CheckpointID
}

func (p *postBarrierPersister) Start(id protocol.CheckpointID) (protocol.QueuedData, bool) {
	queued, ok := p.ChannelStatePersister.Start(id)
	p.started = id
	return queued, ok
}

func (p *postBarrierPersister) ShouldPersist() (protocol.CheckpointID, bool) {
	return p.started, p.started != protocol.NoCheckpoint
}

func (p *postBarrierPersister) Stop(id protocol.CheckpointID) {
	p.ChannelStatePersister.Stop(id)
	p.started = protocol.NoCheckpoint
}

// wholeQueuePersister ignores where the barrier arrived.
type wholeQueuePersister struct{ protocol.ChannelStatePersister }

func (p *wholeQueuePersister) Start(id protocol.CheckpointID) (protocol.QueuedData, bool) {
	queued, ok := p.ChannelStatePersister.Start(id)
	queued.BeforeSequence = protocol.EverySequence
	return queued, ok
}

// silentChannel records nothing: what FLINK-18139 did to all gates but the first.
type silentChannel struct{}

func (silentChannel) Start(protocol.CheckpointID) (protocol.QueuedData, bool) {
	return protocol.QueuedData{}, true
}
func (silentChannel) OnBarrier(protocol.CheckpointID, int64) {}
func (silentChannel) ShouldPersist() (protocol.CheckpointID, bool) {
	return protocol.NoCheckpoint, false
}
func (silentChannel) Stop(protocol.CheckpointID) {}

// obsoleteBarrierAcceptor is the persister of Flink 1.12.0 (FLINK-20645): a barrier of a
// completed checkpoint counts as received, and then the next checkpoint is not started.
type obsoleteBarrierAcceptor struct {
	lastSeen, arrived protocol.CheckpointID
	sequence          int64
	pending, received bool
}

func (o *obsoleteBarrierAcceptor) Start(id protocol.CheckpointID) (protocol.QueuedData, bool) {
	if o.received && o.lastSeen > id {
		return protocol.QueuedData{}, false
	}
	queued := protocol.QueuedData{HalfRead: true, BeforeSequence: protocol.EverySequence}
	if o.arrived == id {
		queued.BeforeSequence = o.sequence
	}
	if !o.received && o.lastSeen < id {
		o.pending, o.lastSeen = true, id
	}
	return queued, true
}

func (o *obsoleteBarrierAcceptor) OnBarrier(id protocol.CheckpointID, sequence int64) {
	if id >= o.lastSeen {
		o.pending, o.received, o.lastSeen = false, true, id
		o.arrived, o.sequence = id, sequence
	}
}

func (o *obsoleteBarrierAcceptor) ShouldPersist() (protocol.CheckpointID, bool) {
	return o.lastSeen, o.pending
}

func (o *obsoleteBarrierAcceptor) Stop(id protocol.CheckpointID) {
	if id >= o.lastSeen {
		o.pending, o.received, o.lastSeen = false, false, id
	}
}

// outputDropper loses what a barrier overtakes in the sender's queue.
type outputDropper struct{ protocol.SubpartitionBarrier }

func (o *outputDropper) Append(b protocol.Barrier, canTimeOut bool) protocol.SubpartitionDecision {
	return dropCapture(o.SubpartitionBarrier.Append(b, canTimeOut))
}

// conversionDropper loses it only when a queued barrier is converted.
type conversionDropper struct{ protocol.SubpartitionBarrier }

func (o *conversionDropper) Timeout(id protocol.CheckpointID) protocol.SubpartitionDecision {
	return dropCapture(o.SubpartitionBarrier.Timeout(id))
}

func dropCapture(d protocol.SubpartitionDecision) protocol.SubpartitionDecision {
	d.Capture = protocol.CaptureNothing
	return d
}

// inLineOvertaker records what it says it overtakes, and then stays behind it.
type inLineOvertaker struct{ protocol.SubpartitionBarrier }

func (o *inLineOvertaker) Append(b protocol.Barrier, canTimeOut bool) protocol.SubpartitionDecision {
	d := o.SubpartitionBarrier.Append(b, canTimeOut)
	d.Place = protocol.PlaceLast
	return d
}

// savepointOvertaker jumps the queue without recording, as FLINK-18252 did.
type savepointOvertaker struct{ protocol.SubpartitionBarrier }

func (o *savepointOvertaker) Append(b protocol.Barrier, canTimeOut bool) protocol.SubpartitionDecision {
	d := o.SubpartitionBarrier.Append(b, canTimeOut)
	if b.Savepoint {
		d.Place = protocol.PlaceFirst
	}
	return d
}

func TestKitFailsWrongChannels(t *testing.T) {
	inputs := func(channel func() InputChannel) func(protocol.TaskID, protocol.ChannelIndex) InputChannel {
		return func(protocol.TaskID, protocol.ChannelIndex) InputChannel { return channel() }
	}
	outputs := func(channel func() OutputChannel) func(protocol.TaskID, protocol.ChannelIndex) OutputChannel {
		return func(protocol.TaskID, protocol.ChannelIndex) OutputChannel { return channel() }
	}
	mutants := []struct {
		name string
		spec Spec
		want []Class
	}{
		{"loses the half-read record", Spec{Protocol: protocol.Unaligned,
			InputChannel: inputs(func() InputChannel { return new(halfReadLoser) })},
			[]Class{ClassTorn}},
		{"persists post-barrier data (FLINK-20097)", Spec{Protocol: protocol.ChandyLamport,
			InputChannel: inputs(func() InputChannel { return new(postBarrierPersister) })},
			[]Class{"duplicated"}},
		{"persists the queue behind the barrier", Spec{Protocol: protocol.ChandyLamport,
			InputChannel: inputs(func() InputChannel { return new(wholeQueuePersister) })},
			[]Class{"duplicated"}},
		{"persists the first gate only (FLINK-18139)", Spec{Protocol: protocol.Unaligned,
			InputChannel: firstChannelOnly},
			[]Class{"lost"}},
		{"accepts obsolete barriers (FLINK-20645)", Spec{Protocol: protocol.Unaligned, Runs: 1200,
			InputChannel: inputs(func() InputChannel { return new(obsoleteBarrierAcceptor) })},
			[]Class{"lost"}},
		{"drops overtaken output buffers", Spec{Protocol: protocol.Unaligned,
			OutputChannel: outputs(func() OutputChannel { return new(outputDropper) })},
			[]Class{"lost"}},
		{"drops output buffers at a conversion", Spec{Protocol: protocol.HybridOut,
			OutputChannel: outputs(func() OutputChannel { return new(conversionDropper) })},
			[]Class{"lost"}},
		{"records what it does not overtake", Spec{Protocol: protocol.Unaligned,
			OutputChannel: outputs(func() OutputChannel { return new(inLineOvertaker) })},
			[]Class{"duplicated"}},
		{"lets a savepoint overtake (FLINK-18252)", Spec{Protocol: protocol.Unaligned,
			OutputChannel: outputs(func() OutputChannel { return new(savepointOvertaker) })},
			[]Class{"lost"}},
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			m.spec.ExhaustiveRuns = 1000
			requireCaught(t, Check(machineOf(m.spec.Protocol), m.spec), m.want)
		})
	}
}

func firstChannelOnly(_ protocol.TaskID, ch protocol.ChannelIndex) InputChannel {
	if ch == 0 {
		return new(protocol.ChannelStatePersister)
	}
	return silentChannel{}
}
