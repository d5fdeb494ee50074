package task

import (
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/state"
	"simrun/sim"
)

// buildChain makes the operators of the task: everything of its vertex but a source at
// its head and a sink at its end, which are drivers of their own.
func (t *Task) buildChain() {
	graph := t.d.Plan.Graph
	var specs []operator.Spec
	for _, n := range t.vertex.Nodes {
		node := &graph.Nodes[n]
		t.services = append(t.services, serviceOf(node, n))
		if node.Operator != nil {
			specs = append(specs, *node.Operator)
		}
	}
	t.chain = operator.NewChain(specs, state.Place{
		Subtask: t.shape.Subtask, Parallelism: t.vertex.Parallelism,
		MaxParallelism: t.d.Plan.MaxParallelism,
	})
	t.buildSource()
	t.buildSink()
}

func serviceOf(node *job.Node, n int) service {
	s := service{Service: node.Service, operator: operator.HashID(node.ID), node: n}
	s.waits = node.Service.Wait != (sim.Distribution{})
	if node.Sink != nil {
		s.sink = &node.Sink.Service
		s.waits = true
	}
	return s
}
