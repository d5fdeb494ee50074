package protocol

// receiveAck judges an acknowledgement. State that belongs to no checkpoint is deleted,
// and nothing else is: a duplicate carries the handles of the checkpoint itself.
func (c *CheckpointCoordinator) receiveAck(in *CoordinatorInput, out *CoordinatorEffects) {
	verdict := c.judge(in)
	out.Add(CoordinatorEffect{
		Kind: ReportAcknowledged, Checkpoint: in.Checkpoint, Task: in.Task,
		Attempt: in.Attempt, Verdict: verdict,
	})
	switch verdict {
	case AckSuccess:
		c.acknowledge(c.find(in.Checkpoint), in)
	case AckUnknown, AckDiscarded:
		out.Add(CoordinatorEffect{
			Kind: OrderDiscardState, Checkpoint: in.Checkpoint, Task: in.Task, Attempt: in.Attempt,
		})
	}
}

func (c *CheckpointCoordinator) judge(in *CoordinatorInput) AckVerdict {
	p := c.find(in.Checkpoint)
	switch {
	case p == nil && c.mayBeComplete(in.Checkpoint):
		return AckDuplicate
	case p == nil && c.recent.contains(in.Checkpoint):
		return AckDiscarded
	case p == nil, in.Attempt != p.attempt, p.status[in.Task] == PlanFinished:
		return AckUnknown
	case p.status[in.Task] != PlanWaiting:
		return AckDuplicate
	}
	return AckSuccess
}

// mayBeComplete reports whether files of the checkpoint must not be touched: it is
// retained, is a user's savepoint, or nobody knows whether it was stored.
func (c *CheckpointCoordinator) mayBeComplete(id CheckpointID) bool {
	for _, sealed := range c.sealed {
		if sealed == id {
			return true
		}
	}
	return c.store.Contains(id)
}

func (c *CheckpointCoordinator) acknowledge(p *pendingCheckpoint, in *CoordinatorInput) {
	p.status[in.Task] = PlanAcknowledged
	if in.OperatorsFinished {
		p.status[in.Task] = PlanOperatorsFinished
	}
	p.waiting--
	p.sizeBytes += in.SizeBytes
	p.lastAckNanos = c.nowNanos
	if p.waiting == 0 {
		c.acknowledged = append(c.acknowledged, p)
	}
}

// receiveDecline fails the whole checkpoint, for the reason that the task gives.
func (c *CheckpointCoordinator) receiveDecline(in *CoordinatorInput, out *CoordinatorEffects) {
	p := c.findOpen(in.Checkpoint)
	if p == nil || in.Attempt != p.attempt {
		return
	}
	if p.kind == TriggerStopSavepoint {
		c.failJob(p.id, in.Reason, out)
	}
	c.abortDeclined(p, in.Reason, out)
}
