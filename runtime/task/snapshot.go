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
	serializing   bool // the state is being turned into bytes
	acknowledging bool
	inputsOpen    bool  // late channels may still add to the channel state
	outputsOpen   int   // subpartitions whose barrier may still turn unaligned
	sinkOpen      bool  // the external system has not prepared yet
	sinkThrough   int64 // the last request that it must have answered
	stateWriting  bool
	channelsKnown bool // its in-flight data is complete
	channelsSent  bool
	fileOpen      bool // those who share its file are not done
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

// openCheckpoint gives the checkpoint's entry, new with the first sign of it.
func (t *Task) openCheckpoint(id protocol.CheckpointID, b protocol.Barrier) *localCheckpoint {
	l := &t.checkpoints
	if cp := l.find(id); cp != nil {
		return cp
	}
	cp := &localCheckpoint{id: id, barrier: b}
	l.list = append(l.list, cp)
	return cp
}

// newSnapshot is what a checkpoint will hold of the task.
func (t *Task) newSnapshot(id protocol.CheckpointID) *rpc.TaskSnapshot {
	return &rpc.TaskSnapshot{Task: t.id, Attempt: t.attempt, Checkpoint: id}
}

// consumed counts bytes processed while a checkpoint aligns.
func (l *localCheckpoints) consumed(bytes int64) {
	for _, cp := range l.list {
		if cp.aligning {
			cp.stats.ProcessedBytes += bytes
		}
	}
}

func (t *Task) alignmentStarted(c *sim.Context, id protocol.CheckpointID, b protocol.Barrier) {
	cp := t.openCheckpoint(id, b)
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
	if t.before(c, protocol.StepBeginSnapshot, b.ID) || t.throwsAt(c, protocol.CallbackSnapshot) {
		return
	}
	cp := t.openCheckpoint(b.ID, b)
	cp.barrier = b
	t.checkpoints.processed(c, b) // by RPC there was none before
	cp.stats.StartDelayNanos = t.checkpoints.startDelay
	if t.after(c, protocol.StepBeginSnapshot, b.ID) || t.before(c, protocol.StepPreparePreBarrier, b.ID) {
		return
	}
	if nanos := t.config.Costs.SnapshotNanos; nanos > 0 {
		t.busy = pausing
		c.CPU().Begin(c, nanos, sim.Message{Kind: rpc.SnapshotDue, A: int64(b.ID)})
		return
	}
	t.takeSnapshot(c, cp)
}

// snapshotDue: nothing was processed since the snapshot was asked for.
func (t *Task) snapshotDue(c *sim.Context, id protocol.CheckpointID) {
	t.busy = free
	if cp := t.checkpoints.find(id); cp != nil {
		t.takeSnapshot(c, cp)
	}
}

func (t *Task) takeSnapshot(c *sim.Context, cp *localCheckpoint) {
	if t.throwsAt(c, protocol.CallbackPrepareSnapshot) {
		return
	}
	b := cp.barrier
	cp.started = true
	cp.stats.SnapshotStartedNanos = c.NowNanos()
	t.tellTaken(c)
	c.Emit(uint16(protocol.SnapshotStarted), int64(t.id), int64(b.ID), int64(b.Alignment), 0, 0, 0)
	if t.after(c, protocol.StepPreparePreBarrier, b.ID) {
		return
	}
	if cp.snapshot == nil {
		cp.snapshot = t.newSnapshot(b.ID)
	}
	t.emitBarrier(c, cp)
	if t.before(c, protocol.StepSyncSnapshot, b.ID) {
		return
	}
	if t.record(c, cp); t.busy != ended {
		t.pause(c, cp)
	}
}

// record takes the state and the ghost counters of the cut.
func (t *Task) record(c *sim.Context, cp *localCheckpoint) {
	s, m := cp.snapshot, t.env.Messages
	s.Operators = t.chain.Snapshot(cp.id)
	s.Finished = t.finish.operators
	if s.Input == nil {
		s.Input = make([][]record.Piece, len(t.in))
	}
	s.Received = m.Chains.Make(len(t.in))
	for i := range t.in {
		s.Received[i] = t.in[i].Received
	}
	s.Sent = m.Chains.Make(len(t.out))
	for i := range t.out {
		s.Sent[i] = t.out[i].sub.Sent
	}
	s.NextChannel = m.Next.Room(len(t.partitions))
	for _, p := range t.partitions {
		s.NextChannel = append(s.NextChannel, p.Next())
	}
	if t.source != nil {
		s.Positions = t.source.snapshot(m, t.config.Bug)
	}
	if t.sink != nil {
		t.sink.snapshot(c, cp)
	}
	if t.busy == ended {
		return
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

// drop gives the checkpoint up here and deletes what was written for it. What its channels
// have recorded is forgotten only if it is still being recorded: (1) checkpoint 2 has all its
// barriers, and waits for its upload; (2) checkpoint 3 begins and records what arrives; (3) the
// abort of 2 is heard. What is in the channels belongs to 3.
func (l *localCheckpoints) drop(t *Task, c *sim.Context, id protocol.CheckpointID) {
	cp := l.find(id)
	if cp == nil {
		return
	}
	l.remove(cp)
	t.file.tell(c, t.fileMember, id, 0)
	t.file.close(c, t.fileMember, id)
	for i := range t.in {
		t.in[i].Persister.Stop(id)
		if cp.inputsOpen {
			t.in[i].TakePersisted()
		}
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
	if t.before(c, protocol.StepReceiveAbort, id) || t.throwsAt(c, protocol.CallbackNotifyAborted) {
		return
	}
	c.Emit(uint16(protocol.CheckpointNotified), int64(id), int64(t.id), 1, 0, 0, 0)
	t.machineStep(c, protocol.Input{Kind: protocol.InputAborted, Checkpoint: id})
	t.checkpoints.drop(t, c, id)
	if t.sink != nil {
		t.sink.aborted(c, id)
	}
	if latest != protocol.NoCheckpoint {
		t.completed(c, latest)
	}
	t.after(c, protocol.StepReceiveAbort, id)
}

// notifyComplete: the checkpoint is durable; side effects may be made visible.
func (t *Task) notifyComplete(c *sim.Context, id protocol.CheckpointID) {
	if t.before(c, protocol.StepReceiveComplete, id) || t.throwsAt(c, protocol.CallbackNotify) {
		return
	}
	c.Emit(uint16(protocol.CheckpointNotified), int64(id), int64(t.id), 0, 0, 0, 0)
	t.machineStep(c, protocol.Input{Kind: protocol.InputCompleted, Checkpoint: id})
	t.completed(c, id)
	t.after(c, protocol.StepReceiveComplete, id)
}

func (t *Task) completed(c *sim.Context, id protocol.CheckpointID) {
	if t.sink != nil {
		t.sink.completed(c, id)
	}
	t.finish.completed(t, c, id)
}

// anyStarted reports whether a snapshot was taken that is not yet durable. Others, when every
// input has ended, will never start: (1) checkpoint 6 is given up, (2) its last barriers come.
func (l *localCheckpoints) anyStarted() bool {
	for _, cp := range l.list {
		if cp.started {
			return true
		}
	}
	return false
}
