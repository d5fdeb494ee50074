package protocol

import "fmt"

// Policy is where the barrier protocols differ; everything else they share. A barrier
// protocol is a choice of when a task records its state, whether barriers may overtake
// data, and whether a channel that delivered its barrier waits for the others:
//
//	                 records on      barrier travels    after its barrier a channel
//	aligned          last            in line            waits
//	at-least-once    last            in line            reads on
//	chandy-lamport   first           in line            reads on
//	unaligned        first           overtaking         reads on
//	hybrid           last, first     in line,           waits, reads on
//	                 from timeout    then overtaking
//
// Overtake together with Block is the hybrid: it starts as aligned and may switch.
type Policy struct {
	// Checkpoints is false for the protocol that takes none.
	Checkpoints bool
	// RecordOnFirst snapshots at the first barrier and records the late channels.
	RecordOnFirst bool
	// Overtake lets barriers pass data in queues; what was passed is recorded.
	Overtake bool
	// Block stops channels between their barrier and the snapshot.
	Block bool
	// OutputTimeout lets a barrier that still waits in an output queue turn unaligned
	// there (FLINK-27251, Flink 1.16); without it only input queues switch. The host
	// asks: it is the sender's affair, not the engine's.
	OutputTimeout bool
}

// PolicyOf is the policy of a protocol. It panics on a name that is not in Names.
func PolicyOf(name Name) Policy {
	switch name {
	case None:
		return Policy{}
	case Aligned:
		return Policy{Checkpoints: true, Block: true}
	case AtLeastOnce:
		return Policy{Checkpoints: true}
	case ChandyLamport:
		return Policy{Checkpoints: true, RecordOnFirst: true}
	case Unaligned:
		return Policy{Checkpoints: true, RecordOnFirst: true, Overtake: true}
	case HybridIn:
		return Policy{Checkpoints: true, Overtake: true, Block: true}
	case HybridOut:
		return Policy{Checkpoints: true, Overtake: true, Block: true, OutputTimeout: true}
	}
	panic(fmt.Sprintf("protocol: no protocol is named %q", string(name)))
}

// TracksOnly reports whether barriers are merely counted: states may then hold records
// from behind the barrier.
func (p Policy) TracksOnly() bool {
	return p.Checkpoints && !p.RecordOnFirst && !p.Overtake && !p.Block
}

// Alternates reports whether a task may snapshot before its last barrier, so that data
// in flight belongs to the checkpoint (Flink: the alternating handler states).
func (p Policy) Alternates() bool { return p.RecordOnFirst || p.Overtake }

// Contract is what the protocol promises about its cuts.
func (p Policy) Contract() Contract {
	if p.TracksOnly() {
		return ContractAtLeastOnce
	}
	return ContractExactlyOnce
}

// accepts reports whether a barrier of this alignment can reach a task under p.
func (p Policy) accepts(a Alignment) bool {
	switch a {
	case AlignmentAligned:
		return p.Checkpoints && !p.TracksOnly()
	case AlignmentAtLeastOnce:
		return p.TracksOnly()
	case AlignmentUnaligned, AlignmentForcedAligned:
		return p.Overtake
	case AlignmentInline:
		return p.RecordOnFirst && !p.Overtake
	}
	return false
}

// TaskShape is what a Machine must know of its task.
type TaskShape struct {
	Task TaskID
	// Channels is the number of input channels over all gates; a source has none.
	Channels int
	// DeclineAtEndOfPartition aborts a pending checkpoint when an input ends, instead
	// of counting the end as a barrier
	// (execution.checkpointing.checkpoints-after-tasks-finish = false).
	DeclineAtEndOfPartition bool
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug Bug
}

// Resetter is implemented by machines that can start over with the shape they were made
// for: every channel open, no checkpoint seen. All machines of NewMachine are Resetters.
type Resetter interface{ Reset() }

// NewMachine makes the machine of a protocol for one task. It panics on a name that is
// not in Names.
func NewMachine(name Name, shape TaskShape) Machine {
	policy := PolicyOf(name)
	switch {
	case !policy.Checkpoints:
		return &NoCheckpoints{Task: shape.Task}
	case policy.TracksOnly():
		return NewBarrierTracker(shape)
	}
	return NewBarrierEngine(policy, shape)
}

// NoCheckpoints is the machine of a job that takes none: any sign of a checkpoint is a
// programmer error and panics.
type NoCheckpoints struct{ Task TaskID }

// Reset does nothing: there is no state.
func (n *NoCheckpoints) Reset() {}

// Step ignores the ends of channels and panics on everything else.
func (n *NoCheckpoints) Step(in Input, _ *Effects) {
	if in.Kind != InputEndOfPartition {
		panic(fmt.Sprintf("protocol: task %d takes no checkpoints but got %q at %d ns",
			n.Task, in.String(), in.NowNanos))
	}
}
