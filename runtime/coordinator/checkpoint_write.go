package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// acknowledge takes a task's yes. In the job manager's heap a state has a size limit:
// one that is larger fails the checkpoint (Flink: MemCheckpointStreamFactory).
func (m *master) acknowledge(c *sim.Context, a *rpc.Acknowledgement) {
	if m.phase == phaseTakingOver || m.before(c, protocol.StepReceiveAcknowledgement, a.Task, a.Checkpoint) {
		return
	}
	if m.inHeap() && max(a.Handle.StateBytes, a.Handle.ChannelBytes) > job.MaxJobManagerStateBytes {
		m.decline(c, &rpc.DeclineNotice{
			Task: a.Task, Attempt: a.Attempt, Checkpoint: a.Checkpoint,
			Reason: protocol.CheckpointAsyncException,
		})
		return
	}
	if m.options.Config.Bug == protocol.BugEnumeratorReadLate && a.Attempt == m.attempt {
		m.readEnumeratorLate(a.Task, a.Checkpoint)
	}
	m.feedWith(c, coordinatorInput{acknowledgement: a, in: protocol.CoordinatorInput{
		Kind: protocol.CoordinatorAck, Checkpoint: a.Checkpoint, Task: a.Task, Attempt: a.Attempt,
		SizeBytes: a.Handle.StateBytes + a.Handle.ChannelBytes, OperatorsFinished: a.OperatorsFinished,
	}})
	if a.Attempt == m.attempt && !c.Crashed() {
		m.enumeratorAcknowledged(c, a.Task, a.Checkpoint)
	}
	m.after(c, protocol.StepReceiveAcknowledgement, a.Task, a.Checkpoint)
}

// decline takes a task's no.
func (m *master) decline(c *sim.Context, d *rpc.DeclineNotice) {
	if m.before(c, protocol.StepReceiveDecline, d.Task, d.Checkpoint) {
		return
	}
	m.feed(c, protocol.CoordinatorInput{
		Kind: protocol.CoordinatorDecline, Checkpoint: d.Checkpoint, Task: d.Task, Attempt: d.Attempt,
		Reason: d.Reason,
	})
	m.after(c, protocol.StepReceiveDecline, d.Task, d.Checkpoint)
}

// inHeap reports whether checkpoints are kept in the job manager's memory only.
func (m *master) inHeap() bool { return m.options.Config.Storage == job.StorageJobManager }

// finalize completes a checkpoint's metadata, and after the time that takes writes it.
func (m *master) finalize(c *sim.Context, id protocol.CheckpointID) {
	if m.before(c, protocol.StepAllAcknowledged, protocol.NoTask, id) {
		return
	}
	metadata := m.find(id).metadata
	for t := range metadata.Tasks {
		if m.coordinator.TaskStatus(id, protocol.TaskID(t)) == protocol.PlanFinished {
			metadata.Tasks[t] = TaskMetadata{Finished: true, Last: m.options.History.last(protocol.TaskID(t))}
		}
	}
	c.After(m.options.Config.Costs.FinalizeNanos, sim.Message{Kind: finalizeTimer, A: int64(id), D: m.epoch})
	m.after(c, protocol.StepAllAcknowledged, protocol.NoTask, id)
}

// writeMetadata is the first half of making a checkpoint durable.
func (m *master) writeMetadata(c *sim.Context, id protocol.CheckpointID) {
	if m.before(c, protocol.StepWriteMetadata, protocol.NoTask, id) {
		return
	}
	metadata := m.find(id).metadata
	if m.inHeap() {
		m.metadataDurable(c, metadata)
		return
	}
	c.Store(m.options.Checkpoints).Put(rpc.MetadataKey(id, metadata.Attempt), metadata.SizeBytes(), metadata,
		sim.Message{Kind: rpc.MetadataStored, A: int64(id), D: m.epoch})
}

// metadataStored: without its pointer the metadata means nothing yet, so even an unknown
// outcome is a plain failure here, after which it is deleted.
func (m *master) metadataStored(c *sim.Context, id protocol.CheckpointID, reply *sim.StoreReply) {
	metadata := m.find(id).metadata
	if failed(reply) {
		emit(c, protocol.ObjectFailed, int64(protocol.NoTask), int64(id))
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorMetadataFailed, Checkpoint: id})
		return
	}
	m.metadataDurable(c, metadata)
}

// metadataDurable goes on to the second half: the pointer in the job's record. From the
// moment it is there the checkpoint is complete for whoever takes over. A savepoint is
// only noted, so that nobody deletes it; a checkpoint in the heap gets no pointer: it dies
// with this job manager.
func (m *master) metadataDurable(c *sim.Context, metadata *Metadata) {
	id := metadata.Checkpoint
	emit(c, protocol.MetadataStored, int64(id), metadata.SizeBytes())
	if m.after(c, protocol.StepWriteMetadata, protocol.NoTask, id) ||
		m.before(c, protocol.StepAddPointer, protocol.NoTask, id) {
		return
	}
	if m.inHeap() {
		m.pointerWritten(c, id, writeDone)
		return
	}
	superseded := m.uncertain()
	m.keeper.update(c, func(r *JobRecord) {
		for _, id := range superseded {
			r.remove(id)
		}
		if metadata.Savepoint {
			r.Savepoints = append(r.Savepoints, metadata.Checkpoint)
			return
		}
		r.Completed = append(r.Completed, Pointer{Checkpoint: metadata.Checkpoint, Attempt: metadata.Attempt})
	}, func(c *sim.Context, outcome writeOutcome) {
		m.pointerWritten(c, id, outcome)
		if outcome == writeDone && !c.Crashed() {
			m.resolve(c, superseded)
		}
	})
}

func (m *master) pointerWritten(c *sim.Context, id protocol.CheckpointID, outcome writeOutcome) {
	if outcome == writeDone && m.after(c, protocol.StepAddPointer, protocol.NoTask, id) {
		return
	}
	in := protocol.CoordinatorInput{Kind: protocol.CoordinatorMetadataStored, Checkpoint: id}
	switch outcome {
	case writeFailed:
		in.Kind = protocol.CoordinatorMetadataFailed
	case writeUnknown:
		m.find(id).uncertain = true
		in.Kind = protocol.CoordinatorMetadataUnknown
	}
	m.feed(c, in)
}

// uncertain are the checkpoints of which nobody knows whether their pointer was written.
// The next pointer that is written removes theirs, and then their files may go.
func (m *master) uncertain() (ids []protocol.CheckpointID) {
	for _, hosted := range m.hosted {
		if hosted.uncertain {
			ids = append(ids, hosted.metadata.Checkpoint)
		}
	}
	return ids
}

func (m *master) resolve(c *sim.Context, ids []protocol.CheckpointID) {
	for _, id := range ids {
		if hosted := m.find(id); hosted != nil && hosted.uncertain {
			m.deleteCheckpoint(c, hosted)
		}
	}
}

func (r *JobRecord) remove(id protocol.CheckpointID) {
	for i := range r.Completed {
		if r.Completed[i].Checkpoint == id {
			r.Completed = append(r.Completed[:i], r.Completed[i+1:]...)
			return
		}
	}
}

func (r *JobRecord) has(id protocol.CheckpointID) bool {
	for i := range r.Completed {
		if r.Completed[i].Checkpoint == id {
			return true
		}
	}
	return false
}
