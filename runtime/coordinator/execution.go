package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// execution is what the master knows of one task of the current attempt.
type execution struct {
	task        protocol.TaskID
	taskManager int32
	state       rpc.TaskStatus
	// deployedAt is the round of heartbeats after which it was deployed: a task manager
	// that answers a later one must know it.
	deployedAt int64
	lost       bool
}

func (e *execution) ended() bool { return e.lost || e.state >= rpc.TaskFinished }

// executing reports whether tasks of the current attempt may report: they are deployed
// and not all of them have ended.
func (m *master) executing() bool {
	return m.phase == phaseDeploying || m.phase == phaseRunning || m.phase == phaseCanceling
}

// taskState follows a task. What comes from another attempt is from a zombie: it is
// fenced here, and its task manager hears to cancel it with the next heartbeat.
func (m *master) taskState(c *sim.Context, r *rpc.StateReport) {
	if r.Attempt != m.attempt || !m.executing() {
		if r.State < rpc.TaskFinished {
			emit(c, protocol.ZombieFenced, int64(r.Task), int64(r.Attempt), fencedTask)
		}
		return
	}
	e := &m.tasks[r.Task]
	if e.ended() || r.State <= e.state {
		return
	}
	e.state = r.State
	switch r.State {
	case rpc.TaskRunning:
		m.checkRunning(c)
	case rpc.TaskFinished:
		m.taskFinished(c, r.Task)
	case rpc.TaskFailed, rpc.TaskCanceled:
		m.taskEnded(c, r.Task, r.Cause)
	}
}

// checkRunning starts checkpoints once every task runs, or has finished already.
func (m *master) checkRunning(c *sim.Context) {
	if m.phase != phaseDeploying {
		return
	}
	for t := range m.tasks {
		if s := m.tasks[t].state; s != rpc.TaskRunning && s != rpc.TaskFinished {
			return
		}
	}
	if m.before(c, protocol.StepAllRunning, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	m.phase = phaseRunning
	m.setStatus(c, protocol.JobRunning)
	m.feed(c, protocol.CoordinatorInput{
		Kind: protocol.CoordinatorTasksRunning, Attempt: m.attempt, DelayNanos: m.firstTriggerDelay(c),
	})
	for t := range m.tasks {
		if m.tasks[t].state == rpc.TaskFinished {
			m.feed(c, protocol.CoordinatorInput{
				Kind: protocol.CoordinatorTaskFinished, Task: protocol.TaskID(t),
			})
		}
	}
	m.after(c, protocol.StepAllRunning, protocol.NoTask, protocol.NoCheckpoint)
}

// firstTriggerDelay draws the first trigger, uniformly in [min-pause, interval].
func (m *master) firstTriggerDelay(c *sim.Context) int64 {
	low, high := m.options.Config.Checkpointing.FirstDelayRangeNanos()
	draw := c.Draw(sim.PurposeTriggerDelay, uint64(m.attempt), 0, 0)
	return low + int64(sim.Below(draw, uint64(max(high-low, 0))+1))
}

// taskFinished ends the job with its last task.
func (m *master) taskFinished(c *sim.Context, task protocol.TaskID) {
	switch m.phase {
	case phaseDeploying:
		m.checkRunning(c)
	case phaseRunning:
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorTaskFinished, Task: task})
	case phaseCanceling:
		m.checkCanceled(c)
		return
	}
	for t := range m.tasks {
		if m.tasks[t].state != rpc.TaskFinished {
			return
		}
	}
	m.end(c, protocol.JobFinished)
}

// taskEnded: a task failed or was canceled. Both are expected of a job that is being
// canceled, and fail one that is not.
func (m *master) taskEnded(c *sim.Context, task protocol.TaskID, cause rpc.FailureCause) {
	if m.phase == phaseCanceling {
		m.checkCanceled(c)
		return
	}
	m.fail(c, failure{task: task, cause: cause})
}

// taskLost: a task's task manager is lost, or says that it does not run it.
func (m *master) taskLost(c *sim.Context, task protocol.TaskID) {
	if !m.executing() || m.tasks[task].ended() {
		return
	}
	m.tasks[task].lost = true
	emit(c, protocol.TaskFailed, int64(task), int64(m.attempt), int64(rpc.CauseTaskManagerLost))
	m.taskEnded(c, task, rpc.CauseTaskManagerLost)
}

// endOfData passes on that a task has no more data.
func (m *master) endOfData(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt) {
	if attempt == m.attempt && (m.phase == phaseRunning || m.phase == phaseDeploying) {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorEndOfData, Task: task})
	}
}

// setStatus changes the job's status.
func (m *master) setStatus(c *sim.Context, status protocol.JobStatus) {
	m.status = status
	m.options.History.status(c.NowNanos(), m.epoch, status)
	emit(c, protocol.JobStatusChanged, int64(status), int64(m.attempt))
}
