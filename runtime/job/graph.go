package job

import (
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// Exchange is how records travel from one operator's subtasks to the next one's.
type Exchange uint8

const (
	// Forward: subtask i to subtask i; needs equal parallelism; chainable.
	Forward Exchange = iota
	// Keyed: by key group (Flink: KeyGroupStreamPartitioner).
	Keyed
	// Rebalance: round-robin, starting at an addressed channel.
	Rebalance
	// Broadcast: every record to every subtask.
	Broadcast
)

var exchangeNames = [...]string{"forward", "keyed", "rebalance", "broadcast"}

// String is the exchange's word in a scenario.
func (e Exchange) String() string { return exchangeNames[e] }

// SupportsUnaligned reports whether channel state may exist on the exchange: pointwise
// and broadcast ones do not (FLINK-22815, FLINK-21945).
func (e Exchange) SupportsUnaligned() bool { return e == Keyed || e == Rebalance }

// KeySelector gives the key of a record for a keyed exchange. It must be pure.
type KeySelector func(r *record.Record) uint64

// Graph is a job as its author wrote it, before chaining: nodes in the order of the
// file. An edge points from a producer to a consumer's input.
type Graph struct {
	Name           string
	Nodes          []Node
	MaxParallelism int // 0: derived as Flink does
}

// Node is one operator of a Graph. Exactly one of Source, Sink and Operator is set.
type Node struct {
	ID          string // stable: state belongs to it
	Parallelism int
	Inputs      []Input
	// Source makes a source node's records.
	Source *source.Spec
	// Enumerated sources get their splits one by one from a split enumerator at the job
	// manager (FLIP-27); others have them from the start.
	Enumerated bool
	// Sink makes a sink node.
	Sink *sink.Spec
	// Operator makes any other node.
	Operator *operator.Spec
	// Service is the time one record takes besides CPU (a call to a database, say).
	// Addressed by (operator, record).
	Service Service
	// NoChaining starts a new vertex at this node and ends it there.
	NoChaining bool
}

// Input is one edge into a node: from which node (by index in Graph.Nodes), how, and
// into which of the function's inputs.
type Input struct {
	From     int
	Exchange Exchange
	// KeyBy re-keys records as they leave the producer; nil keeps their key.
	KeyBy KeySelector
	Gate  int // the function's input: union edges share one
	// ForcedAligned edges never carry unaligned barriers (sink writer to committer).
	ForcedAligned bool
}

// Service is the time that an operator spends on each record.
type Service struct {
	// CPUNanos is work for the node's cores, shared with what else runs there.
	CPUNanos int64
	// CPUNanosPerByte is added for every serialised byte, in 1/1000 ns.
	CPUPicosPerByte int64
	// Wait is time without a core (a synchronous call to another system).
	Wait sim.Distribution
	// CallbackNanos is what open, snapshot (sync part) and close take, each.
	CallbackNanos int64
}
