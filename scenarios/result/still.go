package result

import "simrun/protocol"

// Still is the state of a run right after one of its events: what a debugger would show
// there.
type Still struct {
	// Position is the event's number in the run, from 1; Event its canonical text, Actor who
	// did it.
	Position    int64
	TimeNanos   int64
	Actor       string
	Event       string
	JobStatus   protocol.JobStatus
	Attempt     protocol.Attempt
	Subtasks    []SubtaskStill // by protocol.TaskID
	Checkpoints []CheckpointStill
	// Faults are those that last at that moment, in canonical text.
	Faults []string
	// Transactions are those that are open or pre-committed.
	Transactions []TransactionStill
}

// SubtaskStill is one subtask.
type SubtaskStill struct {
	Name string
	// Does is what it is doing, and what it waits for; empty when it does not run.
	Does string
	// QueuedBuffers wait in front of it; SegmentsInUse hold its output.
	QueuedBuffers, SegmentsInUse int64
	// Blocked are the subtasks whose channels it does not read.
	Blocked []string
	// Last is its latest event, at LastNanos.
	Last      string
	LastNanos int64
}

// CheckpointStill is a checkpoint in progress.
type CheckpointStill struct {
	ID           protocol.CheckpointID
	TriggerNanos int64
	// Snapshotted, Done and Acknowledged are the subtasks that have come so far.
	Snapshotted, Done, Acknowledged []string
}

// TransactionStill is a transaction that has not ended.
type TransactionStill struct {
	ID           protocol.TransactionID
	PreCommitted bool
}
