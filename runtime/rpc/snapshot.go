package rpc

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// TaskSnapshot is one task's part of a checkpoint as it is stored. It is all that a
// restarted task receives.
type TaskSnapshot struct {
	Task       protocol.TaskID
	Attempt    protocol.Attempt
	Checkpoint protocol.CheckpointID
	// Operators is the state of the task's operators; nil when they have none.
	Operators *state.Snapshot
	// Input and Output are the recorded in-flight data, by ChannelIndex.
	Input, Output [][]record.Piece
	// Received and Sent are ghost counters for the proof of the cut.
	Received, Sent []protocol.Chain
	// Positions are a source's next offsets.
	Positions []protocol.SplitPosition
	// NextChannel is the rotation of rebalance exchanges, by result partition.
	NextChannel []int32
	// Sink is a transactional sink's state, and Contents the ghost tallies of its pending
	// transactions.
	Sink     *protocol.TransactionState
	Contents []TransactionContent
	// Taken is the ghost tally of everything that the sink ever took into transactions.
	Taken protocol.StatePoint
	// Finished: the operators had ended before the checkpoint.
	Finished bool
}

// TransactionContent is what a pre-committed transaction of a sink holds.
type TransactionContent struct {
	Transaction protocol.TransactionID
	Content     protocol.Tally
}
