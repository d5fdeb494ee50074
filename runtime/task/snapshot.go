package task

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// localCheckpoint is one checkpoint as this task works on it (Flink:
// SubtaskCheckpointCoordinatorImpl with AsyncCheckpointRunnable, reference 2.6).
type localCheckpoint struct {
	id      protocol.CheckpointID
	barrier protocol.Barrier
	// started: the local snapshot was taken; its parts below are then filled.
	started  bool
	snapshot *rpc.TaskSnapshot
	handle   rpc.Handle
	stats    protocol.SubtaskStats

	aligning      bool
	alignedSince  int64
	syncDone      bool
	inputsOpen    bool // late channels may still add to the channel state
	outputsOpen   int  // subpartitions whose barrier may still turn unaligned
	sinkOpen      bool // the external system has not prepared yet
	stateWriting  bool
	channelsSent  bool
	channelsWrite bool
	asyncSince    int64
	channelsSince int64
}

// localCheckpoints are those in hand, oldest first.
type localCheckpoints struct {
	list    []*localCheckpoint
	refused protocol.CheckpointID // a channel could not persist for it
	// firstOf is the newest checkpoint of which a barrier was processed, and startDelay
	// how long after its trigger the first one was.
	firstOf    protocol.CheckpointID
	startDelay int64
}

func (l *localCheckpoints) find(id protocol.CheckpointID) *localCheckpoint {
	for _, cp := range l.list {
		if cp.id == id {
			return cp
		}
	}
	return nil
}

// open gives the checkpoint's entry, new with the first sign of it.
func (l *localCheckpoints) open(id protocol.CheckpointID, b protocol.Barrier) *localCheckpoint {
	if cp := l.find(id); cp != nil {
		return cp
	}
	cp := &localCheckpoint{id: id, barrier: b}
	l.list = append(l.list, cp)
	return cp
}

// consumed counts bytes processed while a checkpoint aligns.
func (l *localCheckpoints) consumed(bytes int64) {
	for _, cp := range l.list {
		if cp.aligning {
			cp.stats.ProcessedBytes += bytes
		}
	}
}

func (l *localCheckpoints) alignmentStarted(c *sim.Context, id protocol.CheckpointID, b protocol.Barrier) {
	cp := l.open(id, b)
	cp.aligning, cp.alignedSince = true, c.NowNanos()
}

// processed notes the first barrier of a checkpoint.
func (l *localCheckpoints) processed(c *sim.Context, b protocol.Barrier) {
	if b.ID > l.firstOf {
		l.firstOf, l.startDelay = b.ID, max(0, c.ClockNanos()-b.TriggerNanos)
	}
}

func (l *localCheckpoints) alignmentEnded(c *sim.Context, id protocol.CheckpointID) {
	if cp := l.find(id); cp != nil && cp.aligning {
		cp.aligning = false
		cp.stats.AlignmentNanos = c.NowNanos() - cp.alignedSince
	}
}

// snapshot is the local snapshot. Everything before the synchronous part happens at one
// instant, between two records: that is what makes it a point of the cut.
func (t *Task) snapshot(c *sim.Context, b protocol.Barrier) {
	if t.throwsAt(c, throwAtSnapshot) {
		return
	}
	cp := t.checkpoints.open(b.ID, b)
	cp.barrier, cp.started = b, true
	cp.stats.SnapshotStartedNanos = c.NowNanos()
	t.checkpoints.processed(c, b) // by RPC there was none before
	cp.stats.StartDelayNanos = t.checkpoints.startDelay
	t.tellTaken(c)
	c.Emit(uint16(protocol.SnapshotStarted), int64(t.id), int64(b.ID), int64(b.Alignment), 0, 0, 0)
	if cp.snapshot == nil {
		cp.snapshot = &rpc.TaskSnapshot{Task: t.id, Attempt: t.attempt, Checkpoint: b.ID}
	}
	t.emitBarrier(c, cp)
	t.record(c, cp)
	t.pause(c, cp)
}

// record takes the state and the ghost counters of the cut.
func (t *Task) record(c *sim.Context, cp *localCheckpoint) {
	s := cp.snapshot
	s.Operators = t.chain.Snapshot(cp.id)
	s.Finished = t.finish.operators
	if s.Input == nil {
		s.Input = make([][]record.Piece, len(t.in))
	}
	s.Received = make([]protocol.Chain, len(t.in))
	for i := range t.in {
		s.Received[i] = t.in[i].Received
	}
	s.Sent = make([]protocol.Chain, len(t.out))
	for i := range t.out {
		s.Sent[i] = t.out[i].sub.Sent
	}
	for _, p := range t.partitions {
		s.NextChannel = append(s.NextChannel, p.Next())
	}
	if t.source != nil {
		s.Positions = t.source.snapshot(t.config.Bug)
	}
	if t.sink != nil {
		t.sink.snapshot(c, cp)
	}
	cp.handle.StateBytes = s.Operators.SizeBytes() + int64(len(s.Positions))*positionSizeBytes +
		t.sink.stateBytes()
}

const positionSizeBytes = 16

// pause is the synchronous part: the task thread copies what it must.
func (t *Task) pause(c *sim.Context, cp *localCheckpoint) {
	costs := &t.config.Costs
	nanos := costs.SyncBaseNanos + cp.handle.StateBytes*costs.SyncPicosPerByte/1000
	for i := range t.services {
		nanos += t.services[i].CallbackNanos
	}
	cp.stats.SyncNanos = nanos
	if nanos == 0 {
		t.startAsync(c, cp)
		return
	}
	t.busy = pausing
	c.AfterRecord(nanos, sim.Message{Kind: rpc.SyncDone})
}

func (t *Task) syncDone(c *sim.Context) {
	t.busy = free
	for _, cp := range t.checkpoints.list {
		if cp.started && !cp.syncDone {
			t.startAsync(c, cp)
			return
		}
	}
}

// startAsync uploads what must go to the store; the task goes on meanwhile.
func (t *Task) startAsync(c *sim.Context, cp *localCheckpoint) {
	cp.syncDone, cp.asyncSince = true, c.NowNanos()
	if t.needsObject(cp.handle.StateBytes) {
		cp.handle.State = rpc.StateKey(cp.id, t.id, t.attempt)
		cp.handle.HasState = true
		cp.stateWriting = t.config.Bug != protocol.BugAcknowledgesBeforeStored
		t.put(c, cp, cp.handle.State, cp.handle.StateBytes, rpc.StateStored)
	}
	t.advance(c, cp)
}

// put writes an object of the checkpoint, or hands it to the job manager's heap.
func (t *Task) put(c *sim.Context, cp *localCheckpoint, key sim.ObjectKey, bytes int64, reply rpc.Kind) {
	c.Store(t.env.Store).Put(key, bytes, cp.snapshot, sim.Message{Kind: reply, A: int64(cp.id)})
}

// advance goes on with the checkpoint: channel state when it is complete, then the
// acknowledgement when all parts are durable.
func (t *Task) advance(c *sim.Context, cp *localCheckpoint) {
	if !cp.syncDone || cp.inputsOpen || cp.outputsOpen > 0 || t.checkpoints.refused == cp.id {
		return
	}
	if !cp.channelsSent {
		cp.channelsSent = true
		t.writeChannelState(c, cp)
	}
	if cp.stateWriting || cp.channelsWrite || cp.sinkOpen {
		return
	}
	t.acknowledge(c, cp)
}

// acknowledge tells the coordinator that this task's part is durable.
func (t *Task) acknowledge(c *sim.Context, cp *localCheckpoint) {
	cp.stats.Task = t.id
	cp.stats.AsyncNanos = c.NowNanos() - cp.asyncSince
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

// drop gives the checkpoint up here and deletes what was written for it.
func (l *localCheckpoints) drop(t *Task, c *sim.Context, id protocol.CheckpointID) {
	cp := l.find(id)
	if cp == nil {
		return
	}
	l.remove(cp)
	for i := range t.in {
		t.in[i].Persister.Stop(id)
		t.in[i].TakePersisted()
	}
	for i := range t.out {
		t.out[i].barrier.Abort(id)
	}
	if cp.handle.HasState && !cp.stateWriting {
		t.deleteObject(c, cp.handle.State)
	}
	if cp.handle.HasChannels && !cp.channelsWrite {
		t.deleteObject(c, cp.handle.Channels)
	}
}

func (l *localCheckpoints) remove(cp *localCheckpoint) {
	for i := range l.list {
		if l.list[i] == cp {
			l.list = append(l.list[:i], l.list[i+1:]...)
			return
		}
	}
}

// notifyAborted: the coordinator gave the checkpoint up.
func (t *Task) notifyAborted(c *sim.Context, id, latest protocol.CheckpointID) {
	c.Emit(uint16(protocol.CheckpointNotified), int64(id), int64(t.id), 1, 0, 0, 0)
	t.machineStep(c, protocol.Input{Kind: protocol.InputAborted, Checkpoint: id})
	t.checkpoints.drop(t, c, id)
	if t.sink != nil {
		t.sink.aborted(c, id)
	}
	if latest != protocol.NoCheckpoint {
		t.completed(c, latest)
	}
}

// notifyComplete: the checkpoint is durable; side effects may be made visible.
func (t *Task) notifyComplete(c *sim.Context, id protocol.CheckpointID) {
	if t.throwsAt(c, throwAtNotify) {
		return
	}
	c.Emit(uint16(protocol.CheckpointNotified), int64(id), int64(t.id), 0, 0, 0, 0)
	t.machineStep(c, protocol.Input{Kind: protocol.InputCompleted, Checkpoint: id})
	t.completed(c, id)
}

func (t *Task) completed(c *sim.Context, id protocol.CheckpointID) {
	if t.sink != nil {
		t.sink.completed(c, id)
	}
	t.finish.completed(t, c, id)
}
