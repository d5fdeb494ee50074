package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// ThrowAt is where user code throws.
type ThrowAt uint8

const (
	throwNever ThrowAt = iota
	throwAtOpen
	throwAtRecord
	throwAtSnapshot
	throwAtNotify
	throwAtClose
)

// Places in which user code can be made to throw.
const (
	ThrowAtOpen     = throwAtOpen
	ThrowAtRecord   = throwAtRecord
	ThrowAtSnapshot = throwAtSnapshot
	ThrowAtNotify   = throwAtNotify
	ThrowAtClose    = throwAtClose
)

// Throw makes user code of one operator throw.
type Throw struct {
	Node int // of the graph
	At   ThrowAt
	// Subtask is the one that throws; -1: whichever comes first.
	Subtask int
	// Ordinal counts from 1: the record, snapshot, notification … of the subtask at which
	// it throws, over all attempts.
	Ordinal int64
	Always  bool // at every attempt that gets there; else once

	seen  []int64 // by subtask
	fired bool
}

// Fired reports whether it has happened.
func (t *Throw) Fired() bool { return t.fired }

// FaultSwitches are the faults that act inside tasks, set from outside: armed throws and
// factors of service times. They outlive attempts.
type FaultSwitches struct {
	Throws []*Throw
	hurt   []hurt
}

// hurt is one subtask of a node, or with subtask -1 all of them, that takes longer.
type hurt struct {
	node, subtask int
	factor        sim.Ratio // zero value: as usual
	untilNanos    int64     // of a stall
}

// NewFaultSwitches are all off.
func NewFaultSwitches() *FaultSwitches { return &FaultSwitches{} }

// of is the entry of a node's subtask, or of all of them (-1).
func (f *FaultSwitches) of(node, subtask int) *hurt {
	for i := range f.hurt {
		if h := &f.hurt[i]; h.node == node && h.subtask == subtask {
			return h
		}
	}
	f.hurt = append(f.hurt, hurt{node: node, subtask: subtask})
	return &f.hurt[len(f.hurt)-1]
}

// Slow multiplies the waiting time of a node's subtask, or of all of them (-1), by factor
// from now on; the zero Ratio ends it. What is done to one and to all adds up.
func (f *FaultSwitches) Slow(node, subtask int, factor sim.Ratio) {
	f.of(node, subtask).factor = factor
}

// Stall lets no record of a node's subtask, or of all of them (-1), end before the time; 0
// ends it.
func (f *FaultSwitches) Stall(node, subtask int, untilNanos int64) {
	f.of(node, subtask).untilNanos = untilNanos
}

// Stalled reports whether Stall holds a node's subtask, or all of them (-1).
func (f *FaultSwitches) Stalled(node, subtask int) bool { return f.of(node, subtask).untilNanos > 0 }

func (h *hurt) strikes(node, subtask int) bool {
	return h.node == node && (h.subtask < 0 || h.subtask == subtask)
}

// slowed is the waiting time of a subtask's record.
func (f *FaultSwitches) slowed(node, subtask int, nanos int64) int64 {
	for i := range f.hurt {
		if h := &f.hurt[i]; h.strikes(node, subtask) && h.factor.Den != 0 {
			nanos = h.factor.Of(nanos)
		}
	}
	return nanos
}

// stalledUntil is when a subtask may end records again; 0: now.
func (f *FaultSwitches) stalledUntil(node, subtask int) int64 {
	until := int64(0)
	for i := range f.hurt {
		if h := &f.hurt[i]; h.strikes(node, subtask) {
			until = max(until, h.untilNanos)
		}
	}
	return until
}

// throwsAt counts a visit of the place and fails the task if user code throws there.
func (t *Task) throwsAt(c *sim.Context, at ThrowAt) bool {
	for _, throw := range t.env.Faults.Throws {
		if throw.At != at || !t.runs(throw.Node) {
			continue
		}
		if throw.hits(t.shape.Subtask, t.vertex.Parallelism) {
			t.fail(c, rpc.CauseUserCode)
			return true
		}
	}
	return false
}

func (t *Task) runs(node int) bool {
	for _, n := range t.vertex.Nodes {
		if n == node {
			return true
		}
	}
	return false
}

func (t *Throw) hits(subtask, parallelism int) bool {
	if t.Subtask >= 0 && t.Subtask != subtask || t.fired && !t.Always {
		return false
	}
	if t.seen == nil {
		t.seen = make([]int64, parallelism)
	}
	t.seen[subtask]++
	if t.seen[subtask] < t.Ordinal {
		return false
	}
	t.fired = true
	return true
}

// fail ends the task and tells the job manager why.
func (t *Task) fail(c *sim.Context, cause rpc.FailureCause) {
	if t.busy == ended {
		return
	}
	c.Emit(uint16(protocol.TaskFailed), int64(t.id), int64(t.attempt), int64(cause), 0, 0, 0)
	t.report(c, rpc.TaskFailed, cause)
	if t.config.Bug == protocol.BugFlushOnFailure && t.sink != nil {
		t.sink.send(c, rpc.ExternalWrite, 0)
	}
	t.end(c)
}

// cancel ends the task because the job manager wants it to.
func (t *Task) cancel(c *sim.Context) {
	if t.before(c, protocol.StepTaskCanceled, protocol.NoCheckpoint) {
		return
	}
	c.Emit(uint16(protocol.TaskCanceled), int64(t.id), int64(t.attempt), 0, 0, 0, 0)
	t.throwsAt(c, throwAtClose)
	if t.busy == ended {
		return
	}
	t.report(c, rpc.TaskCanceled, rpc.CauseNone)
	t.end(c)
	t.env.Steps.After(c, protocol.StepTaskCanceled, t.id, protocol.NoCheckpoint)
}

// end releases what the task holds; objects of unfinished checkpoints are deleted.
func (t *Task) end(c *sim.Context) {
	t.pressure.stop(t, c)
	for len(t.checkpoints.list) > 0 {
		t.checkpoints.drop(t, c, t.checkpoints.list[0].id)
	}
	if t.file != nil {
		t.file.leave(c, t.fileMember)
	}
	for i := range t.out {
		t.out[i].sub.Release()
	}
	for i := range t.in {
		t.releaseInput(c, &t.in[i])
	}
	for _, p := range t.partitions {
		if t.config.Bug != protocol.BugSegmentsKept {
			p.Pool.Abandon()
		}
	}
	t.reportPools(c)
	t.busy = ended
	c.Exit()
}

// releaseInput gives back the memory behind polled buffers of a local producer.
func (t *Task) releaseInput(c *sim.Context, end *inputEnd) {
	reading := &t.serve.reading[end.input]
	if reading.channel == end {
		t.releaseBuffer(c, end, reading)
	}
}

func (t *Task) releaseBuffer(c *sim.Context, end *inputEnd, reading *reading) {
	b := reading.buffer
	*reading = emptyReading
	t.giveBack(c, end, b)
}
