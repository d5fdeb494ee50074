package network

import (
	"slices"

	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/sim"
)

// Arena recycles buffers and segments within one simulation, and the memory of partitions
// and gates from one to the next. It has no effect on what is simulated: it only saves the
// garbage collector work.
type Arena struct {
	buffers     []*Buffer
	made        []*Buffer         // the first ones, wherever they are now
	spare       [][]record.Record // of buffers that are free
	shared      [][]record.Record // of such that snapshots share, until the run is over
	segments    []*segment
	assignments state.Assignments

	segmentSlab   sim.Slab[segment]
	partitions    sim.Slab[Partition]
	pointers      sim.Slab[*Partition]
	subpartitions sim.Slab[Subpartition]
	pools         sim.Slab[Pool]
	counts        sim.Slab[int32]
	changes       sim.Slab[Change]
	gates         sim.Slab[Gate]
	gatePointers  sim.Slab[*Gate]
	channels      sim.Slab[*InputChannel]
	grants        sim.Slab[Grant]
	queues        sim.Slab[*Buffer]
	elements      sim.Slab[[firstElements]record.Record]
}

// maxReclaimed bounds the buffers that Reset finds again; maxShared the elements which it gets
// back from snapshots, for those live on in them until then; and maxSpare the records for which
// there is room in what it keeps.
const (
	maxReclaimed = 1 << 12
	maxShared    = 64
	maxSpare     = 1 << 15
)

// Reset takes everything back: the run that used it is over.
func (a *Arena) Reset() {
	a.buffers, a.segments = a.buffers[:0], a.segments[:0]
	for _, b := range a.made {
		a.Free(b)
	}
	a.spare = append(a.spare, a.shared...)
	clear(a.shared)
	a.shared = a.shared[:0]
	room := maxSpare
	a.spare = slices.DeleteFunc(a.spare, func(e []record.Record) bool {
		room -= cap(e)
		return cap(e) == firstElements || room < 0
	})
	a.segmentSlab.Reset()
	a.partitions.Reset()
	a.pointers.Reset()
	a.subpartitions.Reset()
	a.pools.Reset()
	a.counts.Reset()
	a.changes.Reset()
	a.gates.Reset()
	a.gatePointers.Reset()
	a.channels.Reset()
	a.grants.Reset()
	a.queues.Reset()
	a.elements.Reset()
}

// NewBuffer gives an empty buffer of the kind.
func (a *Arena) NewBuffer(kind Kind) *Buffer {
	if n := len(a.buffers); n > 0 {
		b := a.buffers[n-1]
		a.buffers = a.buffers[:n-1]
		b.Kind = kind
		return b
	}
	b := &Buffer{Kind: kind}
	if len(a.made) < maxReclaimed {
		a.made = append(a.made, b)
	}
	return b
}

// Free takes a buffer back. Its elements are reused, by the next run if a snapshot shares
// them.
func (a *Arena) Free(b *Buffer) {
	switch elements := b.Piece.Elements; {
	case cap(elements) == 0:
	case !b.Shared:
		a.spare = append(a.spare, elements[:0])
	case b.owns && len(a.shared) < maxShared:
		a.shared = append(a.shared, elements[:0])
	}
	*b = Buffer{}
	a.buffers = append(a.buffers, b)
}

// newElements is room for the elements of a data buffer: the latest that was given up, so
// that few grow to the size of a segment, and events hold none. New ones are the slab's,
// and have left it when they have grown.
func (a *Arena) newElements() []record.Record {
	if last := len(a.spare) - 1; last >= 0 {
		elements := a.spare[last]
		a.spare[last] = nil
		a.spare = a.spare[:last]
		return elements
	}
	return a.elements.New()[:0]
}

func (a *Arena) newSegment(pool *Pool, subpartition int32) *segment {
	if n := len(a.segments); n > 0 {
		s := a.segments[n-1]
		a.segments = a.segments[:n-1]
		*s = segment{pool, subpartition, 1}
		return s
	}
	s := a.segmentSlab.New()
	*s = segment{pool, subpartition, 1}
	return s
}

// release lets go of one reference and returns the segment with the last one.
func (a *Arena) release(s *segment) {
	s.references--
	if s.references > 0 {
		return
	}
	s.pool.put(s.subpartition)
	a.segments = append(a.segments, s)
}

// Room for as much as a queue or list of a small job ever holds.
const (
	queueRoom   = 8
	changesRoom = 8
)

func (a *Arena) newQueue() queue { return queue{items: a.queues.Room(queueRoom)} }

// Channels gives room for pointers to n channels, for NewGate.
func (a *Arena) Channels(n int) []*InputChannel { return a.channels.Room(n) }

// Partitions gives room for pointers to n partitions.
func (a *Arena) Partitions(n int) []*Partition { return a.pointers.Room(n) }
