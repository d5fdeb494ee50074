package network

import (
	"simrun/runtime/job"
	"simrun/runtime/record"
)

// Foresight finds out, before they are written, which elements go into segments that are
// open already: these can be written late, for until then nobody can tell. An element
// that would take a segment, or fill one, must be written at its own instant.
type Foresight struct {
	partitions []*Partition
	next       []int32   // rotation of rebalance exchanges, as it will be
	room       [][]int32 // bytes left in the open segment, by partition and subpartition
	placed     []placement
}

// placement is where one element goes in one partition.
type placement struct {
	subpartition int32
	key          uint64
}

// NewForesight looks ahead for the partitions.
func NewForesight(partitions []*Partition) *Foresight {
	f := &Foresight{partitions: partitions, next: make([]int32, len(partitions))}
	for _, p := range partitions {
		f.room = append(f.room, make([]int32, len(p.Subpartitions)))
	}
	return f
}

// Places is the memory of a Foresight that is not needed any more.
type Places struct{ placed []placement }

// Borrow lets the Foresight, which has placed nothing, work in the memory of another.
func (f *Foresight) Borrow(p Places) { f.placed = p.placed[:0] }

// Return gives up the memory; the Foresight must not be used any more.
func (f *Foresight) Return() Places { return Places{f.placed[:0]} }

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

// Begin starts from the partitions as they are.
func (f *Foresight) Begin() {
	f.placed = f.placed[:0]
	for i, p := range f.partitions {
		f.next[i] = p.next
		for s := range p.Subpartitions {
			f.room[i][s] = p.Subpartitions[s].room()
		}
	}
}

// room is what the open segment still takes.
func (s *Subpartition) room() int32 {
	if s.segment == nil || s.released {
		return 0
	}
	return s.capacity - s.used
}

// Place finds the place of the next element. False: it must be written at its instant,
// and nothing may be placed after it.
func (f *Foresight) Place(r *record.Record) bool {
	if !r.IsRecord() {
		return false
	}
	key := r.Key
	for i, p := range f.partitions {
		now := p.next
		p.next = f.next[i]
		subpartition, _ := p.route(r)
		f.next[i], p.next = p.next, now
		f.placed = append(f.placed, placement{int32(subpartition), r.Key})
		r.Key = key
		room := &f.room[i][subpartition]
		if r.SizeBytes >= *room {
			return false
		}
		*room -= r.SizeBytes
	}
	return true
}

// Write writes elements at the places that were found for the first ones not written
// yet, from the from-th on.
func (f *Foresight) Write(elements []record.Record, from int) {
	for e := range elements {
		places := f.placed[(from+e)*len(f.partitions):]
		for i, p := range f.partitions {
			s := &p.Subpartitions[places[i].subpartition]
			if s.open == nil {
				s.openSlice()
			}
			r := &elements[e]
			r.Key = places[i].key
			s.append(r)
			if p.edge.Exchange == job.Rebalance {
				p.next = places[i].subpartition
			}
		}
	}
}

// append adds a whole element to the open buffer, which has room for it.
func (s *Subpartition) append(r *record.Record) {
	p := &s.open.Piece
	p.Elements = append(p.Elements, *r)
	p.SizeBytes += r.SizeBytes
	s.used += r.SizeBytes
	s.Sent.Extend(r.Lineage)
}
