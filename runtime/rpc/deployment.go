package rpc

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/sim"
)

// Deployment is what a task manager needs to run one task of one attempt.
type Deployment struct {
	Task    protocol.TaskID
	Attempt protocol.Attempt
	Plan    *job.Plan
	Config  *job.Config
	// JobManager is the leader's actor; it changes with NewLeader.
	JobManager sim.ActorID
	// Locations say where every task of the attempt runs, by TaskID.
	Locations []Location
	// Restore is nil when the task starts from scratch.
	Restore *Restore
	// Splits are a source's splits when no enumerator assigns them.
	Splits []int32
}

// Location is where a task runs.
type Location struct {
	TaskManager int32
	Process     sim.ProcessID
	Actor       sim.ActorID // of the task manager
}

// Restore says what a task starts from.
type Restore struct {
	Checkpoint protocol.CheckpointID
	Handle     Handle
	// Finished: the task had ended before the checkpoint: it runs nothing and forwards
	// barriers only (Flink: finished-on-restore).
	Finished bool
}

// Handle points at one task's part of a checkpoint: inline when small, else an object.
// State is named by operator, key group and channel inside the snapshot, never by
// subtask number alone, so that another shape can read it.
type Handle struct {
	Inline *TaskSnapshot
	// State and Channels are objects in the store; zero keys where there is none.
	State, Channels sim.ObjectKey
	HasState        bool
	HasChannels     bool
	StateBytes      int64
	ChannelBytes    int64
}

// StateReport tells the job manager of a task's state.
type StateReport struct {
	Task    protocol.TaskID
	Attempt protocol.Attempt
	State   TaskStatus
	// Cause of a failed one.
	Cause FailureCause
}

// DeploymentReport says which tasks a task manager runs, and in which state, and which of the
// newest attempt have ended: it goes with every heartbeat, so that lost reports are made up
// for (Flink: ExecutionDeploymentReport, which need not tell of ended tasks, since nothing
// overtakes on its connection).
type DeploymentReport struct{ Tasks []StateReport }

// TaskStatus is a task's execution state, by Flink's names.
type TaskStatus uint8

const (
	TaskDeploying TaskStatus = iota
	TaskInitializing
	TaskRunning
	TaskFinished
	TaskCanceled
	TaskFailed
)

// FailureCause says why a task failed.
type FailureCause uint8

const (
	CauseNone FailureCause = iota
	CauseInjected
	CauseUserCode
	CauseConnectionLost
	CauseTaskManagerLost
	CauseStateUnreadable
	CauseCommitFailed
	CauseOpenFailed
	CauseCorruptStream
)

// Acknowledgement is a task's yes to a checkpoint.
type Acknowledgement struct {
	Task       protocol.TaskID
	Attempt    protocol.Attempt
	Checkpoint protocol.CheckpointID
	Handle     Handle
	Stats      protocol.SubtaskStats
	// OperatorsFinished: the snapshot was taken after all operators of the task had
	// finished; it is restored as finished.
	OperatorsFinished bool
}

// DeclineNotice is a task's no.
type DeclineNotice struct {
	Task       protocol.TaskID
	Attempt    protocol.Attempt
	Checkpoint protocol.CheckpointID
	Reason     protocol.FailureReason
}

// ChannelRequest asks a producer for one subpartition (Flink: partition request).
type ChannelRequest struct {
	Producer        protocol.TaskID
	ProducerChannel protocol.ChannelIndex
	Consumer        protocol.TaskID
	ConsumerChannel protocol.ChannelIndex
	ConsumerActor   sim.ActorID
	Attempt         protocol.Attempt
	InitialCredit   int32
	Local           bool
}

// SplitAssignment gives splits to a source reader.
type SplitAssignment struct {
	Splits []int32
	NoMore bool
	// Answers is the request that it answers: how many the reader had got answered before it.
	Answers int64
}
