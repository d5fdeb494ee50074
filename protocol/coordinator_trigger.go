package protocol

// triggerStage is how far the one trigger in progress has come. The stages are strictly
// in this order: a task must not be triggered before the operator coordinators have been
// snapshotted, or events between the two are lost or doubled (FLINK-18641).
type triggerStage uint8

const (
	// stageNone: nothing is being triggered.
	stageNone triggerStage = iota
	// stageID: the id counter was asked.
	stageID
	// stageCoordinators: the operator coordinators are being snapshotted.
	stageCoordinators
	// stageHooks: the master hooks run.
	stageHooks
)

// triggerInProgress is the request that is being turned into a checkpoint; there is at
// most one at a time (Flink: isTriggering).
type triggerInProgress struct {
	stage        triggerStage
	id           CheckpointID
	request      TriggerRequest
	triggerNanos int64
	// canceled: the request was dropped while the id counter was asked; the id that comes
	// is lost.
	canceled bool
}

func (c *CheckpointCoordinator) submit(kind TriggerKind, out *CoordinatorEffects) {
	request := TriggerRequest{
		Kind: kind, Forced: kind.Savepoint() && !c.options.Unaligned(), SubmitNanos: c.nowNanos,
	}
	if c.phase == phaseStopped {
		c.skip(CheckpointCoordinatorShutdown, out)
		return
	}
	if c.decider.Submit(request) {
		c.skip(TooManyCheckpointRequests, out)
	}
}

func (c *CheckpointCoordinator) skip(reason FailureReason, out *CoordinatorEffects) {
	out.Add(CoordinatorEffect{Kind: ReportSkipped, Reason: reason})
}

// executeQueued starts whatever request may start now. It runs at the end of every step:
// Flink posts it after each change that could let one through.
func (c *CheckpointCoordinator) executeQueued(out *CoordinatorEffects) {
	for c.trigger.stage == stageNone && c.phase != phaseStopped && !c.stop.wanted {
		decision, request, delayNanos := c.decider.Choose(len(c.pending), c.sinceCompletionNanos())
		switch decision {
		case DecideWait:
			return
		case DecideTooEarly:
			c.skip(MinimumTimeBetweenCheckpoints, out)
			c.setPeriodicTimer(c.nowNanos+delayNanos, out)
			return
		case DecideTrigger:
			c.startTriggering(request, out)
		}
	}
}

func (c *CheckpointCoordinator) sinceCompletionNanos() int64 {
	if !c.hasCompleted || c.options.Bug == BugPauseIgnored {
		return c.options.MinPauseNanos
	}
	return c.nowNanos - c.lastCompletion
}

func (c *CheckpointCoordinator) startTriggering(request TriggerRequest, out *CoordinatorEffects) {
	if reason := c.refusal(request); reason != ReasonNone {
		c.skip(reason, out)
		return
	}
	c.trigger = triggerInProgress{stage: stageID, request: request, triggerNanos: c.nowNanos}
	out.Add(CoordinatorEffect{Kind: OrderNextID})
}

// refusal is why no checkpoint can be made of the request now, or ReasonNone.
func (c *CheckpointCoordinator) refusal(request TriggerRequest) FailureReason {
	switch {
	case request.Kind == TriggerPeriodic && c.phase != phaseScheduling:
		return PeriodicSchedulerShutdown
	case c.phase != phaseScheduling, !c.tasks.ready(c.options.CheckpointsAfterTasksFinish):
		return NotAllRequiredTasksRunning
	}
	return ReasonNone
}

// idAnswered creates the pending checkpoint. The plan is made now, not when the counter
// was asked: tasks may have finished meanwhile.
func (c *CheckpointCoordinator) idAnswered(in *CoordinatorInput, out *CoordinatorEffects) {
	if c.trigger.stage != stageID {
		c.misuse("answer to no request for an id:", in.Checkpoint)
	}
	if in.Kind == CoordinatorIDAssigned {
		c.claimID(in.Checkpoint)
	}
	canceled := c.trigger.canceled
	reason := c.refusal(c.trigger.request)
	switch {
	case canceled:
		c.trigger = triggerInProgress{}
	case in.Kind == CoordinatorIDFailed:
		c.idFailed(out)
	case reason != ReasonNone:
		c.trigger = triggerInProgress{}
		c.skip(reason, out)
	default:
		c.createPending(in.Checkpoint, out)
	}
}

func (c *CheckpointCoordinator) claimID(id CheckpointID) {
	if id <= c.lastID {
		c.misuse("id is not larger than all before:", id)
	}
	c.lastID = id
}

// idFailed counts against the tolerable failures although there is no checkpoint yet.
func (c *CheckpointCoordinator) idFailed(out *CoordinatorEffects) {
	savepoint := c.trigger.request.Kind.Savepoint()
	c.trigger = triggerInProgress{}
	c.skip(IOException, out)
	if !savepoint {
		c.countFailure(NoCheckpoint, IOException, out)
	}
}

func (c *CheckpointCoordinator) createPending(id CheckpointID, out *CoordinatorEffects) {
	p := c.addPending(id)
	c.trigger.id, c.trigger.stage = id, stageCoordinators
	out.Add(CoordinatorEffect{Kind: ReportTriggered, Checkpoint: id, Attempt: p.attempt, Trigger: p.kind})
	c.setExpiry(p, out)
	if c.tasks.graph.OperatorCoordinators {
		out.Add(CoordinatorEffect{Kind: OrderSnapshotCoordinators, Checkpoint: id})
		return
	}
	c.coordinatorsDone(p, out)
}

// stageDone goes on with the trigger, unless the checkpoint has failed meanwhile.
func (c *CheckpointCoordinator) stageDone(in *CoordinatorInput, out *CoordinatorEffects) {
	p := c.find(in.Checkpoint)
	switch {
	case p == nil:
	case in.Kind == CoordinatorCoordinatorsDone && p.stage == stageCoordinators:
		c.coordinatorsDone(p, out)
	case in.Kind == CoordinatorHooksDone && p.stage == stageHooks:
		c.triggerTasks(p, out)
	}
}

func (c *CheckpointCoordinator) coordinatorsDone(p *pendingCheckpoint, out *CoordinatorEffects) {
	if c.tasks.graph.MasterHooks {
		p.stage, c.trigger.stage = stageHooks, stageHooks
		out.Add(CoordinatorEffect{Kind: OrderSnapshotHooks, Checkpoint: p.id})
		return
	}
	c.triggerTasks(p, out)
}

func (c *CheckpointCoordinator) triggerTasks(p *pendingCheckpoint, out *CoordinatorEffects) {
	p.stage = stageNone
	c.trigger = triggerInProgress{}
	barrier := c.barrier(p)
	for task := range p.status {
		if p.status[task] == PlanWaiting && c.tasks.triggered(TaskID(task)) {
			out.Add(CoordinatorEffect{
				Kind: OrderTriggerTask, Checkpoint: p.id, Task: TaskID(task),
				Attempt: p.attempt, Barrier: barrier,
			})
		}
	}
}

// barrier stamps the template. Savepoints are always aligned and never switch, except
// that at-least-once stays what it is (Flink: CheckpointOptions.forConfig).
func (c *CheckpointCoordinator) barrier(p *pendingCheckpoint) Barrier {
	barrier := c.options.Barrier
	barrier.ID, barrier.TriggerNanos = p.id, p.triggerNanos
	if !p.kind.Savepoint() {
		return barrier
	}
	barrier.Savepoint, barrier.TimeoutNanos = true, NoTimeout
	if barrier.Alignment != AlignmentAtLeastOnce {
		barrier.Alignment = AlignmentAligned
	}
	return barrier
}

func (c *CheckpointCoordinator) triggerFailed(in *CoordinatorInput, out *CoordinatorEffects) {
	if p := c.findOpen(in.Checkpoint); p != nil {
		c.abort(p, in.Reason, out)
	}
}
