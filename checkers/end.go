package checkers

import "simrun/protocol"

// End is what a run left behind, told to the checkers after the last event.
type End struct {
	TimeNanos int64
	Status    protocol.JobStatus
	// Quiescent: only housekeeping was left to do.
	Quiescent bool
	// Waits say who waits for whom, for the tale of a stuck run.
	Waits []Wait
	// Outputs are what readers of the external systems see, by Sink.ID.
	Outputs []OutputEnd
	// States are the operators' final states, summed over subtasks; empty when they are
	// gone.
	States []StateEnd
	// Objects are the files in the store; Retained the checkpoints that are kept.
	Objects  []ObjectLeft
	Retained []protocol.CheckpointID
	// Unreadable are those of them, of a job that has failed, that could not be restored.
	Unreadable []UnreadableCheckpoint
	// OpenTransactions are neither committed nor aborted.
	OpenTransactions []protocol.TransactionID
	// Operations are the requests to the durable services, in the order of their calls.
	Operations []protocol.Operation
	// Timers counts pending timers of tasks that have ended.
	Timers int
}

// Wait is an edge of the wait-for graph: Who cannot go on before Whom has done What.
type Wait struct{ Who, Whom, What string }

// OutputEnd is what one sink's external system holds for its readers.
type OutputEnd struct {
	Sink    int64
	Visible protocol.Tally
	// Content digests values independent of order; of an upsert sink: of the table.
	Content uint64
}

// StateEnd is one operator's final state.
type StateEnd struct {
	Operator uint64
	Applied  protocol.Tally
	Content  uint64
}

// UnreadableCheckpoint is a checkpoint that was kept and cannot be read, and why.
type UnreadableCheckpoint struct {
	Checkpoint protocol.CheckpointID
	Reason     string
}

// ObjectLeft is a file in the store that belongs to one task's part of a checkpoint.
type ObjectLeft struct {
	Task       protocol.TaskID
	Checkpoint protocol.CheckpointID
	SizeBytes  int64
}

// terminal reports whether a job in that state will not do anything more.
func terminal(s protocol.JobStatus) bool {
	return s == protocol.JobFinished || s == protocol.JobFailed || s == protocol.JobCanceled
}
