package operator

import (
	"fmt"
	"slices"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Topology is a job without channels, subtasks and time: what it must compute. Nodes
// are in topological order: inputs come before those that read them.
type Topology struct {
	Nodes          []TopologyNode
	MaxParallelism int // 0: MinDerivedMaxParallelism
	// Workspace, if not nil, is memory of an earlier evaluation to work in.
	Workspace *Workspace
}

// Workspace is memory that an evaluation works in and that means nothing after it.
type Workspace struct {
	outputs, keyed [][]record.Record // by node
}

// TopologyNode is a source, an operator, or a sink (neither).
type TopologyNode struct {
	// Source, if not nil, yields the node's records in any order, some at a time.
	Source func(yield func([]record.Record))
	// Operator, if not nil, is what the node does; a node without passes records on.
	Operator *Spec
	// Inputs are the edges into the node.
	Inputs []TopologyInput
	// Emit, if not nil, is shown what leaves the node, watermarks excepted.
	Emit func([]record.Record)
}

// TopologyInput is an edge: from which node, into which input of the function, and under
// which key (nil keeps the record's).
type TopologyInput struct {
	From, Gate int
	KeyBy      func(*record.Record) uint64
}

// Result is the state of every node after all input: zero where a node keeps none.
type Result struct{ States []protocol.StatePoint }

// Evaluate folds all records of the sources through the job, as many at a time as the
// source yields and depth first, each operator as a single instance, with one watermark at
// the very end. For
// order-free states and outputs that is what any correct run must arrive at: the sum
// of an operator's digests over its subtasks, the union of outputs. A window's result
// is the expected one if no record was late. As in Flink, processing-time timers that
// are pending at the end of the input never fire.
func Evaluate(t Topology) Result {
	e := newEvaluation(t)
	for node := range t.Nodes {
		if t.Nodes[node].Source != nil {
			t.Nodes[node].Source(func(records []record.Record) { e.process(node, 0, records) })
		}
	}
	for node := range t.Nodes {
		e.end(node)
	}
	result := Result{States: make([]protocol.StatePoint, len(t.Nodes))}
	for node := range t.Nodes {
		if points := e.chains[node].Points(); len(points) > 0 {
			result.States[node] = points[0]
		}
	}
	e.leave(t.Workspace)
	return result
}

type evaluation struct {
	topology Topology
	chains   []*Chain
	outputs  [][]TopologyInput // per node: consumer (From) and its input (Gate)
	keyed    [][]record.Record // per node: the records that it reads under keys of its own
}

func newEvaluation(t Topology) *evaluation {
	count := len(t.Nodes)
	e := &evaluation{
		topology: t, chains: make([]*Chain, count),
		outputs: make([][]TopologyInput, count), keyed: make([][]record.Record, count),
	}
	if t.Workspace != nil {
		copy(e.keyed, t.Workspace.keyed)
	}
	place := state.Place{Parallelism: 1, MaxParallelism: t.MaxParallelism}
	if place.MaxParallelism == 0 {
		place.MaxParallelism = state.MinDerivedMaxParallelism
	}
	for node := range t.Nodes {
		var specs []Spec
		if t.Nodes[node].Operator != nil {
			specs = []Spec{*t.Nodes[node].Operator}
		}
		e.chains[node] = NewChain(specs, place)
		if w := t.Workspace; w != nil && node < len(w.outputs) {
			e.chains[node].Out.Records = w.outputs[node][:0]
		}
		for _, input := range t.Nodes[node].Inputs {
			if input.From >= node {
				panic(fmt.Sprintf("operator: node %d reads node %d, which comes later", node, input.From))
			}
			consumer := TopologyInput{node, input.Gate, input.KeyBy}
			e.outputs[input.From] = append(e.outputs[input.From], consumer)
		}
	}
	return e
}

// leave gives the memory up to the next evaluation.
func (e *evaluation) leave(w *Workspace) {
	if w == nil {
		return
	}
	w.keyed, w.outputs = e.keyed, w.outputs[:0]
	for _, chain := range e.chains {
		w.outputs = append(w.outputs, chain.Out.Records)
	}
}

func (e *evaluation) process(node, input int, records []record.Record) {
	if e.topology.Nodes[node].Operator == nil {
		e.hand(node, records)
		return
	}
	e.chains[node].ProcessAll(input, records)
	e.hand(node, e.chains[node].Out.Records)
}

// end is the end of the node's input: all nodes before it have ended.
func (e *evaluation) end(node int) {
	chain := e.chains[node]
	for input := range chain.inputs {
		chain.Watermark(input, EndOfTime, Unlimited)
		e.pass(node)
	}
	chain.Finish()
	e.pass(node)
}

// pass hands on what just left the node, watermarks excepted.
func (e *evaluation) pass(node int) {
	out := e.chains[node].Out.Records
	e.hand(node, slices.DeleteFunc(out, func(r record.Record) bool { return !r.IsRecord() }))
}

// hand shows records to whoever reads the node.
func (e *evaluation) hand(node int, out []record.Record) {
	if emit := e.topology.Nodes[node].Emit; emit != nil {
		emit(out)
	}
	for i := range e.outputs[node] {
		consumer, records := &e.outputs[node][i], out
		if consumer.KeyBy != nil {
			records = append(e.keyed[consumer.From][:0], out...)
			for r := range records {
				records[r].Key = consumer.KeyBy(&records[r])
			}
			e.keyed[consumer.From] = records
		}
		e.process(consumer.From, consumer.Gate, records)
	}
}
