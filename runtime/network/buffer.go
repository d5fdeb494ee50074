package network

import (
	"simrun/protocol"
	"simrun/runtime/record"
)

// Kind says what a Buffer holds.
type Kind uint8

const (
	// Data holds bytes of elements and needs a credit.
	Data Kind = iota
	// BarrierEvent carries Barrier.
	BarrierEvent
	// AnnouncementEvent says, ahead of the data, that Barrier is queued behind it; Mark is
	// that barrier's sequence number.
	AnnouncementEvent
	// CancelEvent cancels the checkpoint Mark on its way downstream.
	CancelEvent
	// EndOfDataEvent: the sender has finished its operators; no record follows.
	EndOfDataEvent
	// EndOfPartitionEvent: nothing follows.
	EndOfPartitionEvent
	// EndOfOutputStateEvent ends recovered output data; the subpartition is blocked after
	// it until the receiver has recovered all of its inputs.
	EndOfOutputStateEvent
	// EndOfInputStateEvent ends recovered input data, at the receiver itself.
	EndOfInputStateEvent
	// BacklogEvent tells a receiver without exclusive buffers that data waits.
	BacklogEvent
	// EmptyReply answers a poll of a local channel that found nothing.
	EmptyReply
)

// Buffer is a network buffer or an event between them.
type Buffer struct {
	Kind     Kind
	Priority bool
	// Recovered: restored input data, read from the store: it holds no credit.
	Recovered bool
	// More: the local subpartition has more to poll.
	More bool
	// Floating: it occupies a floating buffer of the receiver, else an exclusive one.
	Floating bool
	// Shared: its elements are part of a snapshot and may not be used again.
	Shared bool
	// Backlog is the number of data buffers that wait behind it.
	Backlog int32
	// Sequence is assigned when it is polled, so a converted barrier has a smaller one
	// than the data that it overtook.
	Sequence int64
	// First is the ordinal in its channel of the first element that ends in it.
	First   int64
	Mark    int64
	Barrier protocol.Barrier
	Piece   record.Piece
	segment *segment
	owns    bool // its elements are its own, not a snapshot's that it was restored from
}

// IsData reports whether it holds elements.
func (b *Buffer) IsData() bool { return b.Kind == Data }

// BlocksUpstream reports whether the sender stops after it until it is resumed.
func (b *Buffer) BlocksUpstream() bool {
	return b.Kind == EndOfOutputStateEvent || b.Kind == BarrierEvent && b.Barrier.BlocksUpstream()
}

// segment is one memory segment of an output pool. Slices that were flushed out of it
// and the writer share it; the last one to let go returns it.
type segment struct {
	pool         *Pool
	subpartition int32
	references   int32
}
