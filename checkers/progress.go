package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Progress holds that a run whose faults have healed goes on and comes to its end within
// a bound of virtual time, and tells who waits for whom when it does not. The interleaving
// that it is for (dst.md M19):
//
//  1. channel 0 of a task delivers the barrier of checkpoint 3 and is blocked;
//  2. the coordinator aborts checkpoint 3;
//  3. the task forgets the alignment and does not resume channel 0;
//  4. its sender fills its buffers and waits for ever: nothing crashes, nothing is wrong.
//
// A crash loop is no progress either: after the last fault a job may restart only so often.
// While a fault lasts, it may restart as often as it likes: a partition of 2 s that breaks
// connections after 100 ms ends an attempt every 120 ms.
type Progress struct {
	bound, quietFrom int64
	lasts            []int64 // by fault
	maxRestarts      int
	last             sim.Event // the last event that shows progress
	lastNanos        int64
	faultNanos       int64
	restarts         int
	lastRestart      sim.Event
	ended            bool
}

// NewProgress makes the checker.
func NewProgress() *Progress { return &Progress{} }

// Name is "progress".
func (p *Progress) Name() string { return "progress" }

// Kinds are what shows progress, and faults.
func (p *Progress) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.BufferConsumed, protocol.CheckpointCompleted, protocol.TaskRunning, protocol.TaskFinished,
		protocol.OutputVisible, protocol.JobStatusChanged, protocol.JobRestarting,
		protocol.FaultInjected, protocol.FaultHealed,
	}
}

// Reset takes over the bounds.
func (p *Progress) Reset(s *Setup) {
	*p = Progress{
		bound: s.Limits.LivenessNanos, quietFrom: s.Limits.QuietFromNanos, maxRestarts: s.Limits.MaxRestarts,
		lasts: s.Limits.FaultNanos,
	}
}

// Observe notes that something went on.
func (p *Progress) Observe(e *sim.Event, r *Report) {
	switch protocol.EventKind(e.Kind) {
	case protocol.FaultInjected:
		p.faultNanos, p.restarts = e.TimeNanos, 0
		if fault := int(e.Args[0]); fault < len(p.lasts) {
			p.quietFrom = max(p.quietFrom, e.TimeNanos+p.lasts[fault])
		}
	case protocol.FaultHealed:
		p.faultNanos, p.restarts = e.TimeNanos, 0
	case protocol.JobRestarting:
		p.restarted(e, r)
	case protocol.JobStatusChanged:
		p.ended = terminal(protocol.JobStatus(e.Args[0]))
	default:
		p.last = *e
		p.lastNanos = e.TimeNanos
	}
}

func (p *Progress) restarted(e *sim.Event, r *Report) {
	if e.TimeNanos < p.quietFrom {
		return
	}
	p.restarts++
	if p.maxRestarts > 0 && p.restarts > p.maxRestarts {
		r.Violate(Stuck, "crash-loop", fmt.Sprintf(
			"the job restarted %d times after the last fault", p.restarts),
			p.lastRestart, *e)
	}
	p.lastRestart = *e
}

// Overdue reports whether nothing has gone on for longer than the bound, counted from the
// last progress or the last fault.
func (p *Progress) Overdue(nowNanos int64) bool {
	return p.bound > 0 && !p.ended && nowNanos-max(p.lastNanos, p.faultNanos, p.quietFrom) > p.bound
}

// Finish reports a run that stopped before its job came to an end.
func (p *Progress) Finish(end *End, r *Report) {
	if terminal(end.Status) || !end.Quiescent && !p.Overdue(end.TimeNanos) {
		return
	}
	detail := fmt.Sprintf("nothing has gone on since %d ns", p.lastNanos)
	if end.Quiescent {
		detail = fmt.Sprintf("nothing is left to happen since %d ns", p.lastNanos)
	}
	r.Violate(Stuck, "job", detail+Explain(end.Waits), p.last)
}
