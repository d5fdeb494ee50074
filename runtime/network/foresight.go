package network

import (
	"slices"

	"simrun/runtime/job"
	"simrun/runtime/record"
)

// Foresight writes elements before their time: behind the visible end of the buffers that
// are open already, where nobody can tell. Reveal makes them visible when their time has
// come, and Forget gives up the rest.
//
//	open buffer:  |- a -|- b -|- c -|- d -|      c and d are foreseen: Sent, sizes and the
//	                          ▲ visible end      length of the buffer know nothing of them
//
// An element that would take a segment, or fill one, cannot be foreseen: it must be
// written at its own instant.
type Foresight struct {
	partitions []*Partition
	next       []int32         // rotation of rebalance exchanges, as it will be
	placed     [][]int32       // subpartitions, by partition and element
	touched    []*Subpartition // that hold something foreseen
	due        []*Subpartition // in which something is due
}

// foreseen is what lies behind the visible end of a subpartition.
type foreseen struct {
	buffer *Buffer         // that it lies in; nil: there is nothing
	behind []record.Record // all that lies behind the visible end of its elements
	count  int32           // of those that are foreseen
	due    int32           // of those whose time has come
	room   int32           // bytes that the segment would still take
}

// NewForesight looks ahead for the partitions.
func NewForesight(partitions []*Partition) *Foresight {
	n := len(partitions)
	return &Foresight{partitions: partitions, next: make([]int32, n), placed: make([][]int32, n)}
}

// Places is the memory of a Foresight that is not needed any more.
type Places struct {
	placed       [][]int32
	touched, due []*Subpartition
}

// Borrow lets the Foresight, which has placed nothing, work in the memory of another.
func (f *Foresight) Borrow(p Places) {
	copy(f.placed, p.placed)
	f.touched, f.due = p.touched[:0], p.due[:0]
}

// Return gives up the memory; the Foresight must not be used any more.
func (f *Foresight) Return() Places {
	clear(f.touched)
	clear(f.due[:cap(f.due)])
	return Places{f.placed, f.touched[:0], f.due[:0]}
}

// Possible reports whether the exchanges can be foreseen: not where every element goes to
// all.
func (f *Foresight) Possible() bool {
	for _, p := range f.partitions {
		if p.edge.Exchange == job.Broadcast {
			return false
		}
	}
	return true
}

// Begin starts from the partitions as they are. What was foreseen before must be revealed
// or forgotten.
func (f *Foresight) Begin() {
	for i, p := range f.partitions {
		f.placed[i], f.next[i] = f.placed[i][:0], p.next
	}
}

// Place writes the next elements where nobody sees them, and says how many. If these are
// not all, the one that follows must be written at its instant, and nothing may be placed
// after it.
func (f *Foresight) Place(elements []record.Record) (placed int) {
	placed = len(elements)
	for i, p := range f.partitions {
		placed = f.place(i, p, elements[:placed])
	}
	return placed
}

// place goes on in one partition for as long as it can; what another one cannot take is
// never revealed.
func (f *Foresight) place(i int, p *Partition, elements []record.Record) int {
	places, next := f.placed[i], f.next[i]
	e := 0
	for ; e < len(elements) && elements[e].IsRecord(); e++ {
		r := &elements[e]
		at, key := int32(0), r.Key // what Partition.route will find
		switch p.edge.Exchange {
		case job.Keyed:
			if p.edge.KeyBy != nil {
				key = p.edge.KeyBy(r)
			}
			at = int32(p.assignment.Subtask(key))
		case job.Rebalance:
			if at = next + 1; int(at) >= len(p.Subpartitions) {
				at = 0
			}
			next = at
		}
		s := &p.Subpartitions[at]
		if int(s.foreseen.count) == len(s.foreseen.behind) {
			f.makeRoom(s)
		}
		if r.SizeBytes >= s.foreseen.room {
			break
		}
		made := &s.foreseen.behind[s.foreseen.count]
		*made = *r
		made.Key = key
		s.foreseen.count++
		s.foreseen.room -= r.SizeBytes
		places = append(places, at)
	}
	f.placed[i], f.next[i] = places, next
	return e
}

// Reveal makes the elements from the from-th to before the to-th visible: their time has
// come. Those before were revealed already.
func (f *Foresight) Reveal(from, to int) {
	if from == to {
		return
	}
	for i, p := range f.partitions {
		for _, at := range f.placed[i][from:to] {
			s := &p.Subpartitions[at]
			if s.foreseen.due == 0 {
				f.due = append(f.due, s)
			}
			s.foreseen.due++
		}
		for _, s := range f.due {
			s.reveal(s.foreseen.due)
		}
		f.due = f.due[:0]
		if p.edge.Exchange == job.Rebalance {
			p.next = f.placed[i][to-1]
		}
	}
}

// Forget gives up what was not revealed.
func (f *Foresight) Forget() {
	for i, s := range f.touched {
		s.forget()
		f.touched[i] = nil
	}
	f.touched = f.touched[:0]
}

// makeRoom lets one more element be foreseen, if the subpartition has a segment open. If
// what was written into that before has left, the element will lie in a buffer which
// nobody knows of yet.
func (f *Foresight) makeRoom(s *Subpartition) {
	if s.segment == nil {
		return
	}
	if s.foreseen.buffer == nil {
		s.foreseen = foreseen{buffer: s.open, room: s.capacity - s.used}
		if s.open == nil {
			s.foreseen.buffer = s.newData()
		}
		f.touched = append(f.touched, s)
	}
	p := &s.foreseen.buffer.Piece
	visible := len(p.Elements)
	written := p.Elements[:visible+int(s.foreseen.count)]
	p.Elements = slices.Grow(written, 1)[:visible]
	s.foreseen.behind = p.Elements[visible:cap(p.Elements)]
}

// reveal makes the first n foreseen elements visible.
func (s *Subpartition) reveal(n int32) {
	if s.open == nil {
		s.openSlice(s.foreseen.buffer)
	}
	elements, bytes, sent := s.foreseen.behind[:n], int32(0), s.Sent
	for i := range elements {
		bytes += elements[i].SizeBytes
		sent.Extend(elements[i].Lineage)
	}
	p := &s.open.Piece
	p.Elements = p.Elements[:len(p.Elements)+int(n)]
	p.SizeBytes += bytes
	s.used += bytes
	s.Sent = sent
	s.foreseen.behind = s.foreseen.behind[n:]
	s.foreseen.count -= n
	s.foreseen.due = 0
}

// leaves moves what is foreseen out of a buffer that leaves before it is full.
func (s *Subpartition) leaves(b *Buffer) {
	if s.foreseen.buffer != b {
		return
	}
	next := s.newData()
	written := append(next.Piece.Elements, s.foreseen.behind[:s.foreseen.count]...)
	next.Piece.Elements = written[:0]
	s.foreseen.buffer, s.foreseen.behind = next, written[:cap(written)]
}

func (s *Subpartition) forget() {
	if b := s.foreseen.buffer; b != s.open {
		s.arena.Free(b)
	}
	s.foreseen = foreseen{}
}
