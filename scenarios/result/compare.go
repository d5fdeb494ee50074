package result

import "simrun/protocol"

// Comparison is the result of a grid of runs: protocols x workloads x slowdowns x seeds,
// paired by seed.
type Comparison struct {
	Name      string
	Protocols []protocol.Name
	Workloads []string
	Slowdowns []string // as written: "0.5", "1", "50"
	Seeds     []uint64
	Runs      []CellRun // in the order protocol, workload, slowdown, seed

	// TimeoutNanos is the checkpoint timeout: an expired checkpoint took at least that.
	TimeoutNanos int64
	// MeasureFromNanos ends the warm-up: checkpoints triggered before it do not count.
	MeasureFromNanos int64
	// Conditions are what held in the runs (parallelism, buffers, segment size, service
	// time …), in the order in which a report shows them.
	Conditions []Condition
	// Command reproduces the whole comparison, to be pasted into a shell.
	Command string
}

// Condition is one thing that held in the runs of a workload, as a reader writes it.
type Condition struct {
	// Workload is empty for what held in every run.
	Workload    string
	Name, Value string
}

// CellRun is one seed's run in one cell.
type CellRun struct {
	Protocol protocol.Name
	Workload string
	Slowdown string
	Seed     uint64
	Outcome  *Outcome
	// Recovery is from the twin run in which a task manager crashes at a random moment.
	Recovery *Recovery
	// Pipeline is the job as the closed forms see it; nil where none applies. Runs of a
	// cell may share it.
	Pipeline *Pipeline
	// Theory are the closed-form predictions for each of Outcome.Checkpoints (same
	// index), 0 where a form does not apply. Nil: a report computes them from Pipeline.
	Theory []Theory
}

// Theory is what closed forms say of one checkpoint (reference protocols.md 5.2 to 5.4).
type Theory struct {
	// DurationNanos is the prediction from what was in flight at the trigger.
	DurationNanos int64
	// BoundNanos is the upper bound from the number of buffers alone.
	BoundNanos int64
	// PersistedBytes is the predicted in-flight data in the checkpoint.
	PersistedBytes int64
}

// Pipeline is a job as the closed forms see it: a chain of exchanges that ends at the
// bottleneck (reference protocols.md 5.1). Times are means unless said otherwise.
type Pipeline struct {
	// Exchanges lie on the longest path, from the sources to the sinks.
	Exchanges []Exchange
	// SinkServiceNanos is the service time of one record at a sink subtask.
	SinkServiceNanos int64
	// TriggerNanos is the time from the trigger until the last source has it, AckNanos
	// from a subtask's acknowledgement until the coordinator has it.
	TriggerNanos, AckNanos int64
	// SyncNanos is the longest synchronous part of a snapshot.
	SyncNanos int64
	// StorageLatencyNanos is what storing an object takes at least; then come its bytes
	// at the rate of one writer, and of all of them together. A rate of 0 is no limit.
	StorageLatencyNanos         int64
	StorageWriterBytesPerSecond int64
	StorageTotalBytesPerSecond  int64
	// InlineBytes is the most that a subtask sends with its acknowledgement instead of
	// storing it, of state and of in-flight data each
	// (execution.checkpointing.data-inline-threshold).
	InlineBytes int64
	// AlignedTimeoutNanos is the aligned-checkpoint-timeout of the hybrids.
	AlignedTimeoutNanos int64
}

// Exchange is one hop of a Pipeline, all senders to all receivers.
type Exchange struct {
	Senders, Receivers int64
	// InputBuffers are what one receiver can hold: exclusive and floating together.
	InputBuffers int64
	// OutputBuffers are what one sender can hold, SubpartitionBuffers the most of them
	// that can wait for one receiver; both with overdraft.
	OutputBuffers, SubpartitionBuffers int64
	SegmentBytes                       int64
	// RecordBytes is the size of a serialised record with its length field.
	RecordBytes int64
	// LatencyNanos is the time a buffer is on its way.
	LatencyNanos int64
	// ResidualNanos is the longest that the receiver cannot be interrupted: one record.
	ResidualNanos int64
	// BottleneckPermille is the share of the records in this exchange that end at the
	// busiest sink subtask; 0: they are spread evenly.
	BottleneckPermille int64
}
