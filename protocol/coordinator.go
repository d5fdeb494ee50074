package protocol

import "fmt"

// CheckpointCoordinator runs the checkpoints of one job at its job manager: when to
// trigger, whom to trigger, who has acknowledged, when a checkpoint is complete or has
// failed, and which to keep (Flink: CheckpointCoordinator, PendingCheckpoint).
//
//	request -> OrderNextID -> pending -> operator coordinators -> master hooks
//	        -> OrderTriggerTask at the roots ... acknowledgements of all tasks
//	        -> OrderWriteMetadata -> store, subsume older, notify complete
//
// It is a pure state machine: the host feeds inputs one at a time, in the order of its
// clock, and carries out the effects of a step in order before the next one. The machine
// knows ids only; the host keeps the state handles that tasks acknowledged, and must
// answer every OrderNextID, OrderSnapshotCoordinators, OrderSnapshotHooks,
// OrderWriteMetadata and OrderRecoverStore in the end. A job manager that crashes loses
// its machine; the next one starts with a new machine, CoordinatorCheckpointRecovered for
// each entry of the durable store, and CoordinatorRestoreRequested.
//
// In Flink one lock is held while a checkpoint is finalized, so nothing happens in
// between. Here the write takes virtual time, and what may not happen in between waits
// for its outcome: expiry, declines and task failures do not end that checkpoint, and a
// restore or stop of the job is put off.
type CheckpointCoordinator struct {
	options  CoordinatorOptions
	tasks    taskTable
	decider  RequestDecider
	failures FailureCounter
	store    CompletedStore

	nowNanos int64
	attempt  Attempt
	phase    coordinatorPhase

	trigger          triggerInProgress
	lastID           CheckpointID
	pending          []*pendingCheckpoint // by id
	free             []*pendingCheckpoint
	acknowledged     []*pendingCheckpoint // wait for finalizing, in the order of their last ack
	finalizing       *pendingCheckpoint
	lastCompletion   int64
	hasCompleted     bool
	nextTriggerNanos int64
	nextInstant      int
	instantsStarted  bool

	restore  restoreWait
	stop     stopWait
	failing  bool // the job was told to fail in this step
	unknown  bool // the outcome of a metadata write is unknown
	sealed   []CheckpointID
	recent   recentIDs
	subsumed []CompletedEntry // scratch
}

// coordinatorPhase is the job as the coordinator sees it.
type coordinatorPhase uint8

const (
	// phaseSuspended: not all tasks run; nothing periodic is triggered.
	phaseSuspended coordinatorPhase = iota
	// phaseScheduling: tasks run.
	phaseScheduling
	// phaseStopped: the job has ended here; only late messages come.
	phaseStopped
)

// restoreWait is a restore that waits for a metadata write or for the store.
type restoreWait struct {
	wanted, recovering bool
}

// stopWait is an end of the job that waits for a metadata write.
type stopWait struct {
	wanted bool
	status JobStatus
}

// NewCheckpointCoordinator returns a coordinator for the job, suspended until its tasks
// run. It panics if the options are not valid.
func NewCheckpointCoordinator(options CoordinatorOptions, graph PlanGraph) *CheckpointCoordinator {
	c := &CheckpointCoordinator{}
	c.Reset(options, graph)
	return c
}

// Reset makes the coordinator as new, for another job, and keeps its memory.
func (c *CheckpointCoordinator) Reset(options CoordinatorOptions, graph PlanGraph) {
	if err := options.Validate(); err != nil {
		panic("checkpoint coordinator: " + err.Error())
	}
	free := append(c.free, c.pending...)
	*c = CheckpointCoordinator{
		options: options, tasks: c.tasks, decider: c.decider, failures: c.failures, store: c.store,
		pending: c.pending[:0], free: free, acknowledged: c.acknowledged[:0],
		sealed: c.sealed[:0], subsumed: c.subsumed[:0],
	}
	c.tasks.reset(graph)
	c.decider.Reset(options.MaxConcurrent, options.MinPauseNanos, options.MaxQueuedRequests)
	c.failures.Reset(options.TolerableFailures)
	c.store.Reset(options.NumRetained)
}

// Store is the list of completed checkpoints. It must not be changed.
func (c *CheckpointCoordinator) Store() *CompletedStore { return &c.store }

// Attempt is the execution whose acknowledgements count.
func (c *CheckpointCoordinator) Attempt() Attempt { return c.attempt }

// Pending is the number of checkpoints in flight.
func (c *CheckpointCoordinator) Pending() int { return len(c.pending) }

// Queued is the number of trigger requests that wait.
func (c *CheckpointCoordinator) Queued() int { return c.decider.Queued() }

// Failures is the number of consecutive counted failures.
func (c *CheckpointCoordinator) Failures() int { return c.failures.Count() }

// TaskStatus is the part that a task has in a checkpoint in flight; the host records it
// in the metadata. It panics if the checkpoint is not in flight.
func (c *CheckpointCoordinator) TaskStatus(id CheckpointID, task TaskID) PlanStatus {
	p := c.find(id)
	if p == nil {
		c.misuse("status asked of checkpoint", id)
	}
	return p.status[task]
}

// Step takes one input and appends its effects to out.
func (c *CheckpointCoordinator) Step(in CoordinatorInput, out *CoordinatorEffects) {
	c.nowNanos = in.NowNanos
	c.dispatch(&in, out)
	if c.failing {
		c.failing = false
		c.suspend(CheckpointCoordinatorSuspend, out)
	}
	c.finalizeNext(out)
	c.resumeWaits(out)
	c.executeQueued(out)
}

func (c *CheckpointCoordinator) dispatch(in *CoordinatorInput, out *CoordinatorEffects) {
	switch in.Kind {
	case CoordinatorTasksRunning:
		c.startScheduler(in, out)
	case CoordinatorTimerFired:
		c.timerFired(in, out)
	case CoordinatorTrigger:
		c.submit(in.Trigger, out)
	case CoordinatorIDAssigned, CoordinatorIDFailed:
		c.idAnswered(in, out)
	case CoordinatorCoordinatorsDone, CoordinatorHooksDone:
		c.stageDone(in, out)
	case CoordinatorTriggerFailed:
		c.triggerFailed(in, out)
	case CoordinatorAck:
		c.receiveAck(in, out)
	case CoordinatorDecline:
		c.receiveDecline(in, out)
	case CoordinatorMetadataStored, CoordinatorMetadataFailed, CoordinatorMetadataUnknown:
		c.metadataAnswered(in, out)
	case CoordinatorEndOfData:
		c.endOfData(in.Task, out)
	case CoordinatorTaskFinished:
		c.taskFinished(in.Task, out)
	case CoordinatorTaskFailed:
		c.taskFailed(in.Task, out)
	case CoordinatorSuspended:
		c.suspend(CheckpointCoordinatorSuspend, out)
	case CoordinatorRestoreRequested:
		c.requestRestore(in.Attempt, out)
	case CoordinatorCheckpointRecovered:
		c.recovered(in)
	case CoordinatorStoreRecovered:
		c.storeRecovered(in)
	case CoordinatorJobStopped:
		c.jobStopped(in.Status, out)
	default:
		panic(fmt.Sprintf("checkpoint coordinator: input kind %d at %d ns", in.Kind, c.nowNanos))
	}
}

// misuse panics on what only a wrong host can cause.
func (c *CheckpointCoordinator) misuse(what string, id CheckpointID) {
	panic(fmt.Sprintf("checkpoint coordinator: %s %d in attempt %d at %d ns (last id %d)",
		what, id, c.attempt, c.nowNanos, c.lastID))
}
