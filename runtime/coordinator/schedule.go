package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// deploymentBytes is the size of a deployment on the network, besides inline state.
const deploymentBytes = 4 << 10

// neededSlots is the highest parallelism: subtasks of all vertices share slots, unless
// every vertex has a slot-sharing group of its own.
func (m *master) neededSlots() (needed int) {
	if m.options.Config.NoSlotSharing {
		return len(m.tasks)
	}
	for i := range m.options.Plan.Vertices {
		needed = max(needed, m.options.Plan.Vertices[i].Parallelism)
	}
	return needed
}

// trySchedule starts an execution as soon as there are slots for it. A new leader gives
// the task managers some time, so that the job is spread over all of them.
func (m *master) trySchedule(c *sim.Context) {
	enough := m.workers.slots() >= m.neededSlots() && (m.workers.settled || m.workers.all())
	if m.phase != phaseWaiting || !enough {
		return
	}
	if m.before(c, protocol.StepTakeSlots, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	m.workers.settled = true
	m.phase = phaseRestoring
	var attempt protocol.Attempt
	m.keeper.update(c, func(r *JobRecord) {
		attempt = r.NextAttempt
		r.NextAttempt++
	}, func(c *sim.Context, outcome writeOutcome) {
		if outcome != writeDone {
			m.phase = phaseWaiting
			c.After(storeRetryNanos, sim.Message{Kind: settleTimer, D: m.epoch})
			return
		}
		m.attempt = attempt
		if m.after(c, protocol.StepTakeSlots, protocol.NoTask, protocol.NoCheckpoint) {
			return
		}
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorRestoreRequested, Attempt: attempt})
	})
}

func (m *master) settle(c *sim.Context) {
	m.workers.settled = true
	m.trySchedule(c)
}

// deploy deploys all tasks of the attempt at once, with everybody's location, from the
// checkpoint (NoCheckpoint: from scratch). Task managers may have been lost since the
// slots were counted; then it waits for others.
func (m *master) deploy(c *sim.Context, checkpoint protocol.CheckpointID) {
	if m.phase != phaseRestoring {
		return
	}
	if m.workers.slots() < m.neededSlots() {
		m.phase = phaseWaiting
		return
	}
	if m.before(c, protocol.StepChooseRestore, protocol.NoTask, checkpoint) {
		return
	}
	restore, err := m.restorePoint(checkpoint)
	if err != nil {
		m.failRecovery(c, checkpoint)
		return
	}
	if m.after(c, protocol.StepChooseRestore, protocol.NoTask, checkpoint) ||
		m.before(c, protocol.StepRestore, protocol.NoTask, checkpoint) {
		return
	}
	m.phase = phaseDeploying
	emit(c, protocol.JobRestored, int64(m.attempt), int64(checkpoint))
	m.options.History.restored(c.NowNanos(), m.attempt, checkpoint)
	m.sweepOrphans(c, m.attempt-1)
	m.resetEnumerators(checkpoint)
	locations := m.place()
	for t := 0; t < len(m.tasks) && !c.Crashed(); t++ {
		m.deployTask(c, protocol.TaskID(t), locations, restore[t])
	}
	m.after(c, protocol.StepRestore, protocol.NoTask, checkpoint)
}

// deployTask sends a task to the task manager that is to run it.
func (m *master) deployTask(
	c *sim.Context, task protocol.TaskID, locations []rpc.Location, restore *rpc.Restore,
) {
	checkpoint := protocol.NoCheckpoint
	if restore != nil {
		checkpoint = restore.Checkpoint
	}
	if m.before(c, protocol.StepDeployTask, task, checkpoint) {
		return
	}
	location := locations[task]
	m.tasks[task] = execution{task: task, taskManager: location.TaskManager, deployedAt: m.workers.sequence}
	deployment := &rpc.Deployment{
		Task: task, Attempt: m.attempt, Plan: m.options.Plan, Config: m.options.Config,
		JobManager: c.Self(), Locations: locations, Restore: restore, Splits: m.staticSplits(int(task)),
	}
	c.Post(location.Actor, deploymentBytes, sim.Message{Kind: rpc.Deploy, Body: deployment})
	m.after(c, protocol.StepDeployTask, task, checkpoint)
}

// place puts subtask i of every vertex into slot i, or every task into a slot of its own.
func (m *master) place() []rpc.Location {
	slots := m.workers.assign(m.neededSlots())
	locations := make([]rpc.Location, len(m.tasks))
	for t := range locations {
		slot := m.options.Plan.Tasks[t].Subtask
		if m.options.Config.NoSlotSharing {
			slot = t
		}
		locations[t] = m.options.Directory.TaskManagers[slots[slot]]
	}
	return locations
}
