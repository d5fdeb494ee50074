package census

import (
	"simrun/protocol"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// place is one side of a step as made by one role.
type place struct {
	step   protocol.Step
	moment protocol.Moment
	role   string
}

// recorder writes down the crash points that a run gets to.
type recorder struct {
	in     *trial.Trial
	counts map[place]int64
	points []Point
	// strikes is how many faults must have struck before points count.
	strikes int
}

// watch has the recorder see a case that is run next.
func (r *recorder) watch(c *trial.Case, strikes int) {
	r.counts, r.points, r.strikes = map[place]int64{}, nil, strikes
	c.ObserveSteps, c.Observe = r.step, r.event
}

// step counts an arrival. Faults that wait for it strike afterwards, so a crash before a
// step is not in the list of what follows it.
func (r *recorder) step(c *sim.Context, at protocol.StepReached) {
	role := ""
	if at.Step.OfTask() {
		role = r.in.TaskRole(at.Task)
	} else {
		role = c.Kernel().ProcessName(c.Process())
	}
	p := place{at.Step, at.Moment, role}
	r.counts[p]++
	if r.strikes > 0 {
		return
	}
	for _, kind := range kindsAt(at.Step, at.Moment) {
		r.points = append(r.points, Point{kind, role, r.counts[p]})
	}
}

func (r *recorder) event(e *sim.Event) {
	if protocol.EventKind(e.Kind) == protocol.FaultInjected {
		r.strikes--
	}
}
