package protocol

// Alignment says how a barrier travels (Flink: CheckpointOptions.AlignmentType,
// reference 2.1). It is a property of the barrier in flight and may change on the way.
type Alignment uint8

const (
	// AlignmentAligned travels in line; channels that delivered it are blocked.
	AlignmentAligned Alignment = iota
	// AlignmentAtLeastOnce travels in line; nothing is blocked.
	AlignmentAtLeastOnce
	// AlignmentUnaligned overtakes data as a priority event.
	AlignmentUnaligned
	// AlignmentForcedAligned travels in line over an edge that does not support
	// unaligned; it remembers the timeout but cannot time out on that edge.
	AlignmentForcedAligned
	// AlignmentInline travels in line, and the task snapshots at the first one and
	// records late channels (Chandy and Lamport, TOCS 1985).
	AlignmentInline
)

// NoTimeout is the TimeoutNanos of a barrier that never switches.
const NoTimeout int64 = -1

// Barrier is what a checkpoint sends through every channel.
type Barrier struct {
	ID        CheckpointID
	Alignment Alignment
	// TriggerNanos is the coordinator's trigger time; never rewritten on the way
	// (FLINK-23041).
	TriggerNanos int64
	// TimeoutNanos is the aligned-checkpoint-timeout after TriggerNanos at which an
	// aligned barrier turns unaligned; NoTimeout when it never does.
	TimeoutNanos int64
	// Savepoint barriers are always aligned and never switch.
	Savepoint bool
}

// Timeoutable reports whether the barrier travels aligned now but may turn unaligned.
func (b Barrier) Timeoutable() bool {
	return b.Alignment == AlignmentAligned && b.TimeoutNanos != NoTimeout
}

// NeedsChannelState reports whether in-flight data may belong to this checkpoint.
func (b Barrier) NeedsChannelState() bool {
	return b.Alignment == AlignmentUnaligned || b.Alignment == AlignmentInline || b.Timeoutable()
}

// Priority reports whether the barrier overtakes data.
func (b Barrier) Priority() bool { return b.Alignment == AlignmentUnaligned }

// BlocksUpstream reports whether the sender stops after this barrier until the receiver
// resumes the channel (Flink: blocking upstream events, reference 2.1).
func (b Barrier) BlocksUpstream() bool {
	return b.Alignment == AlignmentAligned || b.Alignment == AlignmentForcedAligned
}

// AsUnaligned is the same barrier after its switch.
func (b Barrier) AsUnaligned() Barrier {
	b.Alignment = AlignmentUnaligned
	return b
}

// OnUnsupportedEdge is the barrier as it crosses an edge without unaligned support:
// unaligned and timeoutable barriers become forced-aligned, others stay.
func (b Barrier) OnUnsupportedEdge() Barrier {
	if b.Alignment == AlignmentUnaligned || b.Timeoutable() {
		b.Alignment = AlignmentForcedAligned
	}
	return b
}

// WithUnalignedSupport undoes OnUnsupportedEdge for the next supporting exchange.
func (b Barrier) WithUnalignedSupport() Barrier {
	if b.Alignment != AlignmentForcedAligned {
		return b
	}
	if b.TimeoutNanos > 0 {
		b.Alignment = AlignmentAligned
		return b
	}
	b.Alignment = AlignmentUnaligned
	return b
}
