package checkers

import (
	"simrun/protocol"
	"simrun/sim"
)

// rememberedCheckpoints bounds how many checkpoints a History knows; older ones have
// ended long ago and nothing refers to them.
const rememberedCheckpoints = 256

// History is what a run has done so far, as far as more than one checker must know it:
// attempts and who acts for them, checkpoints and how they ended, where channels would
// go on after a restore. Suite keeps it; checkers read it. An event is in the History
// before the checkers see it.
type History struct {
	topology
	attempt     protocol.Attempt
	attemptOpen sim.Event // the first event of that attempt
	actors      []actorRole
	executions  []execution // by attempt
	checkpoints []Checkpoint
	leader      sim.Event
	leads       bool // the newest leader has found what its predecessor left
	points      pointStarts
	status      protocol.JobStatus
}

// actorRole says which task an actor runs, and in which attempt.
type actorRole struct {
	known       bool
	incarnation int32
	task        int64
	attempt     protocol.Attempt
}

// execution is one attempt of the job.
type execution struct {
	restored        protocol.CheckpointID
	restoredEvent   sim.Event
	newestCompleted protocol.CheckpointID // of those triggered in this attempt
}

// Checkpoint is what is known of one checkpoint.
type Checkpoint struct {
	ID        protocol.CheckpointID
	Attempt   protocol.Attempt
	Savepoint bool
	Status    protocol.CheckpointStatus
	// hadMetadata: its metadata was stored, or it was completed; a restore alone does not
	// count.
	hadMetadata bool
	// Triggered and Ended are the events; Ended of one that a restore found completed is
	// the restore.
	Triggered, Ended sim.Event
}

func (h *History) reset(s *Setup) {
	h.topology.reset(s)
	h.attempt, h.attemptOpen, h.leader, h.leads = 0, sim.Event{}, sim.Event{}, false
	h.actors, h.executions = h.actors[:0], append(h.executions[:0], execution{restored: s.RestoredFrom})
	if h.checkpoints == nil {
		h.checkpoints = make([]Checkpoint, 0, rememberedCheckpoints)
	}
	h.checkpoints = h.checkpoints[:0]
	h.points.reset(len(s.Links))
	h.status = protocol.JobCreated
}

// historyKinds are the events that change a History.
func historyKinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.JobStatusChanged, protocol.JobRestored, protocol.TaskDeployed, protocol.TaskInitializing,
		protocol.TaskRunning, protocol.LeaderElected, protocol.CheckpointTriggered,
		protocol.CheckpointCompleted, protocol.CheckpointAborted, protocol.MetadataStored,
	}
}

func (h *History) observe(e *sim.Event) {
	switch protocol.EventKind(e.Kind) {
	case protocol.JobStatusChanged:
		h.status = protocol.JobStatus(e.Args[0])
		h.leads = h.leads || !h.FormerLeader(e)
	case protocol.JobRestored:
		h.restored(e)
		h.leads = h.leads || !h.FormerLeader(e)
	case protocol.TaskDeployed:
		h.enter(protocol.Attempt(e.Args[1]), e)
	case protocol.TaskInitializing, protocol.TaskRunning:
		h.enter(protocol.Attempt(e.Args[1]), e)
		h.assign(e)
	case protocol.LeaderElected:
		h.leader, h.leads = *e, false
	default:
		h.observeCheckpoint(e)
	}
}

func (h *History) observeCheckpoint(e *sim.Event) {
	id := protocol.CheckpointID(e.Args[0])
	if protocol.EventKind(e.Kind) == protocol.CheckpointTriggered {
		h.triggered(id, e)
		return
	}
	c := h.Checkpoint(id)
	if c == nil {
		return
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.MetadataStored:
		c.hadMetadata = true
	case protocol.CheckpointCompleted:
		c.hadMetadata = true
		h.completed(c, e)
	case protocol.CheckpointAborted:
		if c.Status == protocol.CheckpointInProgress {
			c.Status, c.Ended = protocol.CheckpointFailed, *e
		}
	}
}

// restored notes that attempt began from a checkpoint. That it can be restored proves
// that it is complete: the leader that completed it may have died before it said so.
func (h *History) restored(e *sim.Event) {
	attempt, id := protocol.Attempt(e.Args[0]), protocol.CheckpointID(e.Args[1])
	h.enter(attempt, e)
	if x := h.execution(attempt); x != nil {
		x.restored, x.restoredEvent = id, *e
	}
	if c := h.Checkpoint(id); c != nil && c.Status != protocol.CheckpointSucceeded {
		h.completed(c, e)
	}
}

func (h *History) completed(c *Checkpoint, e *sim.Event) {
	if c.Status == protocol.CheckpointSucceeded {
		return
	}
	c.Status, c.Ended = protocol.CheckpointSucceeded, *e
	if x := h.execution(c.Attempt); x != nil {
		x.newestCompleted = max(x.newestCompleted, c.ID)
	}
}

func (h *History) triggered(id protocol.CheckpointID, e *sim.Event) {
	if len(h.checkpoints) == rememberedCheckpoints {
		copy(h.checkpoints, h.checkpoints[rememberedCheckpoints/2:])
		h.checkpoints = h.checkpoints[:rememberedCheckpoints/2]
	}
	h.checkpoints = append(h.checkpoints, Checkpoint{
		ID: id, Attempt: protocol.Attempt(e.Args[1]), Savepoint: e.Args[2] != 0, Triggered: *e,
	})
}

// enter notes that attempt exists. Attempts of one kernel are few: a run gives up long
// before 2^16 of them.
func (h *History) enter(attempt protocol.Attempt, e *sim.Event) {
	for int(attempt) >= len(h.executions) && attempt < 1<<16 {
		h.executions = append(h.executions, execution{})
	}
	if attempt > h.attempt {
		h.attempt, h.attemptOpen = attempt, *e
	}
}

func (h *History) assign(e *sim.Event) {
	if e.Actor < 0 {
		return
	}
	for int(e.Actor) >= len(h.actors) {
		h.actors = append(h.actors, actorRole{})
	}
	h.actors[e.Actor] = actorRole{true, e.Incarnation, e.Args[0], protocol.Attempt(e.Args[1])}
}

func (h *History) execution(attempt protocol.Attempt) *execution {
	if attempt < 0 || int(attempt) >= len(h.executions) {
		return nil
	}
	return &h.executions[attempt]
}

// Attempt is the newest execution of the job.
func (h *History) Attempt() protocol.Attempt { return h.attempt }

// AttemptOpened is the first event of the newest execution; its Kind is 0 in the first.
func (h *History) AttemptOpened() sim.Event { return h.attemptOpen }

// AttemptOf is the execution in which the actor of e acts for task: a zombie's events
// carry its own actor. An actor that never said which task it runs acts in the newest.
func (h *History) AttemptOf(e *sim.Event, task int64) protocol.Attempt {
	if int(e.Actor) < len(h.actors) && e.Actor >= 0 {
		a := &h.actors[e.Actor]
		if a.known && a.task == task && a.incarnation == e.Incarnation {
			return a.attempt
		}
	}
	return h.attempt
}

// RestoredFrom is the checkpoint from which attempt began, and the event that says so.
func (h *History) RestoredFrom(attempt protocol.Attempt) (protocol.CheckpointID, sim.Event) {
	x := h.execution(attempt)
	if x == nil {
		return protocol.NoCheckpoint, sim.Event{}
	}
	return x.restored, x.restoredEvent
}

// NewestCompleted is the newest completed checkpoint of those triggered in attempt.
func (h *History) NewestCompleted(attempt protocol.Attempt) protocol.CheckpointID {
	if x := h.execution(attempt); x != nil {
		return x.newestCompleted
	}
	return protocol.NoCheckpoint
}

// Checkpoint is the newest one with that id; nil when it is unknown or forgotten.
func (h *History) Checkpoint(id protocol.CheckpointID) *Checkpoint {
	for i := len(h.checkpoints) - 1; i >= 0; i-- {
		if h.checkpoints[i].ID == id {
			return &h.checkpoints[i]
		}
	}
	return nil
}

// Leader is the event in which the newest leader was elected; its Kind is 0 before that.
func (h *History) Leader() sim.Event { return h.leader }

// FormerLeader reports whether e, an event of a job manager, is of one that was replaced.
// It does not know yet: (1) it stands still; (2) a successor is elected; (3) it wakes up
// and works off what has come for it. That has no effect: it can write the record no more.
func (h *History) FormerLeader(e *sim.Event) bool {
	return h.leader.Kind != 0 && !sameLeader(&h.leader, e)
}

// TookOver reports whether the newest leader has fenced its predecessors and found what they
// left: what one of them had written by then counts, however late it says so.
func (h *History) TookOver() bool { return h.leads }

// Status is the job's newest status.
func (h *History) Status() protocol.JobStatus { return h.status }
