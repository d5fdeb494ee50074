package coordinator

import (
	"simrun/protocol"
	"simrun/sim"
)

// before announces a step that the master is about to make, about a task and a checkpoint
// if it is about any. True: its process is gone; the step is not made, and the caller
// returns.
func (m *master) before(
	c *sim.Context, s protocol.Step, task protocol.TaskID, id protocol.CheckpointID,
) (over bool) {
	return m.options.Steps.Before(c, s, task, id)
}

// after announces a step that the master has made. True: its process is gone.
func (m *master) after(
	c *sim.Context, s protocol.Step, task protocol.TaskID, id protocol.CheckpointID,
) (over bool) {
	return m.options.Steps.After(c, s, task, id)
}

// beforeDeciding opens the decision whether a checkpoint is to be made; nextID closes it
// when one is.
func (m *master) beforeDeciding(c *sim.Context) (over bool) {
	m.deciding = true
	return m.before(c, protocol.StepDecideTrigger, protocol.NoTask, protocol.NoCheckpoint)
}

// decided closes the decision. A request that had to wait is decided about without a timer.
func (m *master) decided(c *sim.Context) (over bool) {
	if !m.deciding && m.beforeDeciding(c) {
		return true
	}
	m.deciding = false
	return m.after(c, protocol.StepDecideTrigger, protocol.NoTask, protocol.NoCheckpoint)
}

// before and after announce a step of the job manager itself.
func (j *JobManager) before(c *sim.Context, s protocol.Step) (over bool) {
	return j.options.Steps.Before(c, s, protocol.NoTask, protocol.NoCheckpoint)
}

func (j *JobManager) after(c *sim.Context, s protocol.Step) (over bool) {
	return j.options.Steps.After(c, s, protocol.NoTask, protocol.NoCheckpoint)
}

// before and after announce a step of a task manager.
func (t *TaskManager) before(c *sim.Context, s protocol.Step, task protocol.TaskID) (over bool) {
	return t.options.Steps.Before(c, s, task, protocol.NoCheckpoint)
}

func (t *TaskManager) after(c *sim.Context, s protocol.Step, task protocol.TaskID) (over bool) {
	return t.options.Steps.After(c, s, task, protocol.NoCheckpoint)
}
