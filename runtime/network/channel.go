package network

import (
	"simrun/protocol"
	"simrun/runtime/record"
)

// InputChannel is the receiver's end of a channel (Flink: RemoteInputChannel with its
// BufferManager, LocalInputChannel; reference 2.8, 2.9).
type InputChannel struct {
	Index protocol.ChannelIndex
	Local bool
	// Received is the ghost chain of the elements that the task has applied.
	Received protocol.Chain

	gate    *Gate
	queue   queue
	partial int32 // bytes of an element that is not whole yet

	exclusiveFree, floatingFree int32
	required                    int32 // the sender's backlog and the exclusive ones
	waiting                     bool  // for a floating buffer
	expected                    int64 // next sequence number
	available                   bool  // local: the sender has something to poll
	ready                       bool  // in the gate's rotation
	ended                       bool
	recovering                  bool

	// Persister says which arriving data belongs to a checkpoint.
	Persister protocol.ChannelStatePersister
	// persisted is the channel state of the checkpoint in hand.
	persisted []record.Piece
}

// Ended reports whether nothing follows on the channel.
func (c *InputChannel) Ended() bool { return c.ended }

// SetEnded notes the end of the partition.
func (c *InputChannel) SetEnded() { c.ended = true }

// PartialBytes are the bytes of the record that has only begun to arrive.
func (c *InputChannel) PartialBytes() int32 { return c.partial }

// Credits are the buffers that the sender may still fill.
func (c *InputChannel) Credits() int32 { return c.exclusiveFree + c.floatingFree }

// QueuedBuffers is the number of buffers that wait in the channel.
func (c *InputChannel) QueuedBuffers() int { return c.queue.size() }

// Queued calls f for every waiting buffer, first to last.
func (c *InputChannel) Queued(f func(*Buffer)) {
	for i := range c.queue.size() {
		f(c.queue.at(i))
	}
}

// Receive takes a buffer that arrived over the wire. It reports whether the buffer came
// in order and found a free buffer; false is a broken transport.
func (c *InputChannel) Receive(b *Buffer) bool {
	if !c.Local {
		if b.Sequence != c.expected {
			return false
		}
		c.expected++
		if b.IsData() && !c.occupy(b) {
			return false
		}
	} else if b.IsData() {
		c.required = c.gate.exclusive + b.Backlog
	}
	if b.Priority {
		c.queue.pushPriority(b)
		return true
	}
	c.queue.push(b)
	return true
}

// occupy takes one of the receiver's free buffers, floating ones first.
func (c *InputChannel) occupy(b *Buffer) bool {
	switch {
	case c.floatingFree > 0:
		c.floatingFree--
		b.Floating = true
	case c.exclusiveFree > 0:
		c.exclusiveFree--
	default:
		return false
	}
	return true
}

// Recover queues restored in-flight data ahead of everything.
func (c *InputChannel) Recover(arena *Arena, pieces []record.Piece) {
	next := c.Received.Count
	for _, piece := range pieces {
		b := arena.NewBuffer(Data)
		b.Piece, b.Shared, b.Recovered, b.First = piece, true, true, next
		next += int64(len(piece.Elements))
		c.queue.push(b)
	}
	c.queue.push(arena.NewBuffer(EndOfInputStateEvent))
	c.recovering = true
}

// Recovered notes that all restored data was consumed.
func (c *InputChannel) Recovered() { c.recovering = false }

// Peek reports whether a buffer waits here, and whether it has priority.
func (c *InputChannel) Peek() (waits, priority bool) {
	return c.queue.size() > 0, c.queue.priority > 0
}

// Take removes the next buffer.
func (c *InputChannel) Take() *Buffer { return c.queue.pop() }

// Join accounts for the bytes of a data buffer that begins to be consumed. It reports
// whether its head continues what arrived before: false is a corrupt stream.
func (c *InputChannel) Join(p *record.Piece) bool {
	switch {
	case p.HeadBytes > 0 && c.partial == 0, p.HeadBytes == 0 && c.partial > 0:
		return false
	case p.HeadBytes == 0:
		return true
	case len(p.Elements) == 0:
		return c.partial+p.HeadBytes < 1<<30
	}
	return c.partial+p.HeadBytes == p.Elements[0].SizeBytes
}

// Leave notes what a consumed data buffer leaves behind of an unfinished element.
func (c *InputChannel) Leave(p *record.Piece) {
	if len(p.Elements) == 0 && p.TailBytes == 0 {
		c.partial += p.HeadBytes
		return
	}
	c.partial = p.TailBytes
}

// Prioritize moves the announced barrier with the sequence number to the front. It stays
// the aligned barrier that it is: its sender has stopped behind it and must be resumed
// (Flink: RemoteInputChannel.convertToPriorityEvent changes the position only). False: it
// has been consumed already.
func (c *InputChannel) Prioritize(sequence int64) bool {
	for i := c.queue.priority; i < c.queue.size(); i++ {
		b := c.queue.at(i)
		if b.Kind != BarrierEvent || b.Sequence != sequence {
			continue
		}
		c.queue.remove(i)
		b.Priority = true
		c.queue.pushPriority(b)
		return true
	}
	return false
}

// Persist adds a piece to the checkpoint's channel state.
func (c *InputChannel) Persist(p record.Piece) { c.persisted = append(c.persisted, p) }

// PersistBuffer adds a queued buffer's content and marks it as shared.
func (c *InputChannel) PersistBuffer(b *Buffer) {
	b.Shared = true
	c.persisted = append(c.persisted, b.Piece)
}

// TakePersisted hands the recorded channel state over and forgets it.
func (c *InputChannel) TakePersisted() []record.Piece {
	p := c.persisted
	c.persisted = nil
	return p
}

// Announce puts an announcement ahead of the data.
func (c *InputChannel) Announce(b *Buffer) { c.queue.pushPriority(b) }

// Available reports whether the sender of a local channel has something to poll.
func (c *InputChannel) Available() bool { return c.available }

// SetAvailable notes whether it has.
func (c *InputChannel) SetAvailable(available bool) { c.available = available }
