package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// takeOver begins a leadership: it reads the record, fences older leaders by writing it,
// reads the metadata of every retained checkpoint, tells the task managers, and waits for
// them.
func (m *master) takeOver(c *sim.Context) {
	if m.before(c, protocol.StepReadRecord, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	m.keeper.read(c, func(c *sim.Context) {
		if !m.after(c, protocol.StepReadRecord, protocol.NoTask, protocol.NoCheckpoint) {
			m.fence(c)
		}
	})
}

// fence writes the record, so that a leader with an older epoch can write it no more. A
// job that has no checkpoint of its own gets the one that it is to start from.
func (m *master) fence(c *sim.Context) {
	if m.before(c, protocol.StepFence, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	m.keeper.update(c, func(r *JobRecord) {
		from := m.options.RestoreFrom
		if from != nil && len(r.Completed) == 0 {
			r.Completed = []Pointer{{from.Metadata.Checkpoint, from.Metadata.Attempt, true}}
			r.NextCheckpoint = max(r.NextCheckpoint, from.Metadata.Checkpoint+1)
			r.NextAttempt = max(r.NextAttempt, from.Metadata.Attempt+1)
		}
	}, func(c *sim.Context, outcome writeOutcome) {
		if outcome != writeDone {
			m.takeOver(c)
			return
		}
		if m.after(c, protocol.StepFence, protocol.NoTask, protocol.NoCheckpoint) {
			return
		}
		m.loading = append(m.loading[:0], m.keeper.current.Completed...)
		m.loadMetadata(c)
	})
}

// loadMetadata reads the next checkpoint's metadata. A checkpoint that cannot be read
// fails the recovery: it is not skipped, as an older one would bring back what sinks have
// committed since (FLINK-22502); and nothing is deleted (FLINK-7783).
func (m *master) loadMetadata(c *sim.Context) {
	if len(m.loading) == 0 {
		m.recovered(c)
		return
	}
	next := m.loading[0]
	c.Store(m.options.Checkpoints).Get(rpc.MetadataKey(next.Checkpoint, next.Attempt),
		sim.Message{Kind: rpc.MetadataLoaded, D: m.epoch})
}

func (m *master) metadataLoaded(c *sim.Context, message sim.Message) {
	reply := message.Body.(*sim.StoreReply)
	pointer := m.loading[0]
	switch {
	case reply.Err == sim.StoreTorn, reply.Err == sim.StoreOK && !reply.Found:
		m.failRecovery(c, pointer.Checkpoint)
		return
	case failed(reply) && m.options.Config.Bug == protocol.BugUnreadableSkipped:
		m.loading = m.loading[1:]
		m.loadMetadata(c)
		return
	case failed(reply):
		c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retryMetadata, D: m.epoch})
		return
	}
	m.hosted = append(m.hosted, &hostedCheckpoint{
		metadata: reply.Body.(*Metadata), completed: true, unclaimed: pointer.Unclaimed,
	})
	m.loading = m.loading[1:]
	m.loadMetadata(c)
}

// failRecovery ends the job without touching its checkpoints.
func (m *master) failRecovery(c *sim.Context, checkpoint protocol.CheckpointID) {
	emit(c, protocol.MetadataLost, int64(checkpoint))
	m.options.History.failed(c.NowNanos(), m.attempt,
		failure{task: protocol.NoTask, cause: rpc.CauseStateUnreadable})
	m.phase = phaseEnded
	m.setStatus(c, protocol.JobFailed)
}

// recovered: everything is read. A job that has ended stays so; what is left to clean up is
// cleaned up (FLIP-194): (1) a leader makes the end durable, (2) drops a checkpoint from the
// record, and (3) dies before it has deleted its objects.
func (m *master) recovered(c *sim.Context) {
	record := m.keeper.current
	m.attempt = max(record.NextAttempt-1, 0)
	m.reportRecovered(c)
	for _, hosted := range m.hosted {
		m.feed(c, protocol.CoordinatorInput{
			Kind: protocol.CoordinatorCheckpointRecovered, Checkpoint: hosted.metadata.Checkpoint,
		})
	}
	if ended(record.Status) {
		m.phase, m.status = phaseEnded, record.Status
		if !m.options.History.Status.Terminal() {
			m.setStatus(c, record.Status) // the former leader could not
		}
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorJobStopped, Status: record.Status})
		m.sweepOrphans(c, m.attempt)
		return
	}
	m.phase = phaseWaiting
	m.setStatus(c, protocol.JobCreated)
	for i := range m.options.Directory.TaskManagers {
		post(c, m.options.Directory.TaskManagers[i].Actor,
			sim.Message{Kind: rpc.NewLeader, A: int64(c.Self()), B: m.epoch})
	}
	c.After(settleNanos, sim.Message{Kind: settleTimer, D: m.epoch})
	m.trySchedule(c)
}

// reportRecovered tells what a former leader could not: (1) it wrote a checkpoint's
// pointer, (2) it died before it told anybody. The checkpoint is complete from (1) on.
func (m *master) reportRecovered(c *sim.Context) {
	history := m.options.History
	latest := history.Latest()
	if latest != nil && m.find(latest.Checkpoint) == nil && !ended(m.keeper.current.Status) {
		emit(c, protocol.MetadataLost, int64(latest.Checkpoint))
	}
	for _, hosted := range m.hosted {
		if stats := history.inProgress(hosted.metadata.Checkpoint); stats != nil {
			hosted.stats = stats
			stats.Status, stats.CompletedNanos = protocol.CheckpointSucceeded, c.NowNanos()
			history.Completed++
			emit(c, protocol.CheckpointCompleted,
				int64(stats.ID), stats.EndToEndNanos, stats.CheckpointedBytes)
		}
	}
	history.recovered(m.hosted)
}

func ended(status protocol.JobStatus) bool {
	return status == protocol.JobFinished || status == protocol.JobFailed || status == protocol.JobCanceled
}

// recoverStore reads the record again, after a write with an unknown outcome: what it
// says is the truth, and a checkpoint that is not in it was never completed.
func (m *master) recoverStore(c *sim.Context) {
	m.keeper.read(c, func(c *sim.Context) {
		for _, id := range m.uncertain() {
			hosted := m.find(id)
			if hosted.uncertain = false; !m.keeper.current.has(id) {
				m.deleteCheckpoint(c, hosted)
				continue
			}
			if !hosted.completed {
				hosted.completed = true
				m.options.History.found(hosted)
			}
		}
		for _, pointer := range m.keeper.current.Completed {
			m.feed(c, protocol.CoordinatorInput{
				Kind: protocol.CoordinatorCheckpointRecovered, Checkpoint: pointer.Checkpoint,
			})
		}
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorStoreRecovered})
	})
}

// suspend ends a leadership. Nothing is deleted: the next leader needs it (FLINK-25486).
func (m *master) suspend(c *sim.Context) {
	if m.phase != phaseEnded && m.options.Config.HighAvailability == job.HighAvailabilityStore {
		m.setStatus(c, protocol.JobSuspended)
	}
}
