// Package protocol holds the words of checkpointing and the pure machines that speak
// them. It knows no clock, no network and no storage: a machine takes an input, writes
// effects into a buffer of its caller, and is done. So a protocol can be read beside the
// paper or the Flink class that it re-enacts, and every host (the simulated task, a
// script, the conformance kit) runs the very same one.
//
// # The words
//
// Ids (TaskID, CheckpointID, ChannelIndex, Attempt), the Barrier, the reasons for which
// checkpoints fail (FailureReason, by Flink's names), the typed events that checkers and
// reports speak (EventKind), and what a checkpoint would restore (RecoveryPoint). Each
// has one canonical text, which parses back.
//
// # The machines of a task
//
// NewMachine makes the machine of a protocol. All barrier protocols are settings of one
// BarrierEngine, see Policy; at-least-once only counts, see BarrierTracker. Two small
// machines sit in the channels: ChannelStatePersister at the receiving end decides which
// buffers belong to a checkpoint, SubpartitionBarrier at the sending end what a barrier
// overtakes. CheckCut says whether what they recorded together is a consistent cut.
//
// A barrier of checkpoint 1 passes a task with two channels:
//
//	aligned                                     unaligned
//
//	 channel 0  ...e d [1] ─┐ arrives first      channel 0  e d [1] ─┐ overtakes in queues
//	 channel 1  ...[1] c b ─┤                    channel 1  [1] c b ─┤ still far
//	                        ▼                                        ▼
//	 [1] from 0: block channel 0                 [1] from 0: open channel state,
//	 b, c from 1: processed, in the state          record c b of 1 and what 0 had queued,
//	 [1] from 1: snapshot, emit [1],               snapshot, emit [1] in front of the
//	             resume 0 and 1                    output queues, read on
//	 d, e: after the snapshot                    [1] from 1: inputs done
//
// # Duties of a host
//
//  1. Feed a Machine one input at a time, and carry out all effects of a step, in order,
//     before anything else happens at the task: no record, timer or mail in between.
//  2. Deliver what a channel carries in its order; of a channel that is blocked deliver
//     nothing, and after its end nothing either. A blocking barrier (BlocksUpstream) stops
//     its sender when it leaves; EffectResume lets the sender go on.
//  3. Announce a timeoutable barrier when it arrives behind data in a remote channel
//     (InputAnnouncement). EffectPrioritize moves it to the front and changes only its
//     place: it is still delivered as the aligned barrier that stopped its sender.
//  4. Tell the channel's ChannelStatePersister of every barrier when it arrives (OnBarrier),
//     of EffectPersistInputs (Start, on every input channel, also those whose barrier is
//     consumed: what it overtook is still queued there) and of EffectInputsDone (Stop), and
//     ask it about every data buffer that arrives (ShouldPersist). The bytes of a record
//     read in part come first. When a Start is refused, carry the list out to its end, do
//     not acknowledge the checkpoint, and feed InputSubsumed.
//  5. At EffectSnapshot, between two records: let the operators emit what belongs before
//     the barrier, put BarrierForEdge of the barrier into every output channel as its
//     SubpartitionBarrier decides, copy the state. Where the protocol has OutputTimeout and
//     the barrier on the edge is Timeoutable, time it out at the outputs too.
//  6. Acknowledge when the state is written, EffectInputsDone has come and every output
//     channel knows its part. EffectDecline ends a checkpoint: what follows it in the list
//     only tidies up.
//  7. At EffectDecline tell the coordinator; at it and at EffectForwardCancel send a cancel
//     marker through every output, in line, and give the barrier that is queued there up
//     (SubpartitionBarrier.Abort).
//  8. Feed InputTrigger only to a task without running predecessors, when it has taken all
//     their data; repeated and late triggers are harmless. Timers may fire late, and even
//     after EffectClearTimer, when their mail was already waiting.
//  9. Reset a machine, or make a new one, when its task restarts: it keeps nothing over a
//     crash. Then tell it of the channels whose senders had finished, by their ends.
//
// A broken duty is a programmer error: the machine panics with task, channel, checkpoint
// and time. Package protocoltest plays a host that keeps them all against any Machine.
package protocol
