package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Buffers holds that network segments are conserved: a pool never gives out more than it
// has (with its overdraft), its own count is what was taken less what was returned, and
// a task that ended has returned them all. The interleaving that it is for (FLINK-27789):
//
//  1. a task emits many records for one input and takes its five overdraft segments;
//  2. the pool's availability is not re-checked between two of the records;
//  3. the next record takes a sixth: memory that belongs to another task.
//
// A task that crashed with its process takes its pools with it and returns nothing; also one
// whose process a fault crashed at the very event with which the task ended.
type Buffers struct {
	pools  lanes[poolCount]
	base   []int32 // by task: its first pool
	limits []int64 // by pool
}

type poolCount struct {
	inUse int64
	task  int64
	ended sim.Event // the task's end in this attempt
	last  sim.Event
}

// NewBuffers makes the checker.
func NewBuffers() *Buffers { return &Buffers{} }

// Name is "buffers".
func (b *Buffers) Name() string { return "buffers" }

// Kinds are the segments' events and the ends of tasks.
func (b *Buffers) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.SegmentTaken, protocol.SegmentReturned, protocol.TaskDeployed, protocol.TaskFinished,
		protocol.TaskFailed, protocol.TaskCanceled, protocol.FaultInjected,
	}
}

// Reset takes over the pools' limits.
func (b *Buffers) Reset(s *Setup) {
	tasks := 0
	for _, v := range s.Vertices {
		tasks += v.Parallelism
	}
	b.base = resized(b.base, tasks+1)
	for _, p := range s.Limits.Pools {
		widen(b.base, p.Task, protocol.ChannelIndex(p.Partition))
	}
	sumUp(b.base)
	b.limits = resized(b.limits, int(b.base[tasks]))
	for _, p := range s.Limits.Pools {
		b.limits[int64(b.base[p.Task])+p.Partition] = p.Segments
	}
	b.pools.reset(len(b.limits))
}

// Observe counts one segment, or closes a task's account.
func (b *Buffers) Observe(e *sim.Event, r *Report) {
	if protocol.EventKind(e.Kind) == protocol.FaultInjected {
		b.struck(e)
		return
	}
	if !r.History().knows(e.Args[0]) {
		return
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.SegmentTaken:
		b.count(e, 1, r)
	case protocol.SegmentReturned:
		b.count(e, -1, r)
	case protocol.TaskDeployed:
		b.deployed(e, r)
	default:
		b.ended(e)
	}
}

func (b *Buffers) count(e *sim.Event, change int64, r *Report) {
	h, task := r.History(), e.Args[0]
	if e.Args[1] < 0 || e.Args[1] >= int64(b.base[task+1]-b.base[task]) {
		return
	}
	index := b.base[task] + int32(e.Args[1])
	pool, fresh := b.pools.at(index, h.AttemptOf(e, task))
	if pool == nil {
		return
	}
	if fresh {
		*pool = poolCount{task: task}
	}
	pool.inUse += change
	if pool.inUse != e.Args[3] {
		r.Violate(BufferLeak, h.role(task), fmt.Sprintf(
			"%s, partition %d: %d segments are in use by count, %d by the pool",
			h.name(task), e.Args[1], pool.inUse, e.Args[3]), pool.last, *e)
		pool.inUse = e.Args[3]
	}
	if limit := b.limits[index]; limit > 0 && pool.inUse > limit {
		r.Violate(BufferLeak, h.role(task), fmt.Sprintf("%s, partition %d: %d segments are in use of %d",
			h.name(task), e.Args[1], pool.inUse, limit), pool.last, *e)
	}
	pool.last = *e
}

// ended notes the end of a task in its open accounts, if it is the task that says so: what
// others say of a task that is gone with its process (a job manager that lost it) closes
// nothing, for a crashed process returns nothing.
func (b *Buffers) ended(e *sim.Event) {
	for index := b.base[e.Args[0]]; index < b.base[e.Args[0]+1]; index++ {
		if pool := b.open(index, protocol.Attempt(e.Args[1])); pool != nil && pool.last.Actor == e.Actor {
			pool.ended = *e
		}
	}
}

// struck forgets the end of a task that a crash kept from what follows it.
func (b *Buffers) struck(e *sim.Event) {
	if protocol.FaultKind(e.Args[1]) != protocol.FaultCrash {
		return
	}
	b.pools.each(func(_ int32, _ protocol.Attempt, p *poolCount) {
		if end := (sim.Cause{Actor: p.ended.Actor, Ordinal: p.ended.Ordinal}); p.ended.Kind != 0 && end == e.Cause {
			p.ended = sim.Event{}
		}
	})
}

// deployed closes the accounts of the attempt before: a task is not deployed again before
// its predecessor is gone.
func (b *Buffers) deployed(e *sim.Event, r *Report) {
	for index := b.base[e.Args[0]]; index < b.base[e.Args[0]+1]; index++ {
		if pool := b.open(index, protocol.Attempt(e.Args[1])-1); pool != nil {
			pool.settle(r)
		}
	}
}

// open is the account of a pool in attempt, if it has one.
func (b *Buffers) open(index int32, attempt protocol.Attempt) *poolCount {
	pair := &b.pools.pairs[index]
	for _, x := range []*lane[poolCount]{&pair.newest, &pair.former} {
		if x.open && x.attempt == attempt {
			return &x.state
		}
	}
	return nil
}

func (p *poolCount) settle(r *Report) {
	if p.ended.Kind == 0 || p.inUse == 0 {
		return
	}
	h := r.History()
	r.Violate(BufferLeak, h.role(p.task), fmt.Sprintf("%s ended with %d segments in use",
		h.name(p.task), p.inUse), p.last, p.ended)
}

// Finish closes the accounts of the last attempt.
func (b *Buffers) Finish(_ *End, r *Report) {
	b.pools.each(func(_ int32, attempt protocol.Attempt, p *poolCount) {
		if attempt == r.History().Attempt() {
			p.settle(r)
		}
	})
}
