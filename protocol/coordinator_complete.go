package protocol

// finalizeNext starts the metadata write of the next fully acknowledged checkpoint; one
// is written at a time, as under Flink's lock.
func (c *CheckpointCoordinator) finalizeNext(out *CoordinatorEffects) {
	for c.finalizing == nil && len(c.acknowledged) > 0 {
		p := c.acknowledged[0]
		if _, partly := c.tasks.partlyFinishedUnionState(p.status); partly {
			c.abort(p, CheckpointDeclinedTaskClosing, out)
			continue
		}
		c.acknowledged = without(c.acknowledged, p)
		c.finalizing = p
		c.clearExpiry(p, out)
		if c.options.Bug == BugNotifiesBeforeStored {
			c.notifyComplete(p, NoCheckpoint, out)
		}
		out.Add(CoordinatorEffect{Kind: OrderWriteMetadata, Checkpoint: p.id})
	}
}

func (c *CheckpointCoordinator) metadataAnswered(in *CoordinatorInput, out *CoordinatorEffects) {
	p := c.finalizing
	if p == nil || p.id != in.Checkpoint {
		c.misuse("metadata answered but not being written of checkpoint", in.Checkpoint)
	}
	c.finalizing = nil
	switch in.Kind {
	case CoordinatorMetadataStored:
		c.complete(p, out)
	case CoordinatorMetadataFailed:
		c.abort(p, FinalizeCheckpointFailure, out)
	case CoordinatorMetadataUnknown:
		c.abortUnknown(p, out)
	}
}

// complete is the one place where a checkpoint becomes complete. Its metadata is durable
// before anybody hears of it (FLINK-31077), and sinks commit only on what is stored.
func (c *CheckpointCoordinator) complete(p *pendingCheckpoint, out *CoordinatorEffects) {
	c.failures.Succeeded(p.id)
	c.lastCompletion, c.hasCompleted = c.nowNanos, true
	out.Add(CoordinatorEffect{
		Kind: ReportCompleted, Checkpoint: p.id, SizeBytes: p.sizeBytes,
		DurationNanos: p.lastAckNanos - p.triggerNanos, Trigger: p.kind,
	})
	lastSubsumed := c.addToStore(p, out)
	if p.commits() {
		c.dropSmaller(p.id, out)
		c.notifyComplete(p, lastSubsumed, out)
	}
	c.removePending(p)
}

// addToStore retains the checkpoint, discards what it subsumes and returns the newest of
// those.
func (c *CheckpointCoordinator) addToStore(
	p *pendingCheckpoint, out *CoordinatorEffects,
) (lastSubsumed CheckpointID) {
	if !p.stored() {
		c.sealed = append(c.sealed, p.id)
		return NoCheckpoint
	}
	c.subsumed = c.store.Add(CompletedEntry{ID: p.id}, c.subsumed[:0])
	return c.discardEntries(out)
}

// discardEntries discards what the store has just let go, except savepoints.
func (c *CheckpointCoordinator) discardEntries(out *CoordinatorEffects) (last CheckpointID) {
	for _, entry := range c.subsumed {
		if !entry.Savepoint {
			last = max(last, entry.ID)
			out.Add(CoordinatorEffect{Kind: OrderDiscard, Checkpoint: entry.ID})
		}
	}
	return last
}

// dropSmaller aborts the checkpoints in flight that the completed one makes useless.
// Savepoints stay: a user waits for them.
func (c *CheckpointCoordinator) dropSmaller(completed CheckpointID, out *CoordinatorEffects) {
	for i := 0; i < len(c.pending); {
		p := c.pending[i]
		if p.id >= completed || p.kind.Savepoint() || c.options.Bug == BugOlderKeptPending {
			i++
			continue
		}
		c.abort(p, CheckpointSubsumed, out)
	}
}

func (c *CheckpointCoordinator) notifyComplete(
	p *pendingCheckpoint, lastSubsumed CheckpointID, out *CoordinatorEffects,
) {
	c.notifyTasks(OrderNotifyComplete, p, lastSubsumed, out)
	if c.tasks.graph.OperatorCoordinators {
		out.Add(CoordinatorEffect{Kind: OrderNotifyCoordinatorsComplete, Checkpoint: p.id})
	}
}

// notifyTasks tells every task of the plan that had to acknowledge.
func (c *CheckpointCoordinator) notifyTasks(
	kind CoordinatorEffectKind, p *pendingCheckpoint, related CheckpointID, out *CoordinatorEffects,
) {
	for task, status := range p.status {
		if status != PlanFinished {
			out.Add(CoordinatorEffect{
				Kind: kind, Checkpoint: p.id, Task: TaskID(task), Attempt: p.attempt, Related: related,
			})
		}
	}
}
