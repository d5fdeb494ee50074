package protocol

import "fmt"

// channelBook is Flink's ChannelState and the handler's count of open channels.
type channelBook struct {
	total     int
	open      int
	ended     channelSet
	blocked   channelSet
	announced channelSet
	sequences []int64 // of the announced barriers, by channel
}

func newChannelBook(channels int) channelBook {
	return channelBook{
		total:     channels,
		open:      channels,
		ended:     newChannelSet(channels),
		blocked:   newChannelSet(channels),
		announced: newChannelSet(channels),
		sequences: make([]int64, channels),
	}
}

func (c *channelBook) reset() {
	c.open = c.total
	c.ended.clear()
	c.blocked.clear()
	c.announced.clear()
}

func (c *channelBook) announce(ch ChannelIndex, sequence int64) {
	c.announced.add(ch)
	c.sequences[ch] = sequence
}

func (c *channelBook) forgetAnnouncement(ch ChannelIndex) { c.announced.remove(ch) }

// finished forgets a channel that ended: there is no sender left to resume.
func (c *channelBook) finished(ch ChannelIndex) {
	c.blocked.remove(ch)
	c.announced.remove(ch)
}

func (e *BarrierEngine) block(ch ChannelIndex) {
	e.channels.blocked.add(ch)
	e.out.Add(Effect{Kind: EffectBlock, Channel: ch, Checkpoint: e.current})
}

// unblockAll also drops the announcements that were not converted: their barriers come
// in line, and find the checkpoint over.
func (e *BarrierEngine) unblockAll() {
	blocked := &e.channels.blocked
	for ch := blocked.next(0); ch != NoChannel; ch = blocked.next(ch + 1) {
		e.out.Add(Effect{Kind: EffectResume, Channel: ch, Checkpoint: e.current})
	}
	blocked.clear()
	e.channels.announced.clear()
}

func (e *BarrierEngine) prioritize(ch ChannelIndex, sequence int64) {
	e.out.Add(Effect{Kind: EffectPrioritize, Channel: ch, Checkpoint: e.current, Sequence: sequence})
}

func (e *BarrierEngine) prioritizeAllAnnouncements() {
	announced := &e.channels.announced
	for ch := announced.next(0); ch != NoChannel; ch = announced.next(ch + 1) {
		e.prioritize(ch, e.channels.sequences[ch])
	}
	announced.clear()
}

// markSwitched marks a checkpoint that this task first met as aligned.
func (e *BarrierEngine) markSwitched() {
	if e.pending.BlocksUpstream() {
		e.out.Add(Effect{Kind: EffectSwitched, Checkpoint: e.current})
	}
}

// overtaking is the barrier as it leaves a task that did not wait for all others.
func (e *BarrierEngine) overtaking(b Barrier) Barrier {
	if e.policy.Overtake {
		return b.AsUnaligned()
	}
	return b
}

// initInputs is Controller.initInputsCheckpoint: it opens the channel-state writer for a
// checkpoint that may need one. Flink opens that of a forced-aligned barrier a moment
// later (reference 2.6 step 3), for the outputs that are unaligned again.
func (e *BarrierEngine) initInputs(b Barrier) {
	if e.snapshots.isAborted(b.ID) {
		return
	}
	if b.NeedsChannelState() || b.Alignment == AlignmentForcedAligned {
		e.out.Add(Effect{Kind: EffectStartChannelState, Checkpoint: b.ID})
	}
}

// noInputState says of a checkpoint that all barriers were awaited: nothing is in flight.
func (e *BarrierEngine) noInputState(b Barrier) {
	if !e.snapshots.isAborted(b.ID) {
		e.out.Add(Effect{Kind: EffectInputsDone, Checkpoint: b.ID})
	}
}

// persistInputs is CheckpointableInput.checkpointStarted on all inputs.
func (e *BarrierEngine) persistInputs(b Barrier) {
	if !e.snapshots.isAborted(b.ID) {
		e.inputsOpen = true
		e.out.Add(Effect{Kind: EffectPersistInputs, Checkpoint: b.ID})
	}
}

// stopInputs is CheckpointableInput.checkpointStopped on all inputs.
func (e *BarrierEngine) stopInputs(id CheckpointID) {
	if e.inputsOpen {
		e.inputsOpen = false
		e.out.Add(Effect{Kind: EffectInputsDone, Checkpoint: id})
	}
}

// assertDelivers holds invariant (i) of reference 2.4: a blocked channel delivers
// nothing; nor does one that has ended.
func (e *BarrierEngine) assertDelivers(ch ChannelIndex, id CheckpointID) {
	switch {
	case ch < 0 || int(ch) >= e.shape.Channels:
		e.fail(ch, id, fmt.Sprintf("no such channel among %d", e.shape.Channels))
	case e.channels.ended.has(ch):
		e.fail(ch, id, "delivered something after its end")
	case e.channels.blocked.has(ch):
		e.fail(ch, id, "delivered something while blocked")
	}
}

// assertDeliversMarker is assertDelivers, but for what a converted barrier has overtaken:
// (1) a sender, told that n was aborted, puts its cancel marker into the channel; (2) it
// emits the aligned barrier of n+1 behind it, and stops; (3) that one times out, is moved to
// the front and consumed, and its channel counts as blocked; (4) the marker is next.
func (e *BarrierEngine) assertDeliversMarker(ch ChannelIndex, id CheckpointID) {
	if id >= e.current || !e.policy.Overtake || e.channels.ended.has(ch) {
		e.assertDelivers(ch, id)
	}
}

func (e *BarrierEngine) assertAccepts(ch ChannelIndex, b Barrier) {
	if b.ID <= NoCheckpoint || !e.policy.accepts(b.Alignment) {
		e.fail(ch, b.ID, fmt.Sprintf("barrier %q does not belong to policy %+v", b.String(), e.policy))
	}
}

// assertNothingLeftBlocked holds invariant (ii): blocked is empty whenever no checkpoint
// is pending. Invariants (iii) and (iv) follow from it and from localSnapshots; (v) and
// (vi) are about the host and are held by protocoltest.
func (e *BarrierEngine) assertNothingLeftBlocked() {
	if e.isPending() {
		return
	}
	if e.channels.blocked.count > 0 || e.inputsOpen || e.timerSet {
		e.fail(e.channels.blocked.next(0), e.current, "left something open without a pending checkpoint")
	}
}

func (e *BarrierEngine) fail(ch ChannelIndex, id CheckpointID, what string) {
	panic(fmt.Sprintf("protocol: task %d channel %d checkpoint %d at %d ns: %s [%s]",
		e.shape.Task, ch, id, e.nowNanos, what, e.String()))
}
