package task

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/state"
	"simrun/sim"
)

// buildChain makes the operators of the task: everything of its vertex but a source at
// its head and a sink at its end, which are drivers of their own.
func (t *Task) buildChain() {
	w := t.env.Workspaces
	graph := t.d.Plan.Graph
	t.services = w.services.Room(len(t.vertex.Nodes))
	for _, n := range t.vertex.Nodes {
		t.services = append(t.services, serviceOf(&graph.Nodes[n], n))
	}
	w.lend(t)
	t.chain.Bug = t.config.Bug
	t.watchClock()
	t.buildSource()
	t.buildSink()
	t.buildAhead()
}

// newChain makes the operators of the task's vertex.
func (t *Task) newChain() *operator.Chain {
	var specs []operator.Spec
	for _, n := range t.vertex.Nodes {
		if spec := t.d.Plan.Graph.Nodes[n].Operator; spec != nil {
			specs = append(specs, *spec)
		}
	}
	return operator.NewChain(specs, t.place())
}

// place is where the task's state stands.
func (t *Task) place() state.Place {
	return state.Place{
		Subtask: t.shape.Subtask, Parallelism: t.vertex.Parallelism, MaxParallelism: t.d.Plan.MaxParallelism,
	}
}

func serviceOf(node *job.Node, n int) service {
	s := service{Service: node.Service, operator: operator.HashID(node.ID), node: n}
	s.waits = node.Service.Wait != (sim.Distribution{})
	if node.Sink == nil {
		return s
	}
	if own := &node.Sink.Service; own.Base != (sim.Distribution{}) || len(own.Profile) > 0 {
		s.sink, s.waits = own, true
	}
	return s
}

// firing is a timer that fired during the present call of the chain.
type firing struct {
	operator int
	timer    state.Timer
}

// timerThrows fails the task if user code throws in a timer of those that fired just now.
func (t *Task) timerThrows(c *sim.Context) bool {
	return len(t.fired) > 0 && t.throwsAt(c, protocol.CallbackTimer)
}

// reportFired tells of the timers that the latest call fired.
func (t *Task) reportFired(c *sim.Context) {
	for _, f := range t.fired {
		c.Emit(uint16(protocol.TimerFired), int64(t.id), int64(t.chain.Spec(f.operator).Hash()),
			int64(f.timer.Domain), f.timer.TimeNanos, int64(f.timer.Key), 0)
	}
	t.fired = t.fired[:0]
}
