package network

import (
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
	placed     []int32         // subpartitions, by element and partition
	touched    []*Subpartition // that hold something foreseen
}

// foreseen is what lies behind the visible end of a subpartition.
type foreseen struct {
	buffer *Buffer // that it lies in; nil: there is nothing
	count  int32
	room   int32 // bytes that the segment would still take
}

// NewForesight looks ahead for the partitions.
func NewForesight(partitions []*Partition) *Foresight {
	return &Foresight{partitions: partitions, next: make([]int32, len(partitions))}
}

// Places is the memory of a Foresight that is not needed any more.
type Places struct {
	placed  []int32
	touched []*Subpartition
}

// Borrow lets the Foresight, which has placed nothing, work in the memory of another.
func (f *Foresight) Borrow(p Places) { f.placed, f.touched = p.placed[:0], p.touched[:0] }

// Return gives up the memory; the Foresight must not be used any more.
func (f *Foresight) Return() Places {
	clear(f.touched)
	return Places{f.placed[:0], f.touched[:0]}
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
	f.placed = f.placed[:0]
	for i, p := range f.partitions {
		f.next[i] = p.next
	}
}

// Place writes the next element where nobody sees it. False: it must be written at its
// instant, and nothing may be placed after it.
func (f *Foresight) Place(r *record.Record) bool {
	if !r.IsRecord() {
		return false
	}
	for i, p := range f.partitions {
		at, key := f.routeOf(i, p, r)
		s := &p.Subpartitions[at]
		if s.foreseen.buffer == nil && s.segment != nil {
			s.beginForeseen()
			f.touched = append(f.touched, s)
		}
		if r.SizeBytes >= s.foreseen.room {
			return false
		}
		s.foresee(r, key)
		f.placed = append(f.placed, at)
	}
	return true
}

// routeOf is where an element goes in a partition, and under which key: what
// Partition.route will do.
func (f *Foresight) routeOf(i int, p *Partition, r *record.Record) (subpartition int32, key uint64) {
	switch p.edge.Exchange {
	case job.Keyed:
		key = r.Key
		if p.edge.KeyBy != nil {
			key = p.edge.KeyBy(r)
		}
		return int32(p.assignment.Subtask(key)), key
	case job.Rebalance:
		next := f.next[i] + 1
		if int(next) >= len(p.Subpartitions) {
			next = 0
		}
		f.next[i] = next
		return next, r.Key
	}
	return 0, r.Key
}

// Reveal makes the elements from the from-th to before the to-th visible: their time has
// come. Those before were revealed already.
func (f *Foresight) Reveal(from, to int) {
	stride := len(f.partitions)
	for i, p := range f.partitions {
		for e := from*stride + i; e < to*stride; e += stride {
			p.Subpartitions[f.placed[e]].reveal()
		}
		if to > from && p.edge.Exchange == job.Rebalance {
			p.next = f.placed[(to-1)*stride+i]
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

// beginForeseen looks up where in the open segment the next element would lie. If what
// was written before has left, that is a buffer which nobody knows of yet.
func (s *Subpartition) beginForeseen() {
	s.foreseen = foreseen{buffer: s.open, room: s.capacity - s.used}
	if s.open == nil {
		s.foreseen.buffer = s.newData()
	}
}

// foresee writes an element behind everything that was foreseen.
func (s *Subpartition) foresee(r *record.Record, key uint64) {
	p := &s.foreseen.buffer.Piece
	visible := len(p.Elements)
	at := visible + int(s.foreseen.count)
	if at == cap(p.Elements) {
		p.Elements = append(p.Elements[:at], record.Record{})[:visible]
	}
	made := &p.Elements[:at+1][at]
	*made = *r
	made.Key = key
	s.foreseen.count++
	s.foreseen.room -= r.SizeBytes
}

// reveal makes the first foreseen element visible.
func (s *Subpartition) reveal() {
	if s.open == nil {
		s.openSlice(s.foreseen.buffer)
	}
	p := &s.open.Piece
	visible := len(p.Elements)
	p.Elements = p.Elements[:visible+1]
	r := &p.Elements[visible]
	p.SizeBytes += r.SizeBytes
	s.used += r.SizeBytes
	s.foreseen.count--
	s.Sent.Extend(r.Lineage)
}

// leaves moves what is foreseen out of a buffer that leaves before it is full.
func (s *Subpartition) leaves(b *Buffer) {
	if s.foreseen.buffer != b {
		return
	}
	next, visible := s.newData(), len(b.Piece.Elements)
	behind := b.Piece.Elements[visible : visible+int(s.foreseen.count)]
	next.Piece.Elements = append(next.Piece.Elements, behind...)[:0]
	s.foreseen.buffer = next
}

func (s *Subpartition) forget() {
	if b := s.foreseen.buffer; b != s.open {
		s.arena.Free(b)
	}
	s.foreseen = foreseen{}
}
