package protocol

import "fmt"

// BarrierEngine aligns the barriers of one task over all of its input gates: Flink's
// SingleCheckpointBarrierHandler (reference 2.3) with the states of
// barrier_engine_states.go and the channel book of barrier_engine_channels.go. One
// engine serves aligned, Chandy-Lamport, unaligned and both hybrids; the Policy says
// which signs it must expect, the barriers themselves say how to treat them.
type BarrierEngine struct {
	shape     TaskShape
	policy    Policy
	state     handlerState
	channels  channelBook
	snapshots localSnapshots

	// Flink's names for these are in reference 2.3: currentCheckpointId,
	// lastCancelledOrCompletedCheckpointId, pendingCheckpointBarrier, alignedChannels,
	// targetChannelCount, numOpenChannels.
	current  CheckpointID
	lastDone CheckpointID
	pending  Barrier
	aligned  channelSet
	target   int

	timerSet   bool // the timer of current is armed
	inputsOpen bool // EffectPersistInputs is out and not yet closed

	nowNanos int64
	out      *Effects
}

// NewBarrierEngine makes the engine of one task. It panics on a policy that only tracks
// (BarrierTracker) or that takes no checkpoints.
func NewBarrierEngine(policy Policy, shape TaskShape) *BarrierEngine {
	if !policy.Checkpoints || policy.TracksOnly() {
		panic(fmt.Sprintf("protocol: task %d: no barrier engine for policy %+v", shape.Task, policy))
	}
	e := &BarrierEngine{
		shape:     shape,
		policy:    policy,
		channels:  newChannelBook(shape.Channels),
		snapshots: newLocalSnapshots(shape.Task),
		aligned:   newChannelSet(shape.Channels),
	}
	e.Reset()
	return e
}

// Reset makes the engine as new; nothing is allocated.
func (e *BarrierEngine) Reset() {
	e.state = waitingForFirstBarrier
	if e.policy.Alternates() {
		e.state = alternatingWaitingForFirstBarrier
	}
	e.channels.reset()
	e.snapshots.reset()
	e.current, e.lastDone = NoCheckpoint, NoCheckpoint
	e.pending = Barrier{}
	e.aligned.clear()
	e.target = 0
	e.timerSet, e.inputsOpen = false, false
}

// Step is Machine.Step. It panics when the host breaks its duties (see the package
// comment) and when an invariant of reference 2.4 fails, naming task, channel,
// checkpoint and the time of the task's clock.
func (e *BarrierEngine) Step(in Input, out *Effects) {
	e.nowNanos, e.out = in.NowNanos, out
	switch in.Kind {
	case InputTrigger:
		e.triggered(in.Barrier)
	case InputBarrier:
		e.assertDelivers(in.Channel, in.Barrier.ID)
		e.barrier(in.Channel, in.Barrier, false)
	case InputAnnouncement:
		e.assertDelivers(in.Channel, in.Barrier.ID)
		e.announcement(in.Channel, in.Barrier, in.Sequence)
	case InputCancelMarker:
		e.assertDeliversMarker(in.Channel, in.Checkpoint)
		e.cancelMarker(in.Checkpoint)
	case InputEndOfPartition:
		e.endOfPartition(in.Channel)
	case InputTimer:
		e.timer(in.Checkpoint)
	case InputAborted:
		e.snapshots.notifyAborted(in.Checkpoint)
	case InputCompleted:
		// Nothing is kept for a checkpoint that was triggered here.
	case InputSubsumed:
		e.subsumed(in.Checkpoint)
	default:
		e.fail(NoChannel, in.Checkpoint, fmt.Sprintf("unknown input kind %d", in.Kind))
	}
	e.assertNothingLeftBlocked()
	e.out = nil
}

// triggered is the coordinator's RPC: at a source, or a task whose inputs have all
// ended, the snapshot itself; at a task whose predecessors have finished but whose
// channels have not delivered their end, a barrier on every open channel that blocks
// none of them (reference 1.3 and 2.10; FLINK-23938).
func (e *BarrierEngine) triggered(b Barrier) {
	if e.channels.open == 0 {
		e.triggeredWithoutInputs(b)
		return
	}
	for ch := ChannelIndex(0); int(ch) < e.shape.Channels; ch++ {
		if !e.channels.ended.has(ch) {
			e.barrier(ch, b, true)
		}
	}
}

func (e *BarrierEngine) triggeredWithoutInputs(b Barrier) {
	if b.ID <= e.snapshots.last {
		return // a late or repeated RPC
	}
	e.assertAccepts(NoChannel, b)
	e.current, e.lastDone = b.ID, b.ID
	e.initInputs(b)
	e.noInputState(b)
	e.snapshots.trigger(b, e.out)
}

// barrier is processBarrier (reference 2.3, steps 1 to 5).
func (e *BarrierEngine) barrier(ch ChannelIndex, b Barrier, rpc bool) {
	e.assertAccepts(ch, b)
	if e.isObsolete(b.ID) { // step 1
		if e.shape.Bug == BugObsoleteBarrierAsserts {
			e.fail(ch, b.ID, "barrier of a checkpoint that is over")
		}
		// The arrival of a blocking barrier stopped its sender; an RPC stopped nobody.
		if b.BlocksUpstream() && !rpc && e.shape.Bug != BugObsoleteBarrierBlocks {
			e.out.Add(Effect{Kind: EffectResume, Channel: ch, Checkpoint: b.ID})
		}
		return
	}
	e.checkNewCheckpoint(b)       // step 2
	e.markAligned(ch)             // step 3
	e.barrierReceived(ch, b, rpc) // step 4
	e.checkAllReceived()          // step 5
}

// announcement is processBarrierAnnouncement: the first sign of a checkpoint, and the
// start of its timer, can be an announcement.
func (e *BarrierEngine) announcement(ch ChannelIndex, b Barrier, sequence int64) {
	e.assertAccepts(ch, b)
	e.checkNewCheckpoint(b)
	if e.isObsolete(b.ID) {
		return
	}
	e.announcementReceived(ch, sequence)
}

// cancelMarker is processCancellationBarrier, except for two rules that Flink lacks:
//
// A pending checkpoint older than the marker is declined by its own id too; Flink lets
// it run into its timeout.
//
// A marker also ends a checkpoint of which only an announcement was seen. Flink asks
// for a consumed barrier, and then: (1) channel 0 announces n; (2) channel 1 delivers
// the cancel marker of n, ignored; (3) channel 0 delivers its barrier of n and is
// blocked until a barrier of n+1 comes from channel 1, for a checkpoint that is dead.
func (e *BarrierEngine) cancelMarker(id CheckpointID) {
	if id < e.current || id == e.current && !e.isPending() {
		return
	}
	if id > e.current && e.isPending() {
		e.abort(e.current, CheckpointDeclinedSubsumed)
	}
	e.abort(id, CheckpointDeclinedOnCancellationBarrier)
}

// endOfPartition is processEndOfPartition: the end of a channel counts as its barrier.
// A channel that delivered its barrier before counts once, because aligned is a set.
func (e *BarrierEngine) endOfPartition(ch ChannelIndex) {
	if int(ch) < 0 || int(ch) >= e.shape.Channels || !e.channels.ended.add(ch) {
		e.fail(ch, e.current, "end of partition on a channel that is not open")
	}
	e.channels.open--
	if !e.isPending() {
		e.channels.finished(ch)
		return
	}
	if e.shape.DeclineAtEndOfPartition {
		e.channels.finished(ch)
		e.abort(e.current, CheckpointDeclinedInputEndOfStream)
		return
	}
	e.markAligned(ch)
	e.endOfPartitionReceived(ch)
	e.checkAllReceived()
}

// timer ignores every timer but the one that is set: one that fires after the last
// barrier or after an abort, because its mail was already waiting, finds nothing to do.
func (e *BarrierEngine) timer(id CheckpointID) {
	if id != e.current || !e.timerSet {
		return
	}
	e.timerSet = false
	e.alignedCheckpointTimeout(e.pending)
}

// subsumed ends a checkpoint for which a channel could not record its data. Flink's
// channels say so in the middle of a transition; here the host says so after it, when
// the checkpoint may have got its last barrier already.
func (e *BarrierEngine) subsumed(id CheckpointID) {
	if id != e.current {
		return
	}
	if e.isPending() {
		e.abort(id, CheckpointSubsumed)
		return
	}
	e.snapshots.decline(id, CheckpointSubsumed, e.out)
}

// checkNewCheckpoint is the method of the same name: a newer checkpoint takes over.
func (e *BarrierEngine) checkNewCheckpoint(b Barrier) {
	if b.ID <= e.current {
		return
	}
	if e.isPending() {
		e.abort(e.current, CheckpointDeclinedSubsumed)
	}
	e.current = b.ID
	e.pending = b
	e.aligned.clear()
	e.target = e.channels.open
	if e.policy.Alternates() && b.Timeoutable() {
		e.timerSet = true
		e.out.Add(Effect{
			Kind:       EffectSetTimer,
			Checkpoint: b.ID,
			AtNanos:    max(e.nowNanos, b.TriggerNanos+b.TimeoutNanos),
		})
	}
}

// markAligned is the first half of markCheckpointAlignedAndTransformState. The end of
// the alignment is marked before the transition, because the transition may trigger the
// snapshot, whose metrics include it.
func (e *BarrierEngine) markAligned(ch ChannelIndex) {
	if !e.aligned.add(ch) {
		return
	}
	if e.aligned.count == 1 {
		e.out.Add(Effect{Kind: EffectAlignmentStarted, Checkpoint: e.current})
	}
	if e.allBarriersReceived() {
		e.out.Add(Effect{Kind: EffectAlignmentEnded, Checkpoint: e.current})
	}
}

// checkAllReceived is its second half: the checkpoint needs nothing more from the inputs.
func (e *BarrierEngine) checkAllReceived() {
	if !e.isPending() || !e.allBarriersReceived() {
		return
	}
	if e.snapshots.last != e.current {
		e.fail(NoChannel, e.current, "every channel ended, but an announced barrier never came")
	}
	e.aligned.clear()
	e.lastDone = e.current
	e.clearTimer()
}

// abort is abortInternal. The decline comes first among the effects: those of the state
// close the inputs, and a host must not take that for the last thing that an
// acknowledgement waits for.
func (e *BarrierEngine) abort(id CheckpointID, reason FailureReason) {
	e.snapshots.decline(id, reason, e.out)
	e.clearTimer()
	e.current = max(id, e.current)
	e.lastDone = max(id, e.lastDone)
	e.pending = Barrier{}
	e.aligned.clear()
	e.target = 0
	e.abortReceived(id)
}

func (e *BarrierEngine) clearTimer() {
	if e.timerSet {
		e.timerSet = false
		e.out.Add(Effect{Kind: EffectClearTimer, Checkpoint: e.current})
	}
}

func (e *BarrierEngine) isPending() bool { return e.current != e.lastDone }

func (e *BarrierEngine) isObsolete(id CheckpointID) bool {
	return id < e.current || id == e.current && !e.isPending()
}

func (e *BarrierEngine) allBarriersReceived() bool {
	return e.aligned.count == e.target || e.shape.Bug == BugReleaseOnFirstBarrier && e.aligned.count > 0
}

// isTimedOut is Controller.isTimedOut, asked when a barrier or an end arrives, in case
// the timer's mail is still waiting behind it.
func (e *BarrierEngine) isTimedOut(b Barrier) bool {
	return b.Timeoutable() && b.ID <= e.current && b.TimeoutNanos < e.nowNanos-b.TriggerNanos
}
