package protocol

// Machine is a checkpoint protocol at one task, over all of its input gates: a pure
// state machine. The host feeds it inputs and carries out the effects it writes, in
// order, before it feeds the next input. A Machine has no clock, does no I/O and does
// not allocate per step.
//
// Every barrier protocol implements it. Protocols that must see records (sender logs,
// piggybacks) implement RecordObserver as well; a host asks once per task, so that a
// protocol without record hooks costs nothing per record.
type Machine interface {
	Step(in Input, out *Effects)
}

// RecordObserver is the optional half of a Machine that needs to see records: it is
// told of a record before the operator is (and may force a checkpoint there), and asked
// for the bytes that travel with a sent one.
type RecordObserver interface {
	Delivered(channel ChannelIndex, piggyback uint64, out *Effects)
	Emitted(channel ChannelIndex) (piggyback uint64, sizeBytes int)
}

// InputKind is what happened to the task.
type InputKind uint8

const (
	// InputTrigger: the coordinator asks this task to start the checkpoint (a source,
	// or a task whose inputs have all ended).
	InputTrigger InputKind = iota
	// InputBarrier: the task consumed Barrier from Channel.
	InputBarrier
	// InputAnnouncement: Barrier is queued in Channel behind data, at Sequence
	// (remote channels and timeoutable barriers only).
	InputAnnouncement
	// InputCancelMarker: the task consumed a cancel marker for Checkpoint from Channel.
	InputCancelMarker
	// InputEndOfPartition: Channel ended.
	InputEndOfPartition
	// InputTimer: the timer set for Checkpoint fired.
	InputTimer
	// InputAborted: the coordinator says that Checkpoint was aborted.
	InputAborted
	// InputCompleted: the coordinator says that Checkpoint was completed.
	InputCompleted
	// InputSubsumed: a channel refused to persist for Checkpoint, because a newer
	// barrier had already arrived in it (ChannelStatePersister.Start). Fed once the
	// effects of the step that asked for it have been carried out.
	InputSubsumed
	inputKindCount
)

// Input is one step's cause. Which fields matter is said at its kind.
type Input struct {
	Kind       InputKind
	Channel    ChannelIndex
	Checkpoint CheckpointID
	Sequence   int64
	Barrier    Barrier
	// NowNanos is the task's node clock, in nanoseconds.
	NowNanos int64
}

// EffectKind is what a Machine asks its host to do.
type EffectKind uint8

const (
	// EffectBlock: deliver nothing more from Channel until it is resumed.
	EffectBlock EffectKind = iota
	// EffectResume: resume Channel: tell its sender to go on after a blocking barrier.
	EffectResume
	// EffectPrioritize: move the barrier announced in Channel at Sequence to the front.
	// Only its place changes: it stays aligned, because its arrival stopped the sender,
	// and the engine resumes what it consumed as aligned (Flink:
	// RemoteInputChannel.convertToPriorityEvent).
	EffectPrioritize
	// EffectStartChannelState: open the channel-state writer for Checkpoint.
	EffectStartChannelState
	// EffectPersistInputs: on every input channel, the record read in part, the queued
	// data ahead of the place where the barrier of Checkpoint arrived (all of it when it
	// has not arrived), and what arrives until it does belong to the checkpoint
	// (Flink: checkpointStarted on all inputs; ChannelStatePersister decides).
	EffectPersistInputs
	// EffectInputsDone: no further input data belongs to Checkpoint (Flink:
	// checkpointStopped on all inputs). Comes exactly once for every EffectSnapshot,
	// before it when the checkpoint has no input data; after an EffectDecline it only
	// stops the channels.
	EffectInputsDone
	// EffectSnapshot: carry out the local snapshot for Barrier now (reference 2.6):
	// emit it on all outputs and record the operators' state.
	EffectSnapshot
	// EffectDecline: tell the coordinator that Checkpoint failed here for Reason, and
	// broadcast a cancel marker downstream.
	EffectDecline
	// EffectSetTimer: feed InputTimer for Checkpoint at AtNanos of the node's clock.
	EffectSetTimer
	// EffectClearTimer: forget the timer of Checkpoint.
	EffectClearTimer
	// EffectAlignmentStarted and EffectAlignmentEnded bracket the alignment metrics.
	EffectAlignmentStarted
	EffectAlignmentEnded
	// EffectForwardCancel: broadcast a cancel marker for Checkpoint downstream without a
	// decline (its abort was notified before its barrier came).
	EffectForwardCancel
	// EffectSwitched: the checkpoint turned unaligned at this task (a mark only).
	EffectSwitched
	// EffectForceCheckpoint: take a local checkpoint before delivering the record in
	// hand (communication-induced protocols).
	EffectForceCheckpoint
	effectKindCount
)

// Effect is one order to the host. Which fields matter is said at its kind.
type Effect struct {
	Kind       EffectKind
	Channel    ChannelIndex
	Reason     FailureReason
	Checkpoint CheckpointID
	Sequence   int64
	AtNanos    int64
	Barrier    Barrier
}

// Effects is the caller-owned buffer that a step writes into, in order. The caller
// empties it with Reset; its capacity is kept, so steps do not allocate.
type Effects struct{ List []Effect }

// Reset empties the buffer.
func (e *Effects) Reset() { e.List = e.List[:0] }

// Add appends one effect.
func (e *Effects) Add(effect Effect) { e.List = append(e.List, effect) }
