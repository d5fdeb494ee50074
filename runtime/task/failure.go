package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/runtime/source"
	"simrun/sim"
)

// FaultSwitches are the faults that act inside tasks, set from outside: armed throws and
// factors of service times. They outlive attempts.
type FaultSwitches struct {
	Throws  []*Throw
	Poisons []*Poison
	tempos  []tempo
	hurt    []hurt
}

// hurt is one subtask of a node, or with subtask -1 all of them, that takes longer.
type hurt struct {
	node, subtask int
	factor        sim.Ratio // zero value: as usual
	untilNanos    int64     // of a stall
}

// tempo is how fast the records of a source node come.
type tempo struct {
	node int
	of   *source.Tempo
}

// Tempo is how fast the records of a source node come, for faults to bend; nil if nobody
// has asked for it to be made.
func (f *FaultSwitches) Tempo(node int, made bool) *source.Tempo {
	for i := range f.tempos {
		if f.tempos[i].node == node {
			return f.tempos[i].of
		}
	}
	if !made {
		return nil
	}
	f.tempos = append(f.tempos, tempo{node, &source.Tempo{}})
	return f.tempos[len(f.tempos)-1].of
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

// Slow multiplies the time of a node's subtask, or of all of them (-1), by factor
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

// hurts reports whether anything is done to a subtask now.
func (f *FaultSwitches) hurts(node, subtask int) bool {
	for i := range f.hurt {
		h := &f.hurt[i]
		slow := h.factor.Den != 0 && h.factor != sim.One
		if h.strikes(node, subtask) && (slow || h.untilNanos > 0) {
			return true
		}
	}
	return false
}

// slowed is the time, with a core or without, that a subtask takes for a record.
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
	t.throwsAt(c, protocol.CallbackClose)
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
