package protocol

// abort ends a checkpoint in flight that the job manager gives up. Savepoints do not
// count as failures then: they were started by hand, and a failover does not help them.
func (c *CheckpointCoordinator) abort(
	p *pendingCheckpoint, reason FailureReason, out *CoordinatorEffects,
) {
	c.end(p, reason, true, !p.kind.Savepoint(), out)
}

// abortDeclined ends a checkpoint that a task declined; savepoints count too, for a
// failover may help the task.
func (c *CheckpointCoordinator) abortDeclined(
	p *pendingCheckpoint, reason FailureReason, out *CoordinatorEffects,
) {
	c.end(p, reason, true, true, out)
}

// abortUnknown ends a checkpoint that may or may not be in the durable store. If it is, a
// later job manager will restore it, so nothing of it may be deleted.
func (c *CheckpointCoordinator) abortUnknown(p *pendingCheckpoint, out *CoordinatorEffects) {
	c.unknown = true
	c.sealed = append(c.sealed, p.id)
	c.end(p, FinalizeCheckpointFailure, false, !p.kind.Savepoint(), out)
}

func (c *CheckpointCoordinator) end(
	p *pendingCheckpoint, reason FailureReason, discard, count bool, out *CoordinatorEffects,
) {
	c.clearExpiry(p, out)
	out.Add(CoordinatorEffect{Kind: ReportAborted, Checkpoint: p.id, Reason: reason})
	if discard {
		out.Add(CoordinatorEffect{Kind: OrderDiscard, Checkpoint: p.id})
	}
	c.notifyTasks(OrderNotifyAborted, p, c.store.Latest(), out)
	if c.tasks.graph.OperatorCoordinators {
		out.Add(CoordinatorEffect{Kind: OrderNotifyCoordinatorsAborted, Checkpoint: p.id})
	}
	c.recent.add(p.id)
	c.removePending(p)
	if count {
		c.countFailure(p.id, reason, out)
	}
}

func (c *CheckpointCoordinator) countFailure(
	id CheckpointID, reason FailureReason, out *CoordinatorEffects,
) {
	if c.failures.Failed(id, reason) {
		c.failJob(id, reason, out)
	}
}

// failJob orders a global failure; what is in flight is aborted at the end of the step.
func (c *CheckpointCoordinator) failJob(id CheckpointID, reason FailureReason, out *CoordinatorEffects) {
	if c.failing || c.phase == phaseStopped {
		return
	}
	c.failing = true
	out.Add(CoordinatorEffect{Kind: OrderFailJob, Checkpoint: id, Reason: reason})
}

// abortOpen aborts every checkpoint in flight that is not being finalized; only those that
// wait for task unacknowledgedBy, unless that is NoTask.
func (c *CheckpointCoordinator) abortOpen(
	reason FailureReason, unacknowledgedBy TaskID, out *CoordinatorEffects,
) {
	for i := 0; i < len(c.pending); {
		p := c.pending[i]
		spared := unacknowledgedBy != NoTask && p.status[unacknowledgedBy] != PlanWaiting
		if p == c.finalizing || spared {
			i++
			continue
		}
		c.abort(p, reason, out)
	}
}
