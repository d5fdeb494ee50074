package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// failure is why an attempt ended: a task's cause, or checkpoints that failed for reason.
type failure struct {
	task   protocol.TaskID
	cause  rpc.FailureCause
	reason protocol.FailureReason
}

// failover is the way from a failure to the next attempt, or to the end of the job. It is
// global: one task's failure ends them all.
type failover struct {
	restart protocol.RestartStrategy
	// delayOver: the restart strategy's delay is over.
	delayOver bool
	// final is what the job becomes when all tasks have ended, unless it restarts.
	final    protocol.JobStatus
	restarts bool
}

// fail ends the attempt. The delay begins now and passes while tasks are being canceled
// (Flink: DefaultScheduler.restartTasksWithDelay).
func (m *master) fail(c *sim.Context, f failure) {
	if m.phase != phaseDeploying && m.phase != phaseRunning {
		return
	}
	if m.before(c, protocol.StepFailOver, f.task, protocol.NoCheckpoint) {
		return
	}
	draw := c.Draw(sim.PurposeRestartDelay, uint64(m.attempt), 0, 0)
	delayNanos, restarts := m.restart.OnFailure(c.MonotonicNanos(), draw)
	m.options.History.failed(c.NowNanos(), m.attempt, f)
	m.stopExecution(c)
	m.restarts, m.delayOver, m.final = restarts, !restarts, protocol.JobFailed
	if restarts {
		m.setStatus(c, protocol.JobRestartingStatus)
		emit(c, protocol.JobRestarting, int64(m.attempt), delayNanos)
		c.After(delayNanos, sim.Message{Kind: rpc.RestartTimer, A: int64(m.attempt), D: m.epoch})
	}
	if f.task != protocol.NoTask {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorTaskFailed, Task: f.task})
	} else {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorSuspended})
	}
	if !m.after(c, protocol.StepFailOver, f.task, protocol.NoCheckpoint) {
		m.cancelTasks(c)
	}
}

// stopExecution leaves the phases in which the job makes progress.
func (m *master) stopExecution(c *sim.Context) {
	m.phase = phaseCanceling
	c.After(m.options.Config.Failure.CancelTimeoutNanos,
		sim.Message{Kind: cancelTimer, A: int64(m.attempt), D: m.epoch})
}

// cancelJob ends the job on demand.
func (m *master) cancelJob(c *sim.Context) {
	switch m.phase {
	case phaseDeploying, phaseRunning:
		m.stopExecution(c)
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorSuspended})
	case phaseCanceling:
	case phaseWaiting, phaseRestoring:
		m.end(c, protocol.JobCanceled)
		return
	default:
		return
	}
	m.restarts, m.delayOver, m.final = false, true, protocol.JobCanceled
	m.cancelTasks(c)
}

func (m *master) cancelTasks(c *sim.Context) {
	for t := range m.tasks {
		if !m.tasks[t].ended() {
			m.postCancel(c, m.tasks[t].taskManager, protocol.TaskID(t), m.attempt)
		}
	}
	m.checkCanceled(c)
}

// cancelAgain repeats, with every heartbeat, what the network may have lost.
func (m *master) cancelAgain(c *sim.Context) {
	if m.phase == phaseCanceling {
		m.cancelTasks(c)
	}
}

func (m *master) postCancel(
	c *sim.Context, taskManager int32, task protocol.TaskID, attempt protocol.Attempt,
) {
	if m.before(c, protocol.StepCancelTask, task, protocol.NoCheckpoint) {
		return
	}
	post(c, m.options.Directory.TaskManagers[taskManager].Actor,
		sim.Message{Kind: rpc.CancelTask, A: int64(task), B: int64(attempt)})
	m.after(c, protocol.StepCancelTask, task, protocol.NoCheckpoint)
}

// giveUp: tasks that have not ended within the cancellation time-out never will; their
// task managers are given up (Flink ends the process).
func (m *master) giveUp(c *sim.Context, attempt protocol.Attempt) {
	if m.phase != phaseCanceling || attempt != m.attempt {
		return
	}
	for t := range m.tasks {
		if !m.tasks[t].ended() {
			m.lose(c, m.tasks[t].taskManager)
		}
	}
}

func (m *master) delayPassed(c *sim.Context, attempt protocol.Attempt) {
	if attempt == m.attempt {
		m.delayOver = true
		m.checkCanceled(c)
	}
}

// checkCanceled goes on when every task has ended and the delay is over. Only then can
// nothing of the old attempt reach what the new one restores, except from a task manager
// that is lost: that one is fenced by attempt.
func (m *master) checkCanceled(c *sim.Context) {
	if m.phase != phaseCanceling || !m.delayOver {
		return
	}
	for t := range m.tasks {
		if !m.tasks[t].ended() {
			return
		}
	}
	if m.before(c, protocol.StepAllCanceled, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	if m.restarts {
		m.phase = phaseWaiting
	}
	switch {
	case m.after(c, protocol.StepAllCanceled, protocol.NoTask, protocol.NoCheckpoint):
	case m.restarts:
		m.trySchedule(c)
	default:
		m.end(c, m.final)
	}
}

// end makes the end of the job durable, and only then tells and cleans up: a job manager
// that takes over in between must neither run the job again nor miss its checkpoints.
func (m *master) end(c *sim.Context, status protocol.JobStatus) {
	if m.before(c, protocol.StepEndJob, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	m.phase = phaseEnding
	m.keeper.update(c, func(r *JobRecord) { r.Status = status }, func(c *sim.Context, outcome writeOutcome) {
		if outcome != writeDone {
			c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retryEnd, B: int64(status), D: m.epoch})
			return
		}
		m.phase = phaseEnded
		m.setStatus(c, status)
		if m.after(c, protocol.StepEndJob, protocol.NoTask, protocol.NoCheckpoint) {
			return
		}
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorJobStopped, Status: status})
		m.sweepOrphans(c, m.attempt)
	})
}
