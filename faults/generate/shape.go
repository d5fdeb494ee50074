package generate

import "simrun/protocol"

// Shape is what a plan may name, and what the system can take: the part of a scenario that
// a generator of plans needs to know.
type Shape struct {
	Operators []Operator
	// TaskManagers and JobManagers are numbered from 0: "task-manager-0", "job-manager-0".
	TaskManagers, JobManagers int
	// Nodes are the machines of the task managers, "node-0" on; each job manager and each
	// external system has a machine of its own.
	Nodes     int
	Externals []string
	// Ledgers are those of them to which sinks write by two-phase commit.
	Ledgers []string
	// Dead are processes that the scenario itself takes away for good.
	Dead []string

	// Faults strike from FromNanos (a first checkpoint is complete) to ToNanos (input is
	// left, so that there is something to replay).
	FromNanos, ToNanos int64
	// A process that is silent for HeartbeatTimeoutNanos is given up; a connection breaks
	// ConnectionTimeoutNanos after its link was cut.
	HeartbeatTimeoutNanos, ConnectionTimeoutNanos int64
	// CheckpointNanos is about how long a checkpoint is in progress.
	CheckpointNanos int64

	// MayFail: the job may be made to give up soon, so that user code can fail in every attempt.
	MayFail bool
	// Restarts is how many attempts may fail before the job gives up.
	Restarts int
	// TolerableFailures is how many checkpoints in a row may fail before the attempt does.
	TolerableFailures int
	// FirstCheckpoint to LastCheckpoint are about the ones in progress while faults may strike.
	// With 0 nothing is known of steps, and faults strike at times only.
	FirstCheckpoint, LastCheckpoint protocol.CheckpointID
}

// Operator is one operator of the job.
type Operator struct {
	ID          string
	Parallelism int
	// Commits: it writes to an external system by two-phase commit.
	Commits bool
	// Source, if not empty, is a source whose records it takes as they are, and Splits and
	// SplitRecords how many of how many records that has.
	Source               string
	Splits, SplitRecords int64
	// Reads: it is a source; Rated: its records come at their time. Timers: it sets some.
	Reads, Rated, Timers bool
	// Records is about how many records a subtask has taken when faults begin to strike,
	// and RecordsTo when they no longer do.
	Records, RecordsTo int64
}
