package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// startAsync uploads what must go to the store; the task goes on meanwhile.
func (t *Task) startAsync(c *sim.Context, cp *localCheckpoint) {
	if t.after(c, protocol.StepSyncSnapshot, cp.id) || t.before(c, protocol.StepAsyncWrite, cp.id) {
		return
	}
	cp.syncDone, cp.serializing, cp.asyncSince = true, true, c.NowNanos()
	bytes := int64(0)
	if t.needsObject(cp.handle.StateBytes) {
		bytes = cp.handle.StateBytes
	}
	costs := &t.config.Costs
	t.serialize(c, cp, costs.AsyncNanos+bytes*costs.StatePicosPerByte/1000, serializedState)
	t.advance(c, cp)
}

// What was serialized.
const (
	serializedState = iota
	serializedChannels
)

// serialize takes CPU for a part of the asynchronous part: it is not the task's thread that
// does it, so the task goes on.
func (t *Task) serialize(c *sim.Context, cp *localCheckpoint, nanos, what int64) {
	if nanos == 0 {
		t.serialized(c, cp, what)
		return
	}
	c.CPU().Begin(c, nanos, sim.Message{Kind: rpc.Serialized, A: int64(cp.id), B: what})
}

// serialized goes on with what has become bytes: they are written.
func (t *Task) serialized(c *sim.Context, cp *localCheckpoint, what int64) {
	switch {
	case what == serializedChannels:
		cp.handle.Channels = rpc.ChannelsKey(cp.id, t.id, t.attempt)
		cp.handle.HasChannels = true
		moving := int64(0)
		if t.file.writer() == t.fileMember {
			moving = max(t.file.bytes(cp.id), cp.handle.ChannelBytes)
		}
		c.Store(t.env.Store).PutMoving(cp.handle.Channels, cp.handle.ChannelBytes, moving, cp.snapshot,
			sim.Message{Kind: rpc.ChannelStateStored, A: int64(cp.id)})
		return
	case t.needsObject(cp.handle.StateBytes):
		cp.handle.State = rpc.StateKey(cp.id, t.id, t.attempt)
		cp.handle.HasState = true
		cp.stateWriting = t.config.Bug != protocol.BugAcknowledgesBeforeStored
		c.Store(t.env.Store).Put(cp.handle.State, cp.handle.StateBytes, cp.snapshot,
			sim.Message{Kind: rpc.StateStored, A: int64(cp.id)})
	}
	cp.serializing = false
}

// asyncDone goes on with the asynchronous part of a checkpoint. It does not wait for the
// record in service: it is not the task's thread that does it.
func (t *Task) asyncDone(c *sim.Context, m *sim.Message) {
	if reply, ok := m.Body.(*sim.StoreReply); ok {
		t.stored(c, m.Kind, reply)
		return
	}
	if m.Kind == rpc.Wake {
		t.advanceThrough(c, protocol.CheckpointID(m.A))
		return
	}
	cp := t.checkpoints.find(protocol.CheckpointID(m.A))
	switch {
	case cp == nil:
	case m.Kind == rpc.AcknowledgeDue:
		t.acknowledge(c, cp)
	default:
		t.serialized(c, cp, m.B)
		t.advance(c, cp)
	}
}

// advanceThrough goes on with every checkpoint up to id.
func (t *Task) advanceThrough(c *sim.Context, id protocol.CheckpointID) {
	for i := len(t.checkpoints.list) - 1; i >= 0 && t.busy != ended; i-- {
		if i < len(t.checkpoints.list) && t.checkpoints.list[i].id <= id {
			t.advance(c, t.checkpoints.list[i])
		}
	}
}

// advance goes on with the checkpoint: channel state when it is complete, then the
// acknowledgement when all parts are durable.
func (t *Task) advance(c *sim.Context, cp *localCheckpoint) {
	if !cp.syncDone || cp.inputsOpen || cp.outputsOpen > 0 || t.checkpoints.refused == cp.id {
		return
	}
	if !cp.channelsKnown && !t.finishOutput(c, cp) {
		return
	}
	if !t.file.complete(cp.id) {
		return
	}
	if !cp.channelsSent {
		cp.channelsSent = true
		t.writeChannelState(c, cp)
	}
	cp.fileOpen = cp.fileOpen && !t.file.written(cp.id)
	if cp.serializing || cp.stateWriting || cp.channelsWrite || cp.fileOpen || cp.sinkOpen || cp.acknowledging {
		return
	}
	cp.acknowledging = true
	cp.stats.AsyncNanos = c.NowNanos() - cp.asyncSince
	if t.after(c, protocol.StepAsyncWrite, cp.id) {
		return
	}
	if nanos := t.config.Costs.AcknowledgeNanos; nanos > 0 {
		c.CPU().Begin(c, nanos, sim.Message{Kind: rpc.AcknowledgeDue, A: int64(cp.id)})
		return
	}
	t.acknowledge(c, cp)
}

// acknowledge tells the coordinator that this task's part is durable.
func (t *Task) acknowledge(c *sim.Context, cp *localCheckpoint) {
	if t.before(c, protocol.StepAcknowledge, cp.id) {
		return
	}
	cp.stats.Task = t.id
	cp.stats.CheckpointedBytes = cp.handle.StateBytes + cp.handle.ChannelBytes
	inline := int64(0)
	if !cp.handle.HasState || !cp.handle.HasChannels {
		cp.handle.Inline = cp.snapshot
		inline = cp.inlineBytes()
	}
	if t.config.Bug == protocol.BugStateTakenLate {
		cp.snapshot.Operators = t.chain.Snapshot(cp.id)
	}
	c.Emit(uint16(protocol.SnapshotDone), int64(t.id), int64(cp.id), cp.stats.CheckpointedBytes, 0, 0, 0)
	body := &rpc.Acknowledgement{
		Task: t.id, Attempt: t.attempt, Checkpoint: cp.id, Handle: cp.handle, Stats: cp.stats,
		OperatorsFinished: cp.snapshot.Finished,
	}
	c.Post(t.host.JobManager(), requestSizeBytes+inline, sim.Message{Kind: rpc.Acknowledge, Body: body})
	t.finish.acknowledged(t, cp)
	t.checkpoints.remove(cp)
	t.after(c, protocol.StepAcknowledge, cp.id)
}

func (cp *localCheckpoint) inlineBytes() int64 {
	n := int64(0)
	if !cp.handle.HasState {
		n += cp.handle.StateBytes
	}
	if !cp.handle.HasChannels {
		n += cp.handle.ChannelBytes
	}
	return n
}

// stored is the store's answer to a put.
func (t *Task) stored(c *sim.Context, kind rpc.Kind, reply *sim.StoreReply) {
	cp := t.checkpoints.find(protocol.CheckpointID(reply.Key.A))
	if cp == nil {
		t.deleteObject(c, reply.Key) // it was given up while being written
		return
	}
	if reply.Err != sim.StoreOK {
		c.Emit(uint16(protocol.ObjectFailed), int64(t.id), int64(cp.id), 0, 0, 0, 0)
		t.asyncFailed(c, cp.id)
		return
	}
	c.Emit(uint16(protocol.ObjectStored), int64(t.id), int64(cp.id), reply.SizeBytes, 0, 0, 0)
	if kind == rpc.StateStored {
		cp.stateWriting = false
	} else {
		cp.channelsWrite = false
		t.file.close(c, t.fileMember, cp.id)
		cp.stats.ChannelStateNanos = c.NowNanos() - cp.channelsSince
	}
	t.advance(c, cp)
}

// asyncFailed gives a checkpoint up whose asynchronous part cannot be finished.
func (t *Task) asyncFailed(c *sim.Context, id protocol.CheckpointID) {
	t.checkpoints.drop(t, c, id)
	t.decline(c, id, protocol.CheckpointAsyncException)
}

func (t *Task) deleteObject(c *sim.Context, key sim.ObjectKey) {
	c.Emit(uint16(protocol.ObjectDeleted), int64(t.id), key.A, 0, 0, 0, 0)
	c.Store(t.env.Store).Delete(key, sim.Message{Kind: rpc.ObjectDeleted})
}
