package protocol

import "strconv"

// CheckpointID numbers the checkpoints of a job, over all its restarts: an id is
// never reused (Flink: CheckpointIDCounter). Ids start at 1; NoCheckpoint is none.
type CheckpointID int64

// NoCheckpoint is the id of no checkpoint.
const NoCheckpoint CheckpointID = 0

// TaskID numbers the subtasks of a job densely: vertices in the order of the graph,
// subtasks 0..parallelism-1 within a vertex. It names the logical subtask, over all
// attempts.
type TaskID int32

// NoTask stands where an event or message has no task.
const NoTask TaskID = -1

// VertexID numbers the vertices (operator chains) of a job densely, sources first.
type VertexID int32

// ChannelIndex is the position of a channel within one task: input channels are
// numbered flat over all gates, output channels flat over all result partitions.
type ChannelIndex int32

// NoChannel is the channel of an RPC-triggered barrier at a source.
const NoChannel ChannelIndex = -1

// Attempt counts the executions of a job, from 0; every task of an execution shares it
// because failover is global. It fences zombies.
type Attempt int32

// TransactionID names a transaction of a sink: unique per (task, attempt, checkpoint).
type TransactionID int64

// MakeTransactionID gives the name under which task, in attempt, collects the output
// that belongs to checkpoint. It is a pure function, so that a restored sink can name
// the transactions of its predecessor.
func MakeTransactionID(task TaskID, attempt Attempt, checkpoint CheckpointID) TransactionID {
	return TransactionID(int64(task)<<48 | int64(attempt&0xffff)<<32 | int64(checkpoint)&0xffffffff)
}

// Task is the subtask that opened the transaction.
func (t TransactionID) Task() TaskID { return TaskID(t >> 48) }

// Attempt is the execution in which the transaction was opened (modulo 2^16).
func (t TransactionID) Attempt() Attempt { return Attempt(t >> 32 & 0xffff) }

// Checkpoint is the checkpoint that the transaction's content belongs to.
func (t TransactionID) Checkpoint() CheckpointID { return CheckpointID(t & 0xffffffff) }

// String is "txn-<task>-<attempt>-<checkpoint>".
func (t TransactionID) String() string {
	return "txn-" + strconv.Itoa(int(t.Task())) + "-" + strconv.Itoa(int(t.Attempt())) + "-" +
		strconv.FormatInt(int64(t.Checkpoint()), 10)
}
