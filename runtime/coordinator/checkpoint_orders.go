package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// postTo sends a message to a task of the current attempt by way of its task manager.
func (m *master) postTo(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt, message sim.Message) {
	if attempt != m.attempt || m.tasks[task].ended() {
		return
	}
	message.A, message.B = int64(task), int64(attempt)
	post(c, m.options.Directory.TaskManagers[m.tasks[task].taskManager].Actor, message)
}

// notify tells a task how a checkpoint ended. It may get lost: an abort carries the latest
// completed checkpoint, and a completion stands for all earlier ones.
func (m *master) notify(c *sim.Context, e *protocol.CoordinatorEffect, kind rpc.Kind) {
	m.postTo(c, e.Task, e.Attempt, sim.Message{Kind: kind, C: int64(e.Checkpoint), D: int64(e.Related)})
}

// nextID takes the next checkpoint id from the durable counter.
func (m *master) nextID(c *sim.Context) {
	var id protocol.CheckpointID
	m.keeper.update(c, func(r *JobRecord) {
		id = r.NextCheckpoint
		r.NextCheckpoint++
	}, func(c *sim.Context, outcome writeOutcome) {
		in := protocol.CoordinatorInput{Kind: protocol.CoordinatorIDAssigned, Checkpoint: id}
		if outcome != writeDone {
			in = protocol.CoordinatorInput{Kind: protocol.CoordinatorIDFailed}
		}
		m.feed(c, in)
	})
}

func (m *master) setTimer(c *sim.Context, e *protocol.CoordinatorEffect) {
	timer := c.After(max(e.AtNanos-c.ClockNanos(), 0), sim.Message{
		Kind: rpc.CoordinatorTimer, A: int64(e.Timer), B: int64(e.Checkpoint), D: m.epoch,
	})
	if e.Timer == protocol.TimerPeriodic {
		c.Cancel(m.periodic)
		m.periodic = timer
		return
	}
	m.find(e.Checkpoint).expiry = timer
}

func (m *master) clearTimer(c *sim.Context, e *protocol.CoordinatorEffect) {
	if e.Timer == protocol.TimerPeriodic {
		c.Cancel(m.periodic)
	} else if hosted := m.find(e.Checkpoint); hosted != nil {
		c.Cancel(hosted.expiry)
	}
}

func (m *master) timerFired(c *sim.Context, message sim.Message) {
	m.feed(c, protocol.CoordinatorInput{
		Kind: protocol.CoordinatorTimerFired, Timer: protocol.CoordinatorTimer(message.A),
		Checkpoint: protocol.CheckpointID(message.B),
	})
}

// take triggers a checkpoint on demand.
func (m *master) take(c *sim.Context, kind protocol.TriggerKind) {
	if m.phase != phaseTakingOver && m.phase < phaseEnding {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorTrigger, Trigger: kind})
	}
}
