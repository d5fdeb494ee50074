package protocol

// Step is a named step of a protocol: a place in the runtime before and after which a fault
// can strike. Steps are no events: nobody counts or digests them. Numbers are not kept
// anywhere; plans and case files hold the words.
type Step uint8

// The steps, group by group, each in the order in which a run makes them. Summary says what
// is done between a step's Before and its After.
const (
	// StepNone is no step.
	StepNone Step = iota

	// Local snapshot (Flink: SubtaskCheckpointCoordinatorImpl, reference 2.6).
	StepReceiveTrigger
	StepBeginSnapshot
	StepForwardCancel
	StepStartChannelState
	StepPreparePreBarrier
	StepBroadcastBarrier
	StepArmOutputTimer
	StepFinishInput
	StepFinishOutput
	StepSyncSnapshot
	StepAsyncWrite
	StepAcknowledge
	StepDecline
	StepReceiveComplete
	StepReceiveAbort

	// Checkpoint coordinator (Flink: CheckpointCoordinator, reference 2.11).
	StepDecideTrigger
	StepTakeID
	StepMakePlan
	StepInitialiseLocation
	StepSnapshotCoordinators
	StepTriggerTask
	StepReceiveAcknowledgement
	StepAllAcknowledged
	StepWriteMetadata
	StepAddPointer
	StepDropOlder
	StepNotifyComplete
	StepReceiveDecline
	StepExpire
	StepAbort
	StepNotifyAborted
	StepChooseRestore
	StepRestore

	// Two-phase commit (Flink: TwoPhaseCommitSinkFunction, reference 1.9).
	StepOpenTransaction
	StepWriteTransaction
	StepPreCommit
	StepPrepared
	StepSnapshotCommittables
	StepAskCommit
	StepCommitted
	StepAskAbort
	StepAborted
	StepRecommit
	StepAbortLingering
	StepRecovered
	StepApplyRequest

	// Channel-state recovery (reference 2.12).
	StepReadState
	StepReadOutputState
	StepBlockOutput
	StepInitialiseOperators
	StepReadInputState
	StepConvertChannel
	StepRequestPartition
	StepResumeUpstream

	// Deployment and failover (Flink: DefaultScheduler, TaskExecutor).
	StepOfferSlots
	StepTakeSlots
	StepDeployTask
	StepStartTask
	StepInitialiseTask
	StepRunTask
	StepAllRunning
	StepFailOver
	StepCancelTask
	StepTaskCanceled
	StepAllCanceled
	StepFinishTask
	StepEndJob

	// Leadership (Flink: DefaultLeaderElectionService with a lease).
	StepAskLease
	StepLead
	StepReadRecord
	StepFence
	StepFollowLeader
	StepStepDown

	stepCount
)

// StepGroup is the mechanism that a step belongs to.
type StepGroup uint8

// The groups, in the order of the steps.
const (
	StepsOfLocalSnapshot StepGroup = iota
	StepsOfCoordinator
	StepsOfTwoPhaseCommit
	StepsOfChannelStateRecovery
	StepsOfDeployment
	StepsOfLeadership
	stepGroupCount
)

var stepGroupNames = [stepGroupCount]string{
	"local snapshot", "checkpoint coordinator", "two-phase commit", "channel-state recovery", "deployment",
	"leadership",
}

// String is the group's name.
func (g StepGroup) String() string { return stepGroupNames[g] }

// Moment is on which side of a step something strikes.
type Moment uint8

const (
	// After the step was made, and nothing else.
	After Moment = iota
	// Before the step: if whoever makes it dies now, it is not made.
	Before
)

// String is "after" or "before".
func (m Moment) String() string { return [...]string{"after", "before"}[m] }

// StepReached is one arrival of a run at a step.
type StepReached struct {
	Step   Step
	Moment Moment
	// Task makes the step, or is the one that a task manager makes it for; NoTask at a job
	// manager or an external system.
	Task TaskID
	// Checkpoint is the one that the step is about; NoCheckpoint where it is about none.
	Checkpoint CheckpointID
}

// Steps is the number of steps; they are 0 (none) to Steps-1.
const Steps = int(stepCount)

// String is the step's word: in plans, case files and lists.
func (s Step) String() string { return stepSpecs[s].word }

// Summary says in a line what the step is, and who makes it.
func (s Step) Summary() string {
	return stepMakerNames[stepSpecs[s].maker] + ": " + stepSpecs[s].summary
}

// OfTask reports whether tasks make the step, not processes.
func (s Step) OfTask() bool { return stepSpecs[s].maker <= bySink }

// Group is the mechanism that the step belongs to.
func (s Step) Group() StepGroup {
	switch {
	case s < StepDecideTrigger:
		return StepsOfLocalSnapshot
	case s < StepOpenTransaction:
		return StepsOfCoordinator
	case s < StepReadState:
		return StepsOfTwoPhaseCommit
	case s < StepOfferSlots:
		return StepsOfChannelStateRecovery
	case s < StepAskLease:
		return StepsOfDeployment
	}
	return StepsOfLeadership
}

// ParseStep finds the step with the given word.
func ParseStep(word string) (Step, bool) {
	for s := StepNone + 1; s < stepCount; s++ {
		if s.String() == word {
			return s, true
		}
	}
	return StepNone, false
}
