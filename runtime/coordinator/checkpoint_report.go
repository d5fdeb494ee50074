package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// report writes what the machine reports into the trace and the history.
func (m *master) report(c *sim.Context, e *protocol.CoordinatorEffect, ack *rpc.Acknowledgement) {
	switch e.Kind {
	case protocol.ReportTriggered:
		m.triggered(c, e)
	case protocol.ReportSkipped:
		emit(c, protocol.CheckpointSkipped, int64(e.Reason))
		m.options.History.Skipped++
	case protocol.ReportAcknowledged:
		m.acknowledged(c, e, ack)
	case protocol.ReportCompleted:
		m.completed(c, e)
	case protocol.ReportAborted:
		m.aborted(c, e)
	}
}

// triggered begins the host's side of a checkpoint.
func (m *master) triggered(c *sim.Context, e *protocol.CoordinatorEffect) {
	if m.before(c, protocol.StepMakePlan, protocol.NoTask, e.Checkpoint) {
		return
	}
	hosted := &hostedCheckpoint{metadata: &Metadata{
		Checkpoint: e.Checkpoint, Attempt: e.Attempt, Savepoint: e.Trigger.Savepoint(),
		Parallelism: m.parallelism(), Tasks: make([]TaskMetadata, len(m.tasks)),
		Enumerators: make([][]int32, len(m.enumerators)),
	}}
	hosted.stats = &protocol.CheckpointStats{
		ID: e.Checkpoint, Attempt: e.Attempt, TriggerNanos: c.NowNanos(),
		Subtasks: make([]protocol.SubtaskStats, 0, len(m.tasks)),
	}
	if m.options.InFlight != nil {
		f := m.options.InFlight()
		hosted.stats.InFlightBytes, hosted.stats.InFlightRecords = f.Bytes, f.Records
		hosted.stats.BottleneckNanos = f.BottleneckNanos
	}
	m.hosted = append(m.hosted, hosted)
	m.options.History.add(hosted.stats)
	if m.after(c, protocol.StepMakePlan, protocol.NoTask, e.Checkpoint) {
		return
	}
	m.initialiseLocation(c, hosted)
}

// initialiseLocation settles where the checkpoint's objects go: their keys are made of its
// id, and from now on orphans with that id are its own.
func (m *master) initialiseLocation(c *sim.Context, hosted *hostedCheckpoint) {
	id := hosted.metadata.Checkpoint
	if m.before(c, protocol.StepInitialiseLocation, protocol.NoTask, id) {
		return
	}
	savepoint := int64(0)
	if hosted.metadata.Savepoint {
		savepoint = 1
	}
	emit(c, protocol.CheckpointTriggered, int64(id), int64(hosted.metadata.Attempt), savepoint)
	m.after(c, protocol.StepInitialiseLocation, protocol.NoTask, id)
}

func (m *master) parallelism() []int {
	shape := make([]int, len(m.options.Plan.Vertices))
	for i := range shape {
		shape[i] = m.options.Plan.Vertices[i].Parallelism
	}
	return shape
}

// acknowledged notes how an acknowledgement was judged; one that counts becomes part of
// the checkpoint.
func (m *master) acknowledged(c *sim.Context, e *protocol.CoordinatorEffect, ack *rpc.Acknowledgement) {
	emit(c, protocol.CheckpointAcknowledged,
		int64(e.Checkpoint), int64(e.Task), int64(e.Attempt), int64(e.Verdict))
	if ack.Attempt != m.attempt {
		emit(c, protocol.ZombieFenced, int64(ack.Task), int64(ack.Attempt), fencedAcknowledgement)
	}
	if e.Verdict != protocol.AckSuccess {
		return
	}
	hosted := m.find(e.Checkpoint)
	hosted.metadata.Tasks[ack.Task] = TaskMetadata{Handle: ack.Handle, Finished: ack.OperatorsFinished}
	if ack.OperatorsFinished {
		last, _ := ReadSnapshot(c.Kernel().StoreAt(m.options.Checkpoints), &ack.Handle)
		m.options.History.finished(m.epoch, ack.Task, last)
	}
	stats := ack.Stats
	stats.Task = ack.Task
	stats.EndToEndNanos = c.NowNanos() - hosted.stats.TriggerNanos
	hosted.stats.EndToEndNanos = stats.EndToEndNanos
	hosted.stats.CheckpointedBytes += stats.CheckpointedBytes
	hosted.stats.ProcessedBytes += stats.ProcessedBytes
	hosted.stats.PersistedBytes += stats.PersistedBytes
	hosted.stats.Subtasks = insertByTask(hosted.stats.Subtasks, stats)
}

func insertByTask(list []protocol.SubtaskStats, stats protocol.SubtaskStats) []protocol.SubtaskStats {
	list = append(list, stats)
	for i := len(list) - 1; i > 0 && list[i-1].Task > list[i].Task; i-- {
		list[i-1], list[i] = list[i], list[i-1]
	}
	return list
}

func (m *master) completed(c *sim.Context, e *protocol.CoordinatorEffect) {
	hosted := m.find(e.Checkpoint)
	hosted.completed = true
	hosted.stats.Status = protocol.CheckpointSucceeded
	hosted.stats.CompletedNanos = c.NowNanos()
	m.options.History.completed(hosted)
	emit(c, protocol.CheckpointCompleted, int64(e.Checkpoint), e.DurationNanos, e.SizeBytes)
	m.tidy(c)
}

func (m *master) aborted(c *sim.Context, e *protocol.CoordinatorEffect) {
	if m.before(c, protocol.StepAbort, protocol.NoTask, e.Checkpoint) {
		return
	}
	hosted := m.find(e.Checkpoint)
	hosted.stats.Status, hosted.stats.Reason = protocol.CheckpointFailed, e.Reason
	hosted.stats.EndToEndNanos = c.NowNanos() - hosted.stats.TriggerNanos
	m.options.History.aborted(hosted)
	m.untidy = 2
	emit(c, protocol.CheckpointAborted, int64(e.Checkpoint), int64(e.Reason))
	m.after(c, protocol.StepAbort, protocol.NoTask, e.Checkpoint)
}
