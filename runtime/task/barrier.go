package task

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// event handles what travels between buffers.
func (t *Task) event(c *sim.Context, end *inputEnd, b *network.Buffer) {
	kind, barrier, mark := b.Kind, b.Barrier, b.Mark
	t.env.Arena.Free(b)
	switch kind {
	case network.BarrierEvent:
		c.Emit(uint16(protocol.BarrierConsumed), int64(t.id), int64(end.Index), int64(barrier.ID),
			int64(barrier.Alignment), 0, 0)
		t.checkpoints.processed(c, barrier)
		t.machineStep(c, protocol.Input{Kind: protocol.InputBarrier, Channel: end.Index, Barrier: barrier})
	case network.AnnouncementEvent:
		t.machineStep(c, protocol.Input{
			Kind: protocol.InputAnnouncement, Channel: end.Index, Barrier: barrier, Sequence: mark,
		})
	case network.CancelEvent:
		t.machineStep(c, protocol.Input{
			Kind: protocol.InputCancelMarker, Channel: end.Index, Checkpoint: protocol.CheckpointID(mark),
		})
	case network.EndOfDataEvent:
		t.inputEnded(c, end)
	case network.EndOfPartitionEvent:
		t.partitionEnded(c, end)
	case network.EndOfInputStateEvent:
		t.inputStateConsumed(c, end)
	case network.EndOfOutputStateEvent:
		t.outputStateConsumed(c, end)
	default:
		panic(fmt.Sprintf("task %d: event %d in channel %d at %d ns", t.id, kind, end.Index, c.NowNanos()))
	}
}

// triggered starts a checkpoint by RPC: at a source, or where all inputs have ended. A task
// that closes begins none (Flink: StreamTask.afterInvoke). (1) Checkpoint 5 completes, which
// is all that a task waits for, while 6 is in progress; (2) 6 completes while 7 is; were new
// ones begun, there would always be one to wait for.
func (t *Task) triggered(c *sim.Context, b *protocol.Barrier) {
	if t.before(c, protocol.StepReceiveTrigger, b.ID) {
		return
	}
	t.trigger(c, b)
	t.after(c, protocol.StepReceiveTrigger, b.ID)
}

func (t *Task) trigger(c *sim.Context, b *protocol.Barrier) {
	if t.finish.closing {
		t.decline(c, b.ID, protocol.CheckpointDeclinedTaskClosing)
		return
	}
	if !t.running {
		t.forwardCancel(c, b.ID)
		t.decline(c, b.ID, protocol.CheckpointDeclinedTaskNotReady)
		return
	}
	t.machineStep(c, protocol.Input{Kind: protocol.InputTrigger, Channel: protocol.NoChannel, Barrier: *b})
}

func (t *Task) alignmentTimer(c *sim.Context, id protocol.CheckpointID) {
	if t.timers.alignmentOf == id {
		t.timers.alignmentOf = protocol.NoCheckpoint
		t.machineStep(c, protocol.Input{Kind: protocol.InputTimer, Checkpoint: id})
	}
}

// machineStep feeds the protocol and carries out what it asks for, in order.
func (t *Task) machineStep(c *sim.Context, in protocol.Input) {
	in.NowNanos = c.ClockNanos()
	start := len(t.effects.List)
	t.machine.Step(in, &t.effects)
	for i := start; i < len(t.effects.List) && t.busy != ended; i++ {
		t.apply(c, t.effects.List[i])
	}
	t.effects.List = t.effects.List[:start]
	if id := t.checkpoints.refused; id != protocol.NoCheckpoint && t.busy != ended {
		t.checkpoints.refused = protocol.NoCheckpoint
		t.machineStep(c, protocol.Input{Kind: protocol.InputSubsumed, Checkpoint: id})
	}
}

// apply carries out one effect.
func (t *Task) apply(c *sim.Context, e protocol.Effect) {
	task, id := int64(t.id), int64(e.Checkpoint)
	switch e.Kind {
	case protocol.EffectBlock:
		c.Emit(uint16(protocol.ChannelBlocked), task, int64(e.Channel), id, 0, 0, 0)
	case protocol.EffectResume:
		c.Emit(uint16(protocol.ChannelResumed), task, int64(e.Channel), 0, 0, 0, 0)
		t.toProducer(c, &t.in[e.Channel], sim.Message{Kind: rpc.Resume})
	case protocol.EffectPrioritize:
		if t.in[e.Channel].Prioritize(e.Sequence) {
			t.urgent = append(t.urgent, e.Channel)
		}
	case protocol.EffectStartChannelState:
		t.openCheckpoint(e.Checkpoint, e.Barrier)
	case protocol.EffectPersistInputs:
		t.persistInputs(c, e.Checkpoint)
	case protocol.EffectInputsDone:
		t.inputsDone(c, e.Checkpoint)
	case protocol.EffectSnapshot:
		t.snapshot(c, e.Barrier)
	case protocol.EffectDecline:
		t.declined(c, e.Checkpoint, e.Reason)
	case protocol.EffectForwardCancel:
		t.forwardCancel(c, e.Checkpoint)
		t.checkpoints.drop(t, c, e.Checkpoint)
	case protocol.EffectSetTimer:
		t.setAlignmentTimer(c, e)
	case protocol.EffectClearTimer:
		c.Cancel(t.timers.alignment)
		t.timers.alignmentOf = protocol.NoCheckpoint
	case protocol.EffectSwitched:
		c.Emit(uint16(protocol.SwitchedToUnaligned), task, id, 0, 0, 0, 0)
	case protocol.EffectAlignmentStarted:
		c.Emit(uint16(protocol.AlignmentStarted), task, id, 0, 0, 0, 0)
		t.alignmentStarted(c, e.Checkpoint, e.Barrier)
	case protocol.EffectAlignmentEnded:
		c.Emit(uint16(protocol.AlignmentEnded), task, id, 0, 0, 0, 0)
		t.checkpoints.alignmentEnded(c, e.Checkpoint)
	default:
		panic(fmt.Sprintf("task %d: effect %d of checkpoint %d at %d ns", t.id, e.Kind, e.Checkpoint, c.NowNanos()))
	}
}

func (t *Task) setAlignmentTimer(c *sim.Context, e protocol.Effect) {
	c.Cancel(t.timers.alignment)
	t.timers.alignmentOf = e.Checkpoint
	t.timers.alignment = c.After(max(0, e.AtNanos-c.ClockNanos()),
		sim.Message{Kind: rpc.AlignmentTimer, A: int64(e.Checkpoint)})
}

// declined ends the checkpoint here: the coordinator and everybody downstream hear.
func (t *Task) declined(c *sim.Context, id protocol.CheckpointID, reason protocol.FailureReason) {
	t.forwardCancel(c, id)
	t.checkpoints.drop(t, c, id)
	t.decline(c, id, reason)
}

// forwardCancel tells everybody downstream that the checkpoint's barrier will not come.
func (t *Task) forwardCancel(c *sim.Context, id protocol.CheckpointID) {
	if t.before(c, protocol.StepForwardCancel, id) {
		return
	}
	t.broadcastEvent(c, network.CancelEvent, int64(id))
	t.after(c, protocol.StepForwardCancel, id)
}

func (t *Task) decline(c *sim.Context, id protocol.CheckpointID, reason protocol.FailureReason) {
	if t.before(c, protocol.StepDecline, id) {
		return
	}
	c.Emit(uint16(protocol.CheckpointDeclinedByTask), int64(t.id), int64(id), int64(reason), 0, 0, 0)
	c.Post(t.host.JobManager(), requestSizeBytes, sim.Message{Kind: rpc.DeclineReport, Body: &rpc.DeclineNotice{
		Task: t.id, Attempt: t.attempt, Checkpoint: id, Reason: reason,
	}})
	t.after(c, protocol.StepDecline, id)
}
