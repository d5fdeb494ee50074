package trial

import (
	"slices"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/state"
)

// build lays out the tasks that must be executed again, as the plan says.
func (x *reexecution) build() {
	plan := x.oracle.plan
	x.tasks = make([]executedTask, len(plan.Tasks))
	x.offsets = make([][]int64, len(plan.Vertices))
	ordered := orderedVertices(plan)
	for t := range x.tasks {
		task := &x.tasks[t]
		task.id, task.plan, task.name = protocol.TaskID(t), &plan.Tasks[t], x.oracle.taskName(protocol.TaskID(t))
		if task.executed = ordered[task.plan.Vertex]; task.executed {
			x.buildTask(task, plan.VertexOf(task.id))
		}
	}
	for _, l := range plan.Links {
		if from, to := &x.tasks[l.Sender], &x.tasks[l.Receiver]; from.executed && to.executed {
			from.channel(l.SenderChannel).to = &to.in[l.ReceiverChannel]
		}
	}
}

// orderedVertices are those whose state or output depends on order, and all that feed them.
func orderedVertices(p *job.Plan) []bool {
	ordered := make([]bool, len(p.Vertices))
	for i := len(p.Vertices) - 1; i >= 0; i-- {
		v := &p.Vertices[i]
		ordered[i] = ordered[i] || max(orderOf(p, v), pathOrder(p, v)) != checkers.OrderFree
		for _, in := range v.Inputs {
			ordered[in.Producer] = ordered[in.Producer] || ordered[i]
		}
	}
	return ordered
}

func (x *reexecution) buildTask(t *executedTask, v *job.Vertex) {
	o := x.oracle
	t.nodes = v.Nodes
	t.place = state.Place{
		Subtask: t.plan.Subtask, Parallelism: v.Parallelism, MaxParallelism: o.plan.MaxParallelism,
	}
	t.chain = x.chainOf(t)
	if o.plan.IsSource(v) {
		x.buildSource(t, v)
	}
	if node := o.plan.SinkOf(v); node != nil {
		t.sink = newExecutedSink(node.Sink.Kind, o.options.Detailed)
	}
	t.buildInputs(v)
	x.lendQueues(t)
	for p := range v.Outputs {
		t.out = append(t.out, newRoute(&v.Outputs[p], routeOptions{
			seed: o.options.Seed, task: int(t.id), channels: countOutputs(t.plan, p),
			maxParallelism: o.plan.MaxParallelism, assignments: &x.assignments,
		}))
	}
}

// chainOf is a chain of the task's operators with empty state.
func (x *reexecution) chainOf(t *executedTask) *operator.Chain {
	if int(t.id) < len(x.former) {
		former := &x.former[t.id]
		if former.chain != nil && former.place == t.place && slices.Equal(former.nodes, t.nodes) {
			former.chain.Reset()
			return former.chain
		}
	}
	var specs []operator.Spec
	for _, n := range t.nodes {
		if spec := x.oracle.plan.Graph.Nodes[n].Operator; spec != nil {
			specs = append(specs, *spec)
		}
	}
	return operator.NewChain(specs, t.place)
}

// lendQueues gives the task's queues memory that is there already.
func (x *reexecution) lendQueues(t *executedTask) {
	for i := range t.in {
		if last := len(x.queues) - 1; last >= 0 {
			t.in[i].elements = x.queues[last]
			x.queues = x.queues[:last]
		}
	}
}

func newExecutedSink(kind sink.Kind, detailed bool) *executedSink {
	s := &executedSink{detailed: detailed}
	if kind == sink.Upsert {
		s.table = &sink.Table{}
	}
	return s
}

func (t *executedTask) buildInputs(v *job.Vertex) {
	t.in = make([]inputQueue, len(t.plan.Inputs))
	inputs := 1
	for i := range t.in {
		input := v.Inputs[t.plan.Inputs[i].Port].FunctionInput
		t.in[i] = inputQueue{input: input, watermarkNanos: operator.NoWatermark}
		inputs = max(inputs, t.in[i].input+1)
	}
	t.inactive = make([]bool, inputs)
}

func countOutputs(t *job.Task, partition int) int {
	n := 0
	for i := range t.Outputs {
		if t.Outputs[i].Port == partition {
			n++
		}
	}
	return n
}

// channel is an output channel by its number over all partitions.
func (t *executedTask) channel(at protocol.ChannelIndex) *outputChannel {
	out := &t.plan.Outputs[at]
	return &t.out[out.Port].channels[out.Position]
}

// routeOptions are what a route depends on besides its edge.
type routeOptions struct {
	seed           uint64
	task, channels int
	maxParallelism int
	assignments    *state.Assignments
}

func newRoute(e *job.Edge, o routeOptions) route {
	r := route{edge: e, channels: make([]outputChannel, o.channels)}
	r.next = network.FirstChannel(o.seed, o.task, e.Partition, o.channels)
	if e.Exchange == job.Keyed {
		r.assignment = o.assignments.Of(o.channels, o.maxParallelism)
	}
	return r
}
