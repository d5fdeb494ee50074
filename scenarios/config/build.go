package config

import (
	"errors"

	"simrun/faults/plan"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/scenarios/config/document"
)

// Build is what a run of a scenario is made of, apart from its seed.
type Build struct {
	Options   runtime.Options
	Plan      plan.Plan
	Guarantee Guarantee
	Run       Run
	Expect    Expect
}

// Build makes the parts of a run. Options.Seed is the scenario's default; the caller sets
// another one. The error is an *Error.
func (s *Scenario) Build() (*Build, error) {
	graph, err := s.graph()
	if err != nil {
		return nil, err
	}
	config := s.Job.Config
	config.MaxParallelism = max(config.MaxParallelism, 0)
	config.CheckpointsAfterTasksFinish = config.Checkpointing.CheckpointsAfterTasksFinish
	return &Build{
		Options: runtime.Options{
			Seed: s.Seed, Cluster: s.Cluster, Graph: graph, Config: config, Detailed: s.Run.Detailed,
			Bug: s.Run.Bug, Deliveries: s.Run.Deliveries, Branch: s.Run.Branch,
		},
		Plan: s.Faults, Guarantee: s.Guarantee(), Run: s.Run, Expect: s.Expect,
	}, nil
}

// graph is the job graph; it has been checked by now but for what only job.Compile sees.
func (s *Scenario) graph() (*job.Graph, error) {
	graph := &job.Graph{Name: s.Name, Nodes: make([]job.Node, len(s.Job.Graph))}
	for i := range s.Job.Graph {
		node, err := s.jobNode(&s.Job.Graph[i])
		if err != nil {
			return nil, err
		}
		graph.Nodes[i] = node
	}
	config := s.Job.Config
	config.MaxParallelism = max(config.MaxParallelism, 0)
	plan, err := job.Compile(graph, &config)
	if err != nil {
		return nil, s.placeGraphError(err)
	}
	if slots := s.Cluster.TaskManagers * s.Cluster.Slots; config.NoSlotSharing && len(plan.Tasks) > slots {
		return nil, document.Errorf(s.node("job.own-slots"), "more task-managers or slots in cluster",
			"%d tasks with a slot each need more than the %d slots that there are", len(plan.Tasks), slots)
	}
	return graph, nil
}

// placeGraphError points at the operator that a graph's error names.
func (s *Scenario) placeGraphError(err error) error {
	node := s.node("job.graph")
	var bad *job.GraphError
	if errors.As(err, &bad) {
		if i := s.position(bad.Node); i >= 0 {
			node = s.Job.Graph[i].node
		}
	}
	return document.Errorf(node, "", "%s", err)
}

func (s *Scenario) jobNode(o *Operator) (job.Node, error) {
	node := job.Node{
		ID: o.ID, Parallelism: o.Parallelism, NoChaining: !o.Chaining, Operator: o.spec(),
		Service: job.Service{
			CPUNanos: o.CPUNanos, CPUPicosPerByte: o.CPUPicosPerByte, Wait: o.Service, CallbackNanos: o.CallbackNanos,
		},
	}
	switch {
	case o.Does.Source != nil:
		spec, err := s.sourceSpec(o)
		if err != nil {
			return node, err
		}
		node.Source, node.Enumerated = spec, o.Does.Source.Enumerated
	case o.Does.Sink != nil:
		node.Sink = o.Does.Sink.spec(o.ID)
	}
	for j := range o.From {
		in := &o.From[j]
		position := s.position(in.ID)
		input := job.Input{
			From: position, Exchange: s.exchange(o, in, &s.Job.Graph[position]), Gate: o.gate(j),
		}
		if in.By != operator.FieldKey {
			input.KeyBy = in.By.Selector()
		}
		node.Inputs = append(node.Inputs, input)
	}
	return node, nil
}

// spec is the operator's own specification; nil for sources and sinks.
func (o *Operator) spec() *operator.Spec {
	for i := range operatorKinds {
		k := &operatorKinds[i]
		if k.make != nil && k.given(o) {
			spec := k.make(o)
			return &spec
		}
	}
	return nil
}

// gate is the input that the j-th edge feeds.
func (o *Operator) gate(j int) int {
	if o.From[j].Gate >= 0 {
		return o.From[j].Gate
	}
	if spec := o.spec(); spec != nil && spec.InputCount() > 1 {
		return j
	}
	return 0
}

// exchange is how an edge's records travel: what it says, or what Flink's API would do.
func (s *Scenario) exchange(o *Operator, in *Input, from *Operator) job.Exchange {
	spec := o.spec()
	switch {
	case in.Exchange != Automatic:
		return job.Exchange(in.Exchange)
	case broadcastState(spec) && o.gateOf(in) == 1:
		return job.Broadcast
	case keyed(spec), in.By != operator.FieldKey:
		return job.Keyed
	case from.Parallelism == o.Parallelism:
		return job.Forward
	}
	return job.Rebalance
}

func (o *Operator) gateOf(in *Input) int {
	for j := range o.From {
		if &o.From[j] == in {
			return o.gate(j)
		}
	}
	return 0
}
