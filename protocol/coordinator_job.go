package protocol

// endOfData triggers the final checkpoint as soon as every task has reported the end of
// its data, so that bounded jobs do not wait for the interval (FLINK-28386).
func (c *CheckpointCoordinator) endOfData(task TaskID, out *CoordinatorEffects) {
	all := c.tasks.reportEndOfData(task) && c.tasks.ready(c.options.CheckpointsAfterTasksFinish)
	if all && c.options.CheckpointsAfterTasksFinish && c.options.Enabled() {
		c.submit(TriggerManual, out)
	}
}

// taskFinished takes the task out of later plans. A checkpoint in flight that still waits
// for it can never complete: its acknowledgement would have come before.
//
// A task that was restored as finished passes on no data, so it ends its data here.
func (c *CheckpointCoordinator) taskFinished(task TaskID, out *CoordinatorEffects) {
	c.tasks.set(task, taskFinished)
	c.endOfData(task, out)
	c.abortOpen(CheckpointDeclinedTaskClosing, task, out)
}

// taskFailed fails what waits for the task; as failover is global, the job leaves RUNNING
// and everything else in flight goes with it.
func (c *CheckpointCoordinator) taskFailed(task TaskID, out *CoordinatorEffects) {
	c.tasks.set(task, taskNotRunning)
	c.abortOpen(TaskFailure, task, out)
	c.suspend(CheckpointCoordinatorSuspend, out)
}

// suspend stops the scheduler until all tasks run again, drops queued requests and aborts
// what is in flight.
func (c *CheckpointCoordinator) suspend(reason FailureReason, out *CoordinatorEffects) {
	if c.phase == phaseScheduling {
		c.phase = phaseSuspended
		c.stopInterval(out)
	}
	c.dropRequests(reason, out)
	if c.options.Bug != BugPendingSurvivesFailover {
		c.abortOpen(reason, NoTask, out)
	}
	c.failing = false
}

func (c *CheckpointCoordinator) dropRequests(reason FailureReason, out *CoordinatorEffects) {
	dropped := c.decider.Clear()
	if c.trigger.stage == stageID && !c.trigger.canceled {
		c.trigger.canceled = true
		dropped++
	}
	for range dropped {
		c.skip(reason, out)
	}
}

// requestRestore fences the old execution and restores from the newest checkpoint, as
// soon as it is certain which that is.
func (c *CheckpointCoordinator) requestRestore(attempt Attempt, out *CoordinatorEffects) {
	if attempt < c.attempt || c.phase == phaseStopped {
		c.misuse("restore of a stopped job or an old attempt; last checkpoint", c.store.Latest())
	}
	c.suspend(CheckpointCoordinatorSuspend, out)
	c.attempt = attempt
	c.tasks.restart()
	c.restore.wanted = true
}

// resumeWaits carries out a stop or restore that nothing holds up any more.
func (c *CheckpointCoordinator) resumeWaits(out *CoordinatorEffects) {
	if c.finalizing != nil {
		return
	}
	if c.stop.wanted {
		c.shutdown(c.stop.status, out)
		return
	}
	if !c.restore.wanted || c.restore.recovering {
		return
	}
	if c.unknown && c.options.RecoverStoreAfterUnknown {
		c.restore.recovering = true
		out.Add(CoordinatorEffect{Kind: OrderRecoverStore})
		return
	}
	c.restore = restoreWait{}
	if c.options.Bug == BugRestoresOlder && len(c.store.entries) > 1 {
		c.store.entries = c.store.entries[:1]
	}
	out.Add(CoordinatorEffect{Kind: OrderRestore, Checkpoint: c.store.Latest(), Attempt: c.attempt})
}

// recovered takes over an entry of the durable store.
func (c *CheckpointCoordinator) recovered(in *CoordinatorInput) {
	c.store.Recover(CompletedEntry{ID: in.Checkpoint, Savepoint: in.Trigger.Savepoint()})
	c.lastID = max(c.lastID, in.Checkpoint)
	c.failures.Succeeded(in.Checkpoint)
}

func (c *CheckpointCoordinator) storeRecovered(in *CoordinatorInput) {
	if !c.restore.recovering {
		c.misuse("store recovered without order; last checkpoint", c.store.Latest())
	}
	c.restore.recovering = false
	c.unknown = false
}

// jobStopped ends the coordinator, after the outcome of a metadata write is known.
func (c *CheckpointCoordinator) jobStopped(status JobStatus, out *CoordinatorEffects) {
	if c.phase == phaseStopped {
		return
	}
	c.suspend(CheckpointCoordinatorShutdown, out)
	c.stop = stopWait{wanted: true, status: status}
}

func (c *CheckpointCoordinator) shutdown(status JobStatus, out *CoordinatorEffects) {
	c.phase = phaseStopped
	c.stop, c.restore = stopWait{}, restoreWait{}
	c.stopInstants(out)
	c.subsumed = c.store.Shutdown(status, c.options.Retention, c.subsumed[:0])
	c.discardEntries(out)
}
