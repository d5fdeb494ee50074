package protocol

// FailureReason says why a checkpoint was not triggered or failed, by Flink's names
// (CheckpointFailureReason).
type FailureReason uint8

const (
	ReasonNone FailureReason = iota
	// Before the trigger.
	PeriodicSchedulerShutdown
	TooManyCheckpointRequests
	MinimumTimeBetweenCheckpoints
	NotAllRequiredTasksRunning
	IOException
	BlockingOutputExist
	// In flight.
	CheckpointAsyncException
	ChannelStateSharedStreamException
	CheckpointExpired
	CheckpointSubsumed
	CheckpointDeclined
	CheckpointDeclinedTaskNotReady
	CheckpointDeclinedTaskClosing
	CheckpointDeclinedSubsumed
	CheckpointDeclinedOnCancellationBarrier
	CheckpointDeclinedInputEndOfStream
	CheckpointCoordinatorShutdown
	CheckpointCoordinatorSuspend
	JobFailoverRegion
	TaskFailure
	TaskCheckpointFailure
	UnknownTaskCheckpointNotificationFailure
	FinalizeCheckpointFailure
	TriggerCheckpointFailure
	reasonCount
)

var reasonNames = [reasonCount]string{
	"NONE", "PERIODIC_SCHEDULER_SHUTDOWN", "TOO_MANY_CHECKPOINT_REQUESTS",
	"MINIMUM_TIME_BETWEEN_CHECKPOINTS", "NOT_ALL_REQUIRED_TASKS_RUNNING", "IO_EXCEPTION",
	"BLOCKING_OUTPUT_EXIST", "CHECKPOINT_ASYNC_EXCEPTION", "CHANNEL_STATE_SHARED_STREAM_EXCEPTION",
	"CHECKPOINT_EXPIRED", "CHECKPOINT_SUBSUMED", "CHECKPOINT_DECLINED",
	"CHECKPOINT_DECLINED_TASK_NOT_READY", "CHECKPOINT_DECLINED_TASK_CLOSING",
	"CHECKPOINT_DECLINED_SUBSUMED", "CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER",
	"CHECKPOINT_DECLINED_INPUT_END_OF_STREAM", "CHECKPOINT_COORDINATOR_SHUTDOWN",
	"CHECKPOINT_COORDINATOR_SUSPEND", "JOB_FAILOVER_REGION", "TASK_FAILURE",
	"TASK_CHECKPOINT_FAILURE", "UNKNOWN_TASK_CHECKPOINT_NOTIFICATION_FAILURE",
	"FINALIZE_CHECKPOINT_FAILURE", "TRIGGER_CHECKPOINT_FAILURE",
}

// String is Flink's name of the reason.
func (r FailureReason) String() string { return reasonNames[r] }

// Counted reports whether a checkpoint that failed for r counts towards
// tolerable-failed-checkpoints (Flink: CheckpointFailureManager, reference 1.1).
func (r FailureReason) Counted() bool {
	switch r {
	case IOException, CheckpointAsyncException, CheckpointDeclined, CheckpointExpired,
		FinalizeCheckpointFailure, ChannelStateSharedStreamException:
		return true
	}
	return false
}
