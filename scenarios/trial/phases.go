package trial

import (
	"simrun/protocol"
	"simrun/sim"
)

// phases follows what the run is at, so that each fault is booked under what it struck.
type phases struct {
	tracker protocol.PhaseTracker
	steps   protocol.StepSet
	struck  []protocol.PhaseSet // by fault of the plan: in which phases it struck
}

// follow begins to follow the run. A run without faults strikes nothing.
func (r *run) follow() {
	if len(r.c.Plan) == 0 && r.c.ObserveSteps == nil {
		return
	}
	r.phases.tracker = protocol.NewPhaseTracker(len(r.system.Plan.Tasks))
	r.phases.struck = make([]protocol.PhaseSet, len(r.c.Plan))
	r.system.Target().WatchSteps(r.step)
}

// step sees a named step, before faults that wait for it strike.
func (r *run) step(c *sim.Context, at protocol.StepReached) {
	r.phases.steps.Add(at.Step, at.Moment)
	r.phases.tracker.Step(at)
	if r.c.ObserveSteps != nil {
		r.c.ObserveSteps(c, at)
	}
}

// phase follows an event, and books a fault that strikes.
func (r *run) phase(e *sim.Event) {
	if r.phases.struck == nil {
		return
	}
	kind := protocol.EventKind(e.Kind)
	r.phases.tracker.Event(kind, &e.Args)
	if kind != protocol.FaultInjected {
		return
	}
	r.phases.struck[e.Args[0]] = r.phases.tracker.Active()
	if r.leader.Actor > sim.Outside && !r.trial.kernel.Alive(r.leader.Actor) {
		r.phases.tracker.LeaderLost()
	}
}
