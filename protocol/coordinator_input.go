package protocol

// CoordinatorTimer names the timers of a CheckpointCoordinator.
type CoordinatorTimer uint8

const (
	// TimerPeriodic fires the next periodic trigger, or the next scheduled instant.
	TimerPeriodic CoordinatorTimer = iota
	// TimerExpiry ends the checkpoint it belongs to.
	TimerExpiry
)

var coordinatorTimerNames = [...]string{"periodic", "expiry"}

// String is the timer as scripts show it.
func (t CoordinatorTimer) String() string { return coordinatorTimerNames[t] }

// CoordinatorInputKind is what happened to the coordinator.
type CoordinatorInputKind uint8

const (
	// CoordinatorTasksRunning: every task that has not finished runs, so the scheduler
	// starts. DelayNanos is the draw from FirstDelayRangeNanos.
	CoordinatorTasksRunning CoordinatorInputKind = iota
	// CoordinatorTimerFired: Timer (of Checkpoint, if TimerExpiry) fired. One that was
	// cleared or set anew meanwhile may still be fed: it is ignored.
	CoordinatorTimerFired
	// CoordinatorTrigger: a user wants a checkpoint of kind Trigger.
	CoordinatorTrigger

	// CoordinatorIDAssigned answers OrderNextID with Checkpoint, larger than any before.
	CoordinatorIDAssigned
	// CoordinatorIDFailed answers OrderNextID: the counter could not be incremented.
	CoordinatorIDFailed
	// CoordinatorCoordinatorsDone: the operator coordinators have been snapshotted for
	// Checkpoint, and their gateways are closed.
	CoordinatorCoordinatorsDone
	// CoordinatorHooksDone: the master hooks have run for Checkpoint.
	CoordinatorHooksDone
	// CoordinatorTriggerFailed: a stage of the trigger of Checkpoint failed for Reason
	// (location, operator coordinators, hooks, or the trigger call to a task).
	CoordinatorTriggerFailed

	// CoordinatorAck: Task, in Attempt, acknowledged Checkpoint with SizeBytes of state;
	// OperatorsFinished when all its operators had finished before the snapshot.
	CoordinatorAck
	// CoordinatorDecline: Task, in Attempt, could not take Checkpoint for Reason.
	CoordinatorDecline
	// CoordinatorMetadataStored, CoordinatorMetadataFailed and CoordinatorMetadataUnknown
	// answer OrderWriteMetadata of Checkpoint: it is durable; it is not and never will be;
	// nobody can tell.
	CoordinatorMetadataStored
	CoordinatorMetadataFailed
	CoordinatorMetadataUnknown

	// CoordinatorEndOfData: Task has passed on the end of its data.
	CoordinatorEndOfData
	// CoordinatorTaskFinished: Task has finished.
	CoordinatorTaskFinished
	// CoordinatorTaskFailed: Task failed; the job leaves RUNNING.
	CoordinatorTaskFailed
	// CoordinatorSuspended: the job leaves RUNNING for another reason (a global failure).
	CoordinatorSuspended
	// CoordinatorRestoreRequested: a new execution, Attempt, is about to be deployed.
	CoordinatorRestoreRequested
	// CoordinatorCheckpointRecovered: the durable store holds Checkpoint (a savepoint if
	// Trigger says so). Fed before the first restore of a new job manager, and in answer
	// to OrderRecoverStore, once for each entry.
	CoordinatorCheckpointRecovered
	// CoordinatorStoreRecovered: that was the last entry in answer to OrderRecoverStore.
	CoordinatorStoreRecovered
	// CoordinatorJobStopped: the job ended with Status, or this leader lost the job
	// (JobSuspended).
	CoordinatorJobStopped
)

// CoordinatorInput is one step's cause. Which fields matter is said at its kind.
type CoordinatorInput struct {
	Kind              CoordinatorInputKind
	Timer             CoordinatorTimer
	Trigger           TriggerKind
	Reason            FailureReason
	Status            JobStatus
	OperatorsFinished bool
	Task              TaskID
	Attempt           Attempt
	Checkpoint        CheckpointID
	SizeBytes         int64
	DelayNanos        int64
	// NowNanos is the clock of the job manager's node, in nanoseconds; it never goes back.
	NowNanos int64
}
