package task

import (
	"simrun/protocol"
	"simrun/sim"
)

// activity is what a task's time goes into (reference 3).
type activity uint8

const (
	idle activity = iota
	active
	softBackpressured
	hardBackpressured
	activities
)

// pressure accounts for a task's time by activity.
type pressure struct {
	now     activity
	since   int64
	started bool
}

func (p *pressure) start(t *Task, c *sim.Context) {
	p.started, p.since, p.now = true, c.NowNanos(), active
}

// observe notes what the task is at after each turn of the loop.
func (p *pressure) observe(t *Task, c *sim.Context) {
	if !p.started || t.busy == ended {
		return
	}
	p.change(t, c, t.activity())
}

func (t *Task) activity() activity {
	switch {
	case t.busy == writing:
		return hardBackpressured
	case t.busy != free:
		return active
	case t.finish.done || t.restore.pending:
		return idle
	case !t.outputsAvailable():
		return softBackpressured
	}
	return idle
}

func (p *pressure) change(t *Task, c *sim.Context, next activity) {
	if next == p.now {
		return
	}
	nanos := c.NowNanos() - p.since
	t.env.Metrics.spend(t, p.now, p.since, c.NowNanos())
	if p.now >= softBackpressured {
		c.Emit(uint16(protocol.BackpressureEnded), int64(t.id), int64(p.now-softBackpressured), nanos, 0, 0, 0)
	}
	if next >= softBackpressured {
		c.Emit(uint16(protocol.BackpressureStarted), int64(t.id), int64(next-softBackpressured), 0, 0, 0, 0)
	}
	p.now, p.since = next, c.NowNanos()
}

// stop closes the books when the task ends.
func (p *pressure) stop(t *Task, c *sim.Context) {
	if p.started {
		p.change(t, c, idle)
		p.started = false
	}
}
