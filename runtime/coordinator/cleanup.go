package coordinator

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// deleter deletes objects that belong to no checkpoint, and tries again those that it
// could not.
type deleter struct {
	again []sim.ObjectKey
	// sweepTo: orphans of attempts up to this one are swept when the list comes.
	sweepTo protocol.Attempt
	// sweepAgain: the store failed to list; it will be asked once more.
	sweepAgain bool
	// untidy is after how many completed checkpoints more orphans are looked for.
	untidy int
}

// discard deletes a checkpoint. The pointer of a completed one goes first: whoever takes
// over in between must not find a pointer to nothing.
func (m *master) discard(c *sim.Context, id protocol.CheckpointID) {
	hosted := m.find(id)
	if hosted == nil {
		return // read back from the record while its pointer was being removed
	}
	emit(c, protocol.CheckpointDiscarded, int64(id))
	switch {
	case !hosted.completed:
		m.deleteCheckpoint(c, hosted)
	case m.before(c, protocol.StepDropOlder, protocol.NoTask, id):
	case m.inHeap():
		m.deleteCheckpoint(c, hosted)
		m.after(c, protocol.StepDropOlder, protocol.NoTask, id)
	default:
		m.removePointer(c, id)
	}
}

// removePointer tries until the pointer is out of the record, then deletes the checkpoint.
func (m *master) removePointer(c *sim.Context, id protocol.CheckpointID) {
	m.keeper.update(c, func(r *JobRecord) { r.remove(id) }, func(c *sim.Context, outcome writeOutcome) {
		if outcome != writeDone {
			c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retryPointer, B: int64(id), D: m.epoch})
			return
		}
		if hosted := m.find(id); hosted != nil {
			m.deleteCheckpoint(c, hosted)
		}
		m.after(c, protocol.StepDropOlder, protocol.NoTask, id)
	})
}

// deleteCheckpoint deletes a checkpoint's metadata and state, unless it is another run's.
func (m *master) deleteCheckpoint(c *sim.Context, hosted *hostedCheckpoint) {
	metadata := hosted.metadata
	m.forget(metadata.Checkpoint)
	m.options.History.discarded(metadata.Checkpoint)
	if hosted.unclaimed {
		return
	}
	if !m.inHeap() {
		m.deleteObject(c, rpc.MetadataKey(metadata.Checkpoint, metadata.Attempt))
	}
	for t := range metadata.Tasks {
		m.discardHandle(c, &metadata.Tasks[t].Handle)
	}
}

// discardHandle deletes the objects behind a handle.
func (m *master) discardHandle(c *sim.Context, h *rpc.Handle) {
	if h.HasState {
		m.deleteObject(c, h.State)
	}
	if h.HasChannels {
		m.deleteObject(c, h.Channels)
	}
}

func (m *master) deleteObject(c *sim.Context, key sim.ObjectKey) {
	c.Store(m.options.Checkpoints).Delete(key, sim.Message{Kind: rpc.ObjectDeleted, D: m.epoch})
}

func (m *master) deleted(c *sim.Context, reply *sim.StoreReply) {
	if failed(reply) {
		m.again = append(m.again, reply.Key)
		if len(m.again) == 1 {
			c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retryDelete, D: m.epoch})
		}
		return
	}
	if reply.Found {
		emit(c, protocol.ObjectDeleted, reply.Key.B, reply.Key.A)
	}
}

func (m *master) deleteAgain(c *sim.Context) {
	keys := m.again
	m.again = nil
	for _, key := range keys {
		m.deleteObject(c, key)
	}
}

// tidy looks for orphans after a checkpoint has completed, if others have failed since it
// last did: (1) a task uploads its state, (2) its acknowledgement is lost, (3) the
// checkpoint expires. Twice, as the upload may end later than the next completion.
func (m *master) tidy(c *sim.Context) {
	if m.untidy > 0 {
		m.untidy--
		m.sweepOrphans(c, m.attempt-1)
	}
}

// sweepOrphans deletes what belongs to no checkpoint and can belong to none any more: what
// attempts up to the given one have written, and what is of a checkpoint older than the
// newest completed one. Younger attempts may be another leader's.
func (m *master) sweepOrphans(c *sim.Context, to protocol.Attempt) {
	m.sweepTo = to
	if m.options.Config.Bug == protocol.BugOrphansKept {
		return
	}
	for _, kind := range [...]uint8{rpc.ObjectState, rpc.ObjectChannels, rpc.ObjectMetadata} {
		reply := sim.Message{Kind: objectsListed, D: m.epoch}
		c.Store(m.options.Checkpoints).List(sim.ObjectKey{Kind: kind}, 0, reply)
	}
}

func (m *master) sweep(c *sim.Context, reply *sim.StoreReply) {
	if failed(reply) && !m.sweepAgain {
		m.sweepAgain = true
		c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retrySweep, D: m.epoch})
	}
	for _, key := range reply.Keys {
		attempt := protocol.Attempt(key.C)
		if attempt < m.keeper.floor(c) || attempt > m.attempt || m.referenced(key) {
			continue
		}
		if attempt <= m.sweepTo || protocol.CheckpointID(key.A) < m.coordinator.Store().Latest() {
			m.deleteObject(c, key)
		}
	}
}

// referenced reports whether a checkpoint that is in flight, completed or uncertain
// refers to the object, or may yet.
func (m *master) referenced(key sim.ObjectKey) bool {
	id := protocol.CheckpointID(key.A)
	hosted := m.find(id)
	if hosted == nil {
		return slices.Contains(m.keeper.current.Savepoints, id)
	}
	if key.Kind == rpc.ObjectMetadata || !hosted.completed {
		return true
	}
	h := &hosted.metadata.Tasks[key.B].Handle
	return h.HasState && h.State == key || h.HasChannels && h.Channels == key
}
