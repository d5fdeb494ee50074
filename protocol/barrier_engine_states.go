package protocol

// handlerState is a state of Flink's BarrierHandlerState hierarchy, one constant a class
// (reference 2.4; the letters are its names and those of the state line in scripts).
type handlerState uint8

const (
	waitingForFirstBarrier                     handlerState = iota // A1
	collectingBarriers                                             // A2
	alternatingWaitingForFirstBarrier                              // B1
	alternatingCollectingBarriers                                  // B2
	alternatingWaitingForFirstBarrierUnaligned                     // C1
	alternatingCollectingBarriersUnaligned                         // C2
)

// String is "A1" to "C2".
func (s handlerState) String() string { return "A1A2B1B2C1C2"[2*s : 2*s+2] }

// announcementReceived: A ignores it, B remembers it, C converts that barrier at once.
func (e *BarrierEngine) announcementReceived(ch ChannelIndex, sequence int64) {
	switch e.state {
	case alternatingWaitingForFirstBarrier, alternatingCollectingBarriers:
		e.channels.announce(ch, sequence)
	case alternatingWaitingForFirstBarrierUnaligned, alternatingCollectingBarriersUnaligned:
		e.prioritize(ch, sequence)
	}
}

func (e *BarrierEngine) barrierReceived(ch ChannelIndex, b Barrier, rpc bool) {
	switch e.state {
	case waitingForFirstBarrier, collectingBarriers:
		e.alignedBarrierReceived(ch, b, rpc)
	case alternatingWaitingForFirstBarrier, alternatingCollectingBarriers:
		e.alternatingBarrierReceived(ch, b, rpc)
	case alternatingWaitingForFirstBarrierUnaligned:
		e.firstUnalignedBarrierReceived(ch, b, rpc)
	case alternatingCollectingBarriersUnaligned:
		e.nextUnalignedBarrierReceived(ch, b, rpc)
	}
}

// alignedBarrierReceived is AbstractAlignedBarrierHandlerState (A1, A2). Trigger before
// unblock: what waits behind the barriers must find the snapshot taken.
func (e *BarrierEngine) alignedBarrierReceived(ch ChannelIndex, b Barrier, rpc bool) {
	if !rpc {
		e.block(ch)
	}
	if !e.allBarriersReceived() {
		e.state = collectingBarriers
		return
	}
	e.noInputState(b)
	e.snapshots.trigger(b, e.out)
	e.unblockAll()
	e.state = waitingForFirstBarrier
}

// alternatingBarrierReceived is AbstractAlternatingAlignedBarrierHandlerState (B1, B2).
// A barrier that asks for a snapshot at the first one, because an upstream task has
// switched or because the protocol always does, switches this task.
func (e *BarrierEngine) alternatingBarrierReceived(ch ChannelIndex, b Barrier, rpc bool) {
	if b.Alignment == AlignmentUnaligned || b.Alignment == AlignmentInline {
		e.alignedCheckpointTimeout(b)
		e.barrierReceived(ch, b, rpc)
		return
	}
	e.channels.forgetAnnouncement(ch)
	if !rpc {
		e.block(ch)
	}
	switch {
	case e.allBarriersReceived():
		e.finishAligned(b)
	case e.isTimedOut(b):
		e.alignedCheckpointTimeout(b)
		e.barrierReceived(ch, b.AsUnaligned(), rpc)
	default:
		e.state = alternatingCollectingBarriers
	}
}

// finishAligned ends an alignment that did not time out: the input part of the channel
// state is opened, if the barrier asks for one, and is complete at once.
func (e *BarrierEngine) finishAligned(b Barrier) {
	e.initInputs(b)
	e.noInputState(b)
	e.snapshots.trigger(b, e.out)
	e.unblockAll()
	e.state = alternatingWaitingForFirstBarrier
}

// alignedCheckpointTimeout switches to unaligned. In B1 there were only announcements
// so far and the snapshot waits for the first converted barrier (C1); in B2 barriers
// were consumed and the snapshot is due now. Channels that are blocked stay so until
// the end of C2: nothing of theirs is in flight, but their senders must be resumed. In
// C1 and C2 it has happened already.
func (e *BarrierEngine) alignedCheckpointTimeout(b Barrier) {
	switch e.state {
	case alternatingWaitingForFirstBarrier:
		e.markSwitched()
		e.prioritizeAllAnnouncements()
		e.state = alternatingWaitingForFirstBarrierUnaligned
	case alternatingCollectingBarriers:
		e.markSwitched()
		e.prioritizeAllAnnouncements()
		e.startUnaligned(e.overtaking(b))
	}
}

// firstUnalignedBarrierReceived is AlternatingWaitingForFirstBarrierUnaligned (C1).
func (e *BarrierEngine) firstUnalignedBarrierReceived(ch ChannelIndex, b Barrier, rpc bool) {
	e.blockIfStopped(ch, b, rpc)
	e.startUnaligned(e.overtaking(b))
	if e.allBarriersReceived() {
		e.finishUnaligned(b.ID)
	}
}

// nextUnalignedBarrierReceived is AlternatingCollectingBarriersUnaligned (C2).
func (e *BarrierEngine) nextUnalignedBarrierReceived(ch ChannelIndex, b Barrier, rpc bool) {
	e.channels.forgetAnnouncement(ch)
	e.blockIfStopped(ch, b, rpc)
	if e.allBarriersReceived() {
		e.finishUnaligned(b.ID)
	}
}

// blockIfStopped books a channel whose barrier came aligned although this task has
// switched: its sender was stopped by the network and waits to be resumed.
func (e *BarrierEngine) blockIfStopped(ch ChannelIndex, b Barrier, rpc bool) {
	if b.BlocksUpstream() && !rpc {
		e.block(ch)
	}
}

func (e *BarrierEngine) startUnaligned(b Barrier) {
	e.initInputs(b)
	e.persistInputs(b)
	e.snapshots.trigger(b, e.out)
	e.state = alternatingCollectingBarriersUnaligned
}

func (e *BarrierEngine) finishUnaligned(id CheckpointID) {
	e.stopInputs(id)
	e.unblockAll()
	e.state = alternatingWaitingForFirstBarrier
}

// endOfPartitionReceived: like a barrier that blocks nothing. A1, B1 and C1 have no
// barrier yet and just forget the channel.
func (e *BarrierEngine) endOfPartitionReceived(ch ChannelIndex) {
	e.channels.finished(ch)
	switch e.state {
	case collectingBarriers:
		if e.allBarriersReceived() {
			e.noInputState(e.pending)
			e.snapshots.trigger(e.pending, e.out)
			e.unblockAll()
			e.state = waitingForFirstBarrier
		}
	case alternatingCollectingBarriers:
		if e.allBarriersReceived() {
			e.finishAligned(e.pending)
		} else if e.isTimedOut(e.pending) {
			e.alignedCheckpointTimeout(e.pending)
			e.endOfPartitionReceived(ch)
		}
	case alternatingCollectingBarriersUnaligned:
		if e.allBarriersReceived() {
			e.finishUnaligned(e.pending.ID)
		}
	}
}

// abortReceived is BarrierHandlerState.abort.
func (e *BarrierEngine) abortReceived(id CheckpointID) {
	switch e.state {
	case waitingForFirstBarrier, collectingBarriers:
		e.unblockAll()
		e.state = waitingForFirstBarrier
	default:
		e.finishUnaligned(id)
	}
}
