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

// triggerTask has a task begin the checkpoint.
func (m *master) triggerTask(c *sim.Context, e *protocol.CoordinatorEffect) {
	if m.before(c, protocol.StepTriggerTask, e.Task, e.Checkpoint) {
		return
	}
	barrier := m.options.Memory.Messages.Barriers.New()
	*barrier = e.Barrier
	// The coordinator's timers go by a clock that does not jump; what tasks compare with their
	// own is the time of day (Flink: relativeTimeMillis, and the checkpoint's timestamp).
	barrier.TriggerNanos += c.ClockNanos() - c.MonotonicNanos()
	m.postTo(c, e.Task, e.Attempt, sim.Message{Kind: rpc.Trigger, C: int64(e.Checkpoint), Body: barrier})
	m.after(c, protocol.StepTriggerTask, e.Task, e.Checkpoint)
}

// notify tells a task how a checkpoint ended. It may get lost: an abort carries the latest
// completed checkpoint, and a completion stands for all earlier ones.
func (m *master) notify(
	c *sim.Context, e *protocol.CoordinatorEffect, kind rpc.Kind, step protocol.Step,
) {
	if m.before(c, step, e.Task, e.Checkpoint) {
		return
	}
	m.postTo(c, e.Task, e.Attempt, sim.Message{Kind: kind, C: int64(e.Checkpoint), D: int64(e.Related)})
	m.after(c, step, e.Task, e.Checkpoint)
}

// nextID takes the next checkpoint id from the durable counter.
func (m *master) nextID(c *sim.Context) {
	if m.decided(c) || m.before(c, protocol.StepTakeID, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	var id protocol.CheckpointID
	m.keeper.update(c, func(r *JobRecord) {
		id = r.NextCheckpoint
		r.NextCheckpoint++
	}, func(c *sim.Context, outcome writeOutcome) {
		if m.after(c, protocol.StepTakeID, protocol.NoTask, id) {
			return
		}
		in := protocol.CoordinatorInput{Kind: protocol.CoordinatorIDAssigned, Checkpoint: id}
		if outcome != writeDone {
			in = protocol.CoordinatorInput{Kind: protocol.CoordinatorIDFailed}
		}
		m.feed(c, in)
	})
}

func (m *master) setTimer(c *sim.Context, e *protocol.CoordinatorEffect) {
	if e.Timer == protocol.TimerPeriodic {
		c.Cancel(m.periodic)
	}
	m.armTimer(c, e.Timer, e.Checkpoint, e.AtNanos)
}

func (m *master) armTimer(
	c *sim.Context, timer protocol.CoordinatorTimer, id protocol.CheckpointID, atNanos int64,
) {
	set := c.After(max(atNanos-c.MonotonicNanos(), 0), sim.Message{
		Kind: rpc.CoordinatorTimer, A: int64(timer), B: int64(id), C: atNanos, D: m.epoch,
	})
	if timer == protocol.TimerPeriodic {
		m.periodic = set
		return
	}
	if hosted := m.find(id); hosted != nil {
		hosted.expiry = set
	}
}

func (m *master) clearTimer(c *sim.Context, e *protocol.CoordinatorEffect) {
	if e.Timer == protocol.TimerPeriodic {
		c.Cancel(m.periodic)
	} else if hosted := m.find(e.Checkpoint); hosted != nil {
		c.Cancel(hosted.expiry)
	}
}

// timerFired: a checkpoint may be due, or one may have taken too long.
func (m *master) timerFired(c *sim.Context, message sim.Message) {
	timer, id := protocol.CoordinatorTimer(message.A), protocol.CheckpointID(message.B)
	if message.C > c.MonotonicNanos() {
		// (1) The clock is fast and the timer is set; (2) the clock is put right; (3) the timer
		// fires before it is due, and to a coordinator that is as good as never.
		m.armTimer(c, timer, id, message.C)
		return
	}
	in := protocol.CoordinatorInput{Kind: protocol.CoordinatorTimerFired, Timer: timer, Checkpoint: id}
	if timer == protocol.TimerPeriodic {
		if !m.beforeDeciding(c) {
			m.feed(c, in)
			m.deciding = false
		}
		return
	}
	if !m.before(c, protocol.StepExpire, protocol.NoTask, id) {
		m.feed(c, in)
		m.after(c, protocol.StepExpire, protocol.NoTask, id)
	}
}

// take triggers a checkpoint on demand.
func (m *master) take(c *sim.Context, kind protocol.TriggerKind) {
	if m.phase != phaseTakingOver && m.phase < phaseEnding && !m.beforeDeciding(c) {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorTrigger, Trigger: kind})
	}
}
