package checkers

import "simrun/protocol"

// Setup says what a run is and what it promises. It must not change during the run.
type Setup struct {
	// Vertices are in the order of VertexID; their tasks are numbered through.
	Vertices []Vertex
	Links    []protocol.ChannelLink
	Sinks    []Sink
	// Feeds are the operators that see source records directly.
	Feeds []Feed
	// Contract is what the run is judged by. Checkpoints is false under protocol none:
	// then only a run without failures has effects to account for.
	Contract    protocol.Contract
	Checkpoints bool
	// RestoredFrom is the retained checkpoint of another run that this one starts from.
	RestoredFrom protocol.CheckpointID
	Limits       Limits
	// Replay re-executes operators; nil when nobody can.
	Replay Replay
	// Detailed: the run has an event per record.
	Detailed bool
}

// Vertex is one chain of operators with its subtasks.
type Vertex struct {
	Name        string
	FirstTask   protocol.TaskID
	Parallelism int
	// Order says what the order of merging its inputs changes; the strictest of its
	// operators.
	Order Order
}

// Order says what an operator's state and output depend on, and so how they are checked
// (reference protocols.md 3.2).
type Order uint8

const (
	// OrderFree: equal to a sequential fold of the input.
	OrderFree Order = iota
	// MergeOrder: deterministic in the order in which inputs were merged.
	MergeOrder
	// TimeDependent: depends on watermarks, timers or clocks as well.
	TimeDependent
)

// Promise is what a sink does with output.
type Promise uint8

const (
	// Transactional output is visible once per record: two-phase commit.
	Transactional Promise = iota
	// Upsert output overwrites by key: repeating it changes nothing in the end.
	Upsert
	// Append output is visible at once and may repeat after a failure.
	Append
)

// Sink is one sink operator.
type Sink struct {
	// ID is the sink argument of the transaction and output events.
	ID     int64
	Vertex protocol.VertexID
	Name   string
	// Operator is the hash under which the sink keeps the tally of everything that it
	// ever took (StatePoint.Applied); 0 when it keeps none.
	Operator uint64
	Promise  Promise
	Order    Order
	// KeysVary: which keys are written depends on the order of merging. Then a table keeps
	// rows of rolled-back work that the second attempt does not write again.
	KeysVary bool
}

// Feed is an operator that applies each record of its sources exactly once, under the
// lineage that the source gave it (no operator between them drops, copies or renames).
// Its Applied tally plus what is in flight must be all records before the sources'
// positions.
type Feed struct {
	Operator uint64
	Vertex   protocol.VertexID
	Sources  []protocol.VertexID
}

// Limits are the bounds that a run's options set. 0 means that there is none.
type Limits struct {
	MaxConcurrent int
	// MinPauseNanos and TimeoutNanos are the coordinator's options.
	MinPauseNanos int64
	TimeoutNanos  int64
	// IntervalNanos is that of periodic checkpoints; 0: there are none, or on a schedule.
	IntervalNanos int64
	// ClockSlackNanos is how much the job manager's clock may be off over such a time.
	ClockSlackNanos int64
	// Pools are the output pools' sizes; CreditBuffers the most that a receiver may have
	// announced for one remote channel (exclusive and floating).
	Pools         []Pool
	CreditBuffers int64
	// LivenessNanos is the time in which a run must make progress once every fault has
	// healed: counted from the last event of a fault, and at least from QuietFromNanos,
	// when the plan has healed its last timed fault (plan.Plan.QuietFromNanos). FaultNanos is,
	// by position in the plan, how long a fault lasts once it has struck; 0: it does not heal.
	LivenessNanos  int64
	QuietFromNanos int64
	FaultNanos     []int64
	// MaxRestarts after the last fault healed; more are a crash loop.
	MaxRestarts int
}

// Pool is the buffer pool of one result partition.
type Pool struct {
	Task      protocol.TaskID
	Partition int64
	// Segments is the pool's size with the overdraft.
	Segments int64
}
