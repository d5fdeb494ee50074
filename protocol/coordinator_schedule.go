package protocol

// startScheduler begins periodic triggers now that all tasks run.
func (c *CheckpointCoordinator) startScheduler(in *CoordinatorInput, out *CoordinatorEffects) {
	if c.phase == phaseStopped || c.restore.wanted {
		c.misuse("tasks run of a job that is stopped or not restored; last checkpoint", c.store.Latest())
	}
	c.tasks.setAllRunning()
	c.phase = phaseScheduling
	switch {
	case c.hasInstants():
		c.startInstants(out)
	case c.options.Bug == BugNoTriggersAfterFailover && c.attempt > 0:
	case c.options.IntervalNanos > 0:
		c.setPeriodicTimer(c.nowNanos+in.DelayNanos, out)
	}
}

func (c *CheckpointCoordinator) setPeriodicTimer(atNanos int64, out *CoordinatorEffects) {
	c.nextTriggerNanos = atNanos
	out.Add(CoordinatorEffect{Kind: OrderSetTimer, Timer: TimerPeriodic, AtNanos: atNanos})
}

func (c *CheckpointCoordinator) timerFired(in *CoordinatorInput, out *CoordinatorEffects) {
	if in.Timer == TimerExpiry {
		c.expire(in.Checkpoint, out)
		return
	}
	if c.phase == phaseStopped || c.nowNanos < c.nextTriggerNanos {
		return
	}
	if c.hasInstants() {
		c.instantReached(out)
		return
	}
	if c.phase == phaseScheduling {
		c.setPeriodicTimer(max(c.nowNanos, c.nextTriggerNanos+c.options.baseIntervalNanos()), out)
		c.submit(TriggerPeriodic, out)
	}
}

func (c *CheckpointCoordinator) setExpiry(p *pendingCheckpoint, out *CoordinatorEffects) {
	p.expiry = true
	out.Add(CoordinatorEffect{
		Kind: OrderSetTimer, Timer: TimerExpiry, Checkpoint: p.id,
		AtNanos: c.nowNanos + c.options.TimeoutNanos,
	})
}

func (c *CheckpointCoordinator) clearExpiry(p *pendingCheckpoint, out *CoordinatorEffects) {
	if p.expiry {
		p.expiry = false
		out.Add(CoordinatorEffect{Kind: OrderClearTimer, Timer: TimerExpiry, Checkpoint: p.id})
	}
}

func (c *CheckpointCoordinator) expire(id CheckpointID, out *CoordinatorEffects) {
	if p := c.findOpen(id); p != nil && c.options.Bug != BugNeverExpires {
		p.expiry = false
		c.abort(p, CheckpointExpired, out)
	}
}

// startInstants starts the fixed schedule, once: it goes on while the job restarts, so
// that every protocol counts the same instants. Those before the first start are skipped.
func (c *CheckpointCoordinator) startInstants(out *CoordinatorEffects) {
	if c.instantsStarted {
		return
	}
	c.instantsStarted = true
	for c.instantDue() && c.options.TriggerInstantsNanos[c.nextInstant] < c.nowNanos {
		c.nextInstant++
		c.skip(NotAllRequiredTasksRunning, out)
	}
	c.setInstantTimer(out)
}

func (c *CheckpointCoordinator) instantDue() bool {
	return c.nextInstant < len(c.options.TriggerInstantsNanos)
}

func (c *CheckpointCoordinator) setInstantTimer(out *CoordinatorEffects) {
	if c.instantDue() {
		c.setPeriodicTimer(c.options.TriggerInstantsNanos[c.nextInstant], out)
	}
}

// instantReached triggers, or skips the instant: unlike an interval's, its request never
// waits.
func (c *CheckpointCoordinator) instantReached(out *CoordinatorEffects) {
	if !c.instantDue() {
		return
	}
	c.nextInstant++
	c.setInstantTimer(out)
	switch {
	case c.phase != phaseScheduling:
		c.skip(PeriodicSchedulerShutdown, out)
	case c.trigger.stage != stageNone, len(c.pending) >= c.options.MaxConcurrent:
		c.skip(TooManyCheckpointRequests, out)
	case c.sinceCompletionNanos() < c.options.MinPauseNanos:
		c.skip(MinimumTimeBetweenCheckpoints, out)
	default:
		c.submit(TriggerPeriodic, out)
	}
}

func (c *CheckpointCoordinator) hasInstants() bool { return c.options.TriggerInstantsNanos != nil }

func (c *CheckpointCoordinator) stopInterval(out *CoordinatorEffects) {
	if c.options.IntervalNanos > 0 && !c.hasInstants() {
		out.Add(CoordinatorEffect{Kind: OrderClearTimer, Timer: TimerPeriodic})
	}
}

// stopInstants ends the fixed schedule with the job.
func (c *CheckpointCoordinator) stopInstants(out *CoordinatorEffects) {
	if c.instantsStarted && c.instantDue() {
		out.Add(CoordinatorEffect{Kind: OrderClearTimer, Timer: TimerPeriodic})
	}
}
