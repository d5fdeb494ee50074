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
	next       []int32  // rotation of rebalance exchanges, as it will be
	room       [][]room // by partition and subpartition
	run        int64
	placed     []placement
}

// room are the bytes left in the open segment, as looked up in a run.
type room struct {
	run   int64
	bytes int32
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
		f.room = append(f.room, make([]room, len(p.Subpartitions)))
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
	f.run++
	for i, p := range f.partitions {
		f.next[i] = p.next
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
	for i, p := range f.partitions {
		at, key := f.routeOf(i, p, r)
		f.placed = append(f.placed, placement{at, key})
		room := f.roomOf(i, p, at)
		if r.SizeBytes >= *room {
			return false
		}
		*room -= r.SizeBytes
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

// roomOf is what the open segment will still take. It is looked up when it is first asked
// for: a run may touch few of many subpartitions.
func (f *Foresight) roomOf(i int, p *Partition, subpartition int32) *int32 {
	room := &f.room[i][subpartition]
	if room.run != f.run {
		room.run, room.bytes = f.run, p.Subpartitions[subpartition].room()
	}
	return &room.bytes
}

// Write writes elements at the places that were found for the first ones not written
// yet, from the from-th on.
func (f *Foresight) Write(elements []record.Record, from int) {
	for e := range elements {
		places := f.placed[(from+e)*len(f.partitions):]
		r := &elements[e]
		for i, p := range f.partitions {
			s := &p.Subpartitions[places[i].subpartition]
			if s.open == nil {
				s.openSlice()
			}
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
