package network

import (
	"strconv"

	"simrun/protocol"
	"simrun/runtime/record"
)

// Subpartition is the sender's end of one channel: a queue of buffers, the last of which
// may still be written (Flink: PipelinedSubpartition, reference 2.7).
type Subpartition struct {
	// Sent is the ghost chain of everything that was written.
	Sent protocol.Chain

	arena     *Arena
	partition *Partition
	pool      *Pool
	index     int32
	queue     queue
	open      *Buffer  // the buffer being written, last in the queue
	segment   *segment // the memory that is being filled, perhaps already flushed in part
	used      int32
	capacity  int32 // of the segment being filled
	size      int32 // of segments to come (debloating)
	flush     bool  // the unfinished buffer may be polled
	blocked   bool  // a blocking event was polled
	data      int32 // data buffers in the queue
	sequence  int64
	released  bool
	ready     bool // listed in the partition's Ready
	foreseen  foreseen
}

// SetSize is the receiver's wish for the size of buffers to come, in bytes.
func (s *Subpartition) SetSize(bytes int32) { s.size = bytes }

// write appends bytes of r, left of which are not written yet, and gives what is still
// left when no segment could be had.
func (s *Subpartition) write(r *record.Record, left int32) int32 {
	for {
		if s.segment == nil && !s.begin() {
			return left
		}
		if s.open == nil {
			s.openSlice(s.newData())
		}
		left = s.fill(r, left)
		if s.used == s.capacity {
			s.finish()
		}
		if left == 0 {
			s.Sent.Extend(r.Lineage)
			return 0
		}
	}
}

// begin takes a segment to fill.
func (s *Subpartition) begin() bool {
	if !s.pool.take(s.index) {
		return false
	}
	s.segment = s.arena.newSegment(s.pool, s.index)
	s.used, s.capacity = 0, s.size
	return true
}

// newData gives an empty data buffer.
func (s *Subpartition) newData() *Buffer {
	b := s.arena.NewBuffer(Data)
	b.Piece.Elements, b.owns = s.arena.newElements(), true
	return b
}

// openSlice starts b in what is left of the segment.
func (s *Subpartition) openSlice(b *Buffer) {
	b.segment, b.First = s.segment, s.Sent.Count
	s.segment.references++
	s.open = b
	s.queue.push(b)
	s.data++
}

// firstElements is the room of a new buffer: growing from nothing costs twice as much.
const firstElements = 32

// fill copies what fits of the element into the open buffer.
func (s *Subpartition) fill(r *record.Record, left int32) int32 {
	p := &s.open.Piece
	n := min(s.capacity-s.used, left)
	began := left < r.SizeBytes
	if began && p.SizeBytes == 0 {
		p.HeadBytes = n
	}
	p.SizeBytes += n
	s.used += n
	left -= n
	switch {
	case left == 0:
		p.Elements = append(p.Elements, *r)
	case !began:
		p.TailBytes = n
	}
	return left
}

// finish ends the segment: nothing more is written to it.
func (s *Subpartition) finish() {
	if s.segment == nil {
		return
	}
	s.arena.release(s.segment)
	s.segment, s.open = nil, nil
	if !s.ready {
		s.ready = true
		s.partition.Ready = append(s.partition.Ready, s.index)
	}
}

// Seen takes the subpartition out of its partition's Ready list.
func (s *Subpartition) Seen() { s.ready = false }

// Append adds an event behind all data; the buffer being written is finished first.
func (s *Subpartition) Append(b *Buffer) {
	s.finish()
	s.queue.push(b)
}

// AppendPriority adds an event ahead of all data.
func (s *Subpartition) AppendPriority(b *Buffer) {
	s.finish()
	b.Priority = true
	s.queue.pushPriority(b)
}

// Recover puts restored in-flight data into the queue, before anything is written.
func (s *Subpartition) Recover(pieces []record.Piece) {
	for _, piece := range pieces {
		b := s.arena.NewBuffer(Data)
		s.pool.force(s.index)
		b.segment = s.arena.newSegment(s.pool, s.index)
		b.Piece, b.Shared = piece, true
		s.queue.push(b)
		s.data++
	}
}

// NumberRecovered gives the restored data the ordinals that end where Sent stands.
func (s *Subpartition) NumberRecovered() {
	next := s.Sent.Count
	for i := s.queue.size() - 1; i >= 0; i-- {
		b := s.queue.at(i)
		if b.IsData() {
			next -= int64(len(b.Piece.Elements))
			b.First = next
		}
	}
}

// Flush makes the unfinished buffer pollable (the buffer timeout). It reports whether
// that made something available.
func (s *Subpartition) Flush() bool {
	if s.queue.size() == 0 || s.flush {
		return false
	}
	before := s.CanPoll()
	s.flush = s.queue.size() > 1 || s.open != nil
	return !before && s.CanPoll()
}

// CanPoll reports whether Poll would give a buffer.
func (s *Subpartition) CanPoll() bool {
	n := s.queue.size()
	return !s.blocked && n > 0 && (n > 1 || s.flush || s.queue.at(0) != s.open)
}

// NextIsData reports whether the next buffer needs a credit; ask only if CanPoll.
func (s *Subpartition) NextIsData() bool { return s.queue.at(0).IsData() }

// Backlog is the number of data buffers that could be sent if there were credit.
func (s *Subpartition) Backlog() int32 {
	if s.blocked || s.queue.size() == 0 {
		return 0
	}
	if s.open != nil && !s.flush {
		return s.data - 1
	}
	return s.data
}

// Poll takes the next buffer, or nil.
func (s *Subpartition) Poll() *Buffer {
	if !s.CanPoll() {
		return nil
	}
	b := s.queue.pop()
	if b.IsData() {
		s.data--
	}
	if b == s.open {
		s.open = nil
		s.leaves(b)
	}
	if s.queue.size() == 0 {
		s.flush = false
	}
	b.Sequence = s.sequence
	s.sequence++
	s.blocked = b.BlocksUpstream()
	b.Backlog = s.Backlog()
	return b
}

// LetGo releases the memory behind a polled buffer: at once when it went over the wire,
// and when its receiver has consumed it on a local channel.
func (s *Subpartition) LetGo(b *Buffer) {
	if b.segment != nil {
		s.arena.release(b.segment)
		b.segment = nil
	}
}

// Resume lets the channel go on after a blocking event.
func (s *Subpartition) Resume() { s.blocked = false }

// Blocked reports whether the channel waits to be resumed.
func (s *Subpartition) Blocked() bool { return s.blocked }

// Queued calls f for every buffer that waits, first to last.
func (s *Subpartition) Queued(f func(*Buffer)) {
	for i := range s.queue.size() {
		f(s.queue.at(i))
	}
}

// Overtaken appends the content of the data that a barrier inserted now would overtake
// and marks it as shared. Events between are not stored (FLINK-17315).
func (s *Subpartition) Overtaken(pieces []record.Piece) []record.Piece {
	return s.capture(pieces, s.queue.size())
}

func (s *Subpartition) capture(pieces []record.Piece, end int) []record.Piece {
	for i := s.queue.priority; i < end; i++ {
		if b := s.queue.at(i); b.IsData() {
			b.Shared = true
			pieces = append(pieces, b.Piece)
		}
	}
	return pieces
}

// Convert moves the queued barrier of barrier's checkpoint to the front, as barrier, and
// appends the data that it overtakes. It panics if no such barrier waits in line.
func (s *Subpartition) Convert(barrier protocol.Barrier, pieces []record.Piece) []record.Piece {
	for i := s.queue.priority; i < s.queue.size(); i++ {
		b := s.queue.at(i)
		if b.Kind != BarrierEvent || b.Barrier.ID != barrier.ID {
			continue
		}
		pieces = s.capture(pieces, i)
		s.queue.remove(i)
		b.Barrier, b.Priority = barrier, true
		s.queue.pushPriority(b)
		return pieces
	}
	panic("network: no barrier to convert in subpartition " + strconv.Itoa(int(s.index)))
}

// Release drops everything: the receiver is gone or the task ends.
func (s *Subpartition) Release() {
	for s.queue.size() > 0 {
		b := s.queue.pop()
		s.LetGo(b)
	}
	s.finish()
	s.data, s.flush, s.blocked, s.released = 0, false, false, true
}

// Released reports whether Release was called; nothing may be written any more.
func (s *Subpartition) Released() bool { return s.released }

// NextHasPriority reports whether an event that overtakes data may be polled now.
func (s *Subpartition) NextHasPriority() bool { return s.queue.priority > 0 && s.CanPoll() }

// Waiting reports whether something has not been polled yet.
func (s *Subpartition) Waiting() bool { return s.queue.size() > 0 }
