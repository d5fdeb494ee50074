package config

import (
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/sim"
)

// Operator is one node of the job graph as a file has it. Exactly one of the fields of
// Does is set.
type Operator struct {
	ID          string
	Parallelism int
	From        []Input
	Does        Does
	// Service is time per record without a core; CPUNanos, CPUPicosPerByte with one.
	Service         sim.Distribution
	CPUNanos        int64
	CPUPicosPerByte int64
	// CallbackNanos is what open, snapshot and close take, each.
	CallbackNanos int64
	// Chaining false makes the operator a vertex of its own.
	Chaining bool
	// node is where the operator stands in its file.
	node *document.Node
}

// Does is what an operator does.
type Does struct {
	Source      *Source
	Sink        *Sink
	Map         *operator.Mapping
	FlatMap     *FlatMap
	Filter      *Filter
	Deduplicate *Deduplicate
	Keyed       *operator.RunningOptions
	Process     *operator.TimeoutOptions
	Window      *operator.WindowOptions
	Fraud       *operator.FraudOptions
	Union       *Nothing
	Join        *Nothing
	WindowJoin  *operator.WindowJoinOptions
	MinOfBoth   *Nothing
	Rules       *Nothing
}

// Nothing is the empty set of parameters.
type Nothing struct{}

// Input is one edge into an operator.
type Input struct {
	ID string
	// Exchange is how records travel; Automatic chooses as Flink's API does.
	Exchange Exchange
	// By re-keys records on their way; FieldKey keeps their key.
	By operator.Field
	// Gate is the operator's input that the edge feeds; -1 is by position, for operators
	// of two inputs, else 0.
	Gate int
}

// Exchange is a job.Exchange, or the choice of one.
type Exchange uint8

// The exchanges of package job, by the same numbers. Automatic is keyed into an operator with
// keyed state, broadcast into the rules of one that has some, else forward where both sides
// have the same parallelism, else rebalance.
const (
	Forward Exchange = iota
	Keyed
	Rebalance
	Broadcast
	Automatic
)

var exchangeWords = []string{"forward", "keyed", "rebalance", "broadcast", "auto"}

func newOperator() Operator { return Operator{Parallelism: 1, Chaining: true} }

func operatorFields(o *Operator) binding.Value {
	object := binding.Object{What: "operator", Fields: []binding.Field{
		{Name: "id", Value: binding.Text(&o.ID), Required: true, Doc: "Stable name: state belongs to it."},
		{Name: "parallelism", Value: binding.Count(&o.Parallelism, 1, 32768), Doc: "Number of subtasks."},
		{Name: "from", Value: binding.List(&o.From, newInput, inputFields),
			Doc: "The operators that it reads from; several are a union, or the inputs of a join."},
		{Name: "service", Value: distribution(&o.Service),
			Doc: "Time per record without a core, like a call to a database."},
		{Name: "cpu", Value: binding.Duration(&o.CPUNanos), Doc: "CPU time per record."},
		{Name: "cpu-ps-per-byte", Value: binding.Count(&o.CPUPicosPerByte, 0, binding.Unbounded),
			Doc: "CPU time per byte, in picoseconds."},
		{Name: "callback", Value: binding.Duration(&o.CallbackNanos),
			Doc: "Time that open, snapshot and close take, each."},
		{Name: "chaining", Value: binding.Flag(&o.Chaining), Doc: "May be chained to its neighbours."},
	}}
	for _, k := range operatorKinds {
		object.Fields = append(object.Fields, binding.Field{Name: k.word, Value: k.bind(o), Doc: k.doc})
		object.OneOf = append(object.OneOf, k.word)
	}
	return placed{object, &o.node}
}

// placed remembers the node that a value was read from.
type placed struct {
	binding.Object
	node **document.Node
}

func (p placed) Read(n *document.Node) error {
	*p.node = n
	return p.Object.Read(n)
}

func newInput() Input { return Input{Exchange: Automatic, Gate: -1} }

func inputFields(in *Input) binding.Value {
	return binding.Object{What: "input", Short: "id", Fields: []binding.Field{
		{Name: "id", Value: binding.Text(&in.ID), Required: true, Doc: "The operator that it reads from."},
		{Name: "exchange", Value: binding.Choice(&in.Exchange, "exchange", exchangeWords...),
			Doc: "How records travel: forward, keyed, rebalance, broadcast; auto chooses as Flink does."},
		{Name: "by", Value: fieldWord(&in.By), Doc: "The field that becomes the key on the way."},
		{Name: "input", Value: binding.Count(&in.Gate, -1, 1),
			Doc: "Which input of a two-input operator it feeds; -1 is by position."},
	}}
}

// jobFields are the keys of `job`.
func jobFields(s *Scenario) binding.Object {
	return binding.Object{What: "job", Fields: []binding.Field{
		{Name: "protocol", Value: binding.Word(&s.Job.Config.Protocol, "protocol", protocolNames()),
			Doc: "Checkpoint protocol: short for the options that mean the same."},
		{Name: "unsafe-exactly-once", Value: binding.Flag(&s.Job.Config.ForceExactlyOnce),
			Doc: "Run exactly-once on a source that cannot rewind, knowing that records get lost."},
		{Name: "own-slots", Value: binding.Flag(&s.Job.Config.NoSlotSharing),
			Doc: "Every subtask takes a slot of its own, as if no two operators shared a slot-sharing group."},
		{Name: "configuration", Value: optionsObject(s, layerJob), Doc: "Flink options of the job."},
		{Name: "graph", Value: binding.List(&s.Job.Graph, newOperator, operatorFields), Required: true,
			Doc: "The operators, each after those that it reads from."},
	}}
}

// Job is the job as a file has it, options resolved.
type Job struct {
	Config job.Config
	Graph  []Operator
}
