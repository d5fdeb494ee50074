package network

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/sim"
)

// Partition is one result partition: the producer's side of an edge (Flink:
// PipelinedResultPartition with its ChannelSelector).
type Partition struct {
	Subpartitions []Subpartition
	Pool          *Pool
	// Ready lists subpartitions that finished a buffer and have not been looked at since.
	Ready []int32

	edge       *job.Edge
	assignment *state.Recent // keyed exchanges
	next       int32
}

// PartitionOptions say how a Partition is built.
type PartitionOptions struct {
	Edge           *job.Edge
	Subpartitions  int
	MaxParallelism int
	Network        *job.Network
	Arena          *Arena
	// FirstChannel is the subpartition at which a rebalance begins. Flink draws it; an
	// addressed draw keeps it the same under every protocol.
	FirstChannel int32
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug protocol.Bug
}

// NewPartition gives an empty result partition. Its pool has ExclusiveBuffers per
// subpartition and OutputFloatingBuffers besides.
func NewPartition(o PartitionOptions) *Partition {
	n := o.Network
	target := int32(o.Subpartitions)*n.ExclusiveBuffers + n.OutputFloatingBuffers
	target = max(target, int32(o.Subpartitions)+1)
	overdraft := n.MaxOverdraftBuffers
	if o.Bug == protocol.BugOverdraftUnlimited {
		overdraft = 1 << 20
	}
	p := o.Arena.partitions.New()
	*p = Partition{
		Subpartitions: o.Arena.subpartitions.Make(o.Subpartitions),
		Pool:          o.Arena.newPool(o.Subpartitions, target, n.MaxBuffersPerChannel, overdraft),
		Ready:         o.Arena.counts.Room(o.Subpartitions),
		edge:          o.Edge, next: o.FirstChannel,
	}
	if o.Edge.Exchange == job.Keyed {
		p.assignment = o.Arena.assignments.Of(o.Subpartitions, o.MaxParallelism)
	}
	for i := range p.Subpartitions {
		p.Subpartitions[i] = Subpartition{
			arena: o.Arena, partition: p, pool: p.Pool, index: int32(i), size: initialSize(n),
			queue: o.Arena.newQueue(),
		}
	}
	return p
}

func initialSize(n *job.Network) int32 {
	if n.Debloat {
		return n.StartSegmentSizeBytes
	}
	return n.SegmentSizeBytes
}

// Unaligned reports whether the edge supports unaligned barriers.
func (p *Partition) Unaligned() bool { return p.edge.Unaligned }

// Next is the rotation of a rebalance, part of a snapshot.
func (p *Partition) Next() int32 { return p.next }

// SetNext restores the rotation of a rebalance.
func (p *Partition) SetNext(n int32) { p.next = n }

// route says where an element goes: the subpartition, or all of them.
func (p *Partition) route(r *record.Record) (subpartition int, all bool) {
	switch {
	case !r.IsRecord() || p.edge.Exchange == job.Broadcast:
		return 0, true
	case p.edge.Exchange == job.Keyed:
		if p.edge.KeyBy != nil {
			r.Key = p.edge.KeyBy(r)
		}
		return p.assignment.Subtask(r.Key), false
	case p.edge.Exchange == job.Rebalance:
		p.next++
		if int(p.next) >= len(p.Subpartitions) {
			p.next = 0
		}
		return int(p.next), false
	}
	return 0, false
}

const purposeRouting = sim.PurposeFirstFree

// FirstChannel draws where a producer's rebalance starts.
func FirstChannel(seed uint64, task, partition, subpartitions int) int32 {
	draw := sim.Draw(seed, purposeRouting, uint64(task), uint64(partition), 0)
	return int32(sim.Below(draw, uint64(subpartitions)))
}

// Writer writes what an operator chain emitted into the result partitions, element by
// element, and can stop in the middle of one when no memory is left (hard
// backpressure). Nothing is allocated per element.
type Writer struct {
	Partitions []*Partition

	elements  []record.Record
	current   record.Record
	element   int
	partition int
	target    int // subpartition in hand, -1: not routed yet
	last      int // last subpartition for the element in this partition
	left      int32
	blocked   *Partition
}

// Begin sets out to write the elements, which must not change until Resume is done.
func (w *Writer) Begin(elements []record.Record) {
	w.elements, w.element, w.partition, w.target = elements, 0, 0, -1
}

// Resume goes on writing. It reports whether everything is written; if not, Blocked is
// the partition that has to get a segment back first.
func (w *Writer) Resume() bool {
	for ; w.element < len(w.elements); w.element++ {
		for ; w.partition < len(w.Partitions); w.partition++ {
			if !w.writeTo(w.Partitions[w.partition]) {
				w.blocked = w.Partitions[w.partition]
				return false
			}
			w.target = -1
		}
		w.partition = 0
	}
	w.blocked = nil
	return true
}

// Blocked is the partition that the writer waits for; nil when it is done.
func (w *Writer) Blocked() *Partition { return w.blocked }

func (w *Writer) writeTo(p *Partition) bool {
	if w.target < 0 {
		w.current = w.elements[w.element]
		first, all := p.route(&w.current)
		w.target, w.last, w.left = first, first, w.current.SizeBytes
		if all {
			w.last = len(p.Subpartitions) - 1
		}
	}
	for ; w.target <= w.last; w.target++ {
		s := &p.Subpartitions[w.target]
		if !s.released {
			w.left = s.write(&w.current, w.left)
		} else {
			w.left = 0
		}
		if w.left > 0 {
			return false
		}
		w.left = w.current.SizeBytes
	}
	return true
}
