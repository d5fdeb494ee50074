package protocol

// pendingCheckpoint is a checkpoint in flight (Flink: PendingCheckpoint).
type pendingCheckpoint struct {
	id           CheckpointID
	kind         TriggerKind
	attempt      Attempt
	stage        triggerStage // stageNone once the tasks are triggered
	triggerNanos int64
	lastAckNanos int64
	sizeBytes    int64
	waiting      int
	expiry       bool         // its timer is set
	status       []PlanStatus // by TaskID
}

// commits reports whether completion is notified and drops smaller ones in flight: not
// for an intermediate savepoint (FLINK-25191).
func (p *pendingCheckpoint) commits() bool { return p.kind != TriggerSavepoint }

// stored reports whether it is used for recovery.
func (p *pendingCheckpoint) stored() bool { return !p.kind.Savepoint() }

func (c *CheckpointCoordinator) find(id CheckpointID) *pendingCheckpoint {
	for _, p := range c.pending {
		if p.id == id {
			return p
		}
	}
	return nil
}

// findOpen finds a checkpoint in flight that may still fail: not one that is being
// finalized.
func (c *CheckpointCoordinator) findOpen(id CheckpointID) *pendingCheckpoint {
	p := c.find(id)
	if p == c.finalizing {
		return nil
	}
	return p
}

func (c *CheckpointCoordinator) addPending(id CheckpointID) *pendingCheckpoint {
	p := c.takeFree()
	*p = pendingCheckpoint{
		id: id, kind: c.trigger.request.Kind, attempt: c.attempt, stage: stageCoordinators,
		triggerNanos: c.trigger.triggerNanos, status: resize(p.status, len(c.tasks.phase)),
	}
	p.waiting = c.tasks.plan(p.status)
	if c.options.Bug == BugCompletesOneShort {
		p.waiting--
	}
	c.pending = append(c.pending, p)
	return p
}

func (c *CheckpointCoordinator) takeFree() *pendingCheckpoint {
	n := len(c.free)
	if n == 0 {
		return &pendingCheckpoint{}
	}
	p := c.free[n-1]
	c.free = c.free[:n-1]
	return p
}

func (c *CheckpointCoordinator) removePending(p *pendingCheckpoint) {
	c.pending = without(c.pending, p)
	c.acknowledged = without(c.acknowledged, p)
	c.free = append(c.free, p)
	if c.trigger.id == p.id {
		c.trigger = triggerInProgress{}
	}
}

func without(list []*pendingCheckpoint, p *pendingCheckpoint) []*pendingCheckpoint {
	kept := list[:0]
	for _, q := range list {
		if q != p {
			kept = append(kept, q)
		}
	}
	return kept
}

// recentIDs remembers the last ids that failed, to tell late messages from unknown ones.
type recentIDs struct {
	ids  [16]CheckpointID
	next int
}

func (r *recentIDs) add(id CheckpointID) {
	r.ids[r.next] = id
	r.next = (r.next + 1) % len(r.ids)
}

func (r *recentIDs) contains(id CheckpointID) bool {
	for _, recent := range r.ids {
		if recent == id {
			return true
		}
	}
	return false
}
