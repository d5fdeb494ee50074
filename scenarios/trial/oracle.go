package trial

import (
	"slices"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/source"
)

// oracle knows what a job must compute, from its pure operators alone: the sequential
// fold of the input for what does not depend on order, and re-execution in the witnessed
// order for what does.
type oracle struct {
	options   *runtime.Options
	plan      *job.Plan
	expected  *checkers.Expected
	workspace *operator.Workspace // memory of the fold
	block     []record.Record     // what was read last
	reexecution
}

func newOracle(c *Case, s *runtime.System) *oracle {
	o := &oracle{options: &c.Options, plan: s.Plan, workspace: &operator.Workspace{}}
	o.reexecution.init(o)
	return o
}

// inherit lets the oracle work in the memory of another, which is not used any more.
func (o *oracle) inherit(from *oracle) {
	if from == nil {
		return
	}
	o.workspace, o.block, o.assignments = from.workspace, from.block, from.assignments
	if from.plan.Graph == o.plan.Graph {
		if o.former = from.tasks; o.former == nil {
			o.former = from.former
		}
	}
	o.queues = from.queues[:0]
	for i := range from.tasks {
		for _, q := range from.tasks[i].in {
			o.queues = append(o.queues, q.elements[:0])
		}
	}
}

// Expected is the fold of the whole input; false when some source has no end.
func (o *oracle) Expected() (*checkers.Expected, bool) {
	for i := range o.plan.Graph.Nodes {
		if spec := o.plan.Graph.Nodes[i].Source; spec != nil && !spec.Bounded {
			return nil, false
		}
	}
	if o.expected == nil {
		o.expected = o.fold()
	}
	return o.expected, true
}

// fold evaluates as much of the graph as does not depend on order.
func (o *oracle) fold() *checkers.Expected {
	graph := o.plan.Graph
	topology := operator.Topology{
		Nodes: make([]operator.TopologyNode, len(graph.Nodes)), MaxParallelism: o.plan.MaxParallelism,
		Workspace: o.workspace,
	}
	outputs := make([]foldedSink, len(graph.Nodes))
	needed := o.needed()
	for i := range graph.Nodes {
		if !needed[i] {
			continue
		}
		node := &topology.Nodes[i]
		node.Operator = graph.Nodes[i].Operator
		for _, in := range graph.Nodes[i].Inputs {
			node.Inputs = append(node.Inputs, operator.TopologyInput{From: in.From, Gate: in.Gate, KeyBy: in.KeyBy})
		}
		if graph.Nodes[i].Source != nil {
			node.Source = o.records(i)
		}
		if graph.Nodes[i].Sink != nil {
			outputs[i].detailed = o.options.Detailed
			node.Emit = outputs[i].take
		}
	}
	result := operator.Evaluate(topology)
	return o.collect(&result, outputs)
}

// needed are the nodes of which something is compared with the fold, and all before them.
func (o *oracle) needed() []bool {
	graph := o.plan.Graph
	needed := make([]bool, len(graph.Nodes))
	for v := range o.plan.Vertices {
		vertex := &o.plan.Vertices[v]
		for _, n := range vertex.Nodes {
			needed[n] = graph.Nodes[n].Sink != nil && pathOrder(o.plan, vertex) == checkers.OrderFree ||
				isFolded(graph.Nodes[n].Operator) && inputOrder(o.plan, vertex, n) == checkers.OrderFree
		}
	}
	for i := len(graph.Nodes) - 1; i >= 0; i-- {
		for _, in := range graph.Nodes[i].Inputs {
			needed[in.From] = needed[in.From] || needed[i]
		}
	}
	return needed
}

// isFolded reports whether an operator keeps state that does not depend on order.
func isFolded(spec *operator.Spec) bool {
	return spec != nil && spec.Stateful() && spec.StateClass == operator.OrderFree
}

// foldedSink is what a sink must take, in whatever order.
type foldedSink struct {
	taken    protocol.Tally
	detailed bool
	lineages []uint64 // in detailed runs
}

func (s *foldedSink) take(records []record.Record) {
	for i := range records {
		s.taken.Add(records[i].Lineage)
		if s.detailed {
			s.lineages = append(s.lineages, records[i].Lineage)
		}
	}
}

func (o *oracle) collect(result *operator.Result, outputs []foldedSink) *checkers.Expected {
	expected := &checkers.Expected{}
	graph := o.plan.Graph
	for v := range o.plan.Vertices {
		vertex := &o.plan.Vertices[v]
		for _, n := range vertex.Nodes {
			if graph.Nodes[n].Sink != nil && pathOrder(o.plan, vertex) == checkers.OrderFree {
				slices.Sort(outputs[n].lineages)
				expected.Outputs = append(expected.Outputs, checkers.ExpectedOutput{
					Sink: int64(v), Tally: outputs[n].taken, Lineages: outputs[n].lineages,
				})
			}
			spec := graph.Nodes[n].Operator
			if !isFolded(spec) || inputOrder(o.plan, vertex, n) != checkers.OrderFree {
				continue
			}
			point := result.States[n]
			expected.States = append(expected.States, checkers.ExpectedState{
				Operator: spec.Hash(), Name: graph.Nodes[n].ID, Applied: point.Applied, Content: point.Content,
			})
		}
	}
	return expected
}

// blockRecords is how many records the oracle handles at a time: few enough that they stay in
// the cache from one operator to the next.
const blockRecords = 64

// room is where the next records are read.
func (o *oracle) room() []record.Record {
	if o.block == nil {
		o.block = make([]record.Record, blockRecords)
	}
	return o.block
}

// records yields everything that a source node holds.
func (o *oracle) records(node int) func(func([]record.Record)) {
	return func(yield func([]record.Record)) {
		reader, splits := o.reader(node)
		block := o.room()
		for split := range splits {
			n, more := 0, true
			for offset := int64(0); more; offset += int64(n) {
				for n, more = 0, true; more && n < blockRecords; {
					if _, more = reader.Next(int32(split), offset+int64(n), &block[n]); more {
						n++
					}
				}
				yield(block[:n])
			}
		}
	}
}

// reader opens the source of a node as its vertex's tasks do.
func (o *oracle) reader(node int) (source.Reader, int) {
	spec := o.plan.Graph.Nodes[node].Source
	for v := range o.plan.Vertices {
		if o.plan.Vertices[v].Nodes[0] == node {
			splits := spec.SplitCount(o.plan.Vertices[v].Parallelism)
			return spec.Open(source.Instance{
				Seed: o.options.Seed, Vertex: o.plan.Vertices[v].ID, Splits: splits,
			}), splits
		}
	}
	panic("trial: a source is not at the head of a vertex")
}
