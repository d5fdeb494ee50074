package checkers

import (
	"fmt"
	"slices"

	"simrun/protocol"
	"simrun/sim"
)

// CoordinatorRules holds the rules that the checkpoint coordinator sets itself (Flink:
// CheckpointCoordinator, reference 1.1 and 2.11): ids increase and are never used again,
// at most so many checkpoints are pending, a pause lies between a completion and the next
// trigger, nothing is accepted after the timeout, a checkpoint completes only when every
// task that ran has acknowledged, a newer completion ends the older pending ones, each
// pending ends exactly once, and tasks are told only what is so. The interleaving that it
// is for (FLINK-31077):
//
//  1. all tasks acknowledge checkpoint 5;
//  2. the coordinator completes it before its metadata is in the store;
//  3. the job manager dies; its successor restores from 4;
//  4. whoever was told of 5 has acted on a checkpoint that does not exist.
type CoordinatorRules struct {
	limits    Limits
	pending   []pendingCheckpoint
	spare     [][]bool // acknowledgement sets for reuse
	running   []runningTask
	newest    sim.Event // the trigger with the largest id
	newestID  int64
	completed sim.Event // the newest completion
	idle      idleSince
	ended     []bool // tasks whose operators have finished, in any attempt
	pauses    []pauseSpan
}

// pendingCheckpoint is one that was triggered and has not ended.
type pendingCheckpoint struct {
	triggered sim.Event
	acked     []bool // by task
}

func (p *pendingCheckpoint) id() int64       { return p.triggered.Args[0] }
func (p *pendingCheckpoint) savepoint() bool { return p.triggered.Args[2] != 0 }

// runningTask is since when a task runs in an attempt.
type runningTask struct {
	attempt  int64
	since    sim.Event
	finished bool
}

// NewCoordinatorRules makes the checker.
func NewCoordinatorRules() *CoordinatorRules { return &CoordinatorRules{} }

// Name is "coordinator".
func (c *CoordinatorRules) Name() string { return "coordinator" }

// Kinds are the coordinator's events and which tasks run.
func (c *CoordinatorRules) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.CheckpointTriggered, protocol.CheckpointAcknowledged, protocol.CheckpointCompleted,
		protocol.CheckpointAborted, protocol.CheckpointNotified, protocol.MetadataStored,
		protocol.LeaderElected, protocol.JobRestored, protocol.TaskRunning, protocol.TaskFinished,
		protocol.OperatorsFinished, protocol.JobStatusChanged, protocol.CheckpointSkipped,
		protocol.FaultInjected, protocol.FaultHealed,
	}
}

// Reset takes over the limits.
func (c *CoordinatorRules) Reset(s *Setup) {
	tasks := 0
	for _, v := range s.Vertices {
		tasks += v.Parallelism
	}
	c.limits = s.Limits
	c.drop()
	c.running, c.ended = resized(c.running, tasks), resized(c.ended, tasks)
	c.newest, c.completed, c.newestID = sim.Event{}, sim.Event{}, int64(s.RestoredFrom)
	c.idle = idleSince{}
	c.pauses = c.pauses[:0]
}

// Observe applies the rules to one event.
func (c *CoordinatorRules) Observe(e *sim.Event, r *Report) {
	c.checkIdle(e, r)
	if byMaster(protocol.EventKind(e.Kind)) && r.History().FormerLeader(e) {
		return // only a completion would have an effect: it is for Fencing to judge
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.CheckpointTriggered:
		c.triggered(e, r)
	case protocol.CheckpointAcknowledged:
		c.acknowledged(e, r)
	case protocol.CheckpointCompleted:
		c.complete(e, r)
	case protocol.CheckpointAborted:
		c.aborted(e, r)
	case protocol.CheckpointNotified:
		c.notified(e, r)
	case protocol.MetadataStored:
		c.stored(e, r)
	case protocol.LeaderElected:
		c.drop()
	case protocol.JobRestored:
		c.restored(e, r)
	case protocol.TaskRunning, protocol.TaskFinished:
		c.task(e)
	case protocol.FaultInjected, protocol.FaultHealed:
		c.fault(e)
	case protocol.OperatorsFinished:
		if e.Args[0] >= 0 && e.Args[0] < int64(len(c.ended)) {
			c.ended[e.Args[0]] = true
		}
	}
}

// byMaster reports whether only job managers make such events.
func byMaster(k protocol.EventKind) bool {
	switch k {
	case protocol.CheckpointTriggered, protocol.CheckpointAcknowledged, protocol.CheckpointCompleted,
		protocol.CheckpointAborted, protocol.MetadataStored, protocol.JobRestored:
		return true
	}
	return false
}

func (c *CoordinatorRules) task(e *sim.Event) {
	if e.Args[0] < 0 || e.Args[0] >= int64(len(c.running)) {
		return
	}
	t := &c.running[e.Args[0]]
	if protocol.EventKind(e.Kind) == protocol.TaskRunning {
		*t = runningTask{attempt: e.Args[1], since: *e}
		return
	}
	t.finished = t.finished || t.attempt == e.Args[1]
}

func (c *CoordinatorRules) triggered(e *sim.Event, r *Report) {
	if e.Args[0] <= c.newestID {
		c.violate(r, "ids-increase", fmt.Sprintf(
			"checkpoint %d was triggered after %d", e.Args[0], c.newestID),
			c.newest, *e)
	} else {
		c.newest, c.newestID = *e, e.Args[0]
	}
	c.checkSubsumed(e, r)
	c.pending = append(c.pending, pendingCheckpoint{*e, c.ackSet()})
	if e.Args[2] != 0 {
		return
	}
	c.checkConcurrent(e, r)
	c.checkPause(e, r)
}

func (c *CoordinatorRules) checkConcurrent(e *sim.Event, r *Report) {
	periodic, oldest := 0, sim.Event{}
	for i := range c.pending {
		if p := &c.pending[i]; !p.savepoint() {
			periodic++
			if oldest.Kind == 0 {
				oldest = p.triggered
			}
		}
	}
	if limit := c.limits.MaxConcurrent; limit > 0 && periodic > limit {
		c.violate(r, "max-concurrent", fmt.Sprintf(
			"%d checkpoints are pending of %d", periodic, limit), oldest, *e)
	}
}

// checkPause holds the pause before a periodic checkpoint. The one that is triggered when
// all tasks have used up their input does not wait (FLINK-28386).
func (c *CoordinatorRules) checkPause(e *sim.Event, r *Report) {
	if !slices.Contains(c.ended, false) || r.History().setup.RestoredFrom > 0 {
		return
	}
	if c.completed.Kind == 0 || c.completed.Actor != e.Actor || c.completed.Incarnation != e.Incarnation {
		return
	}
	pause := e.TimeNanos - c.completed.TimeNanos
	if pause < c.limits.MinPauseNanos-c.limits.ClockSlackNanos {
		c.violate(r, "min-pause", fmt.Sprintf(
			"checkpoint %d was triggered %d ns after the completion of %d; at least %d are due",
			e.Args[0], pause, c.completed.Args[0], c.limits.MinPauseNanos), c.completed, *e)
	}
}

// checkSubsumed holds that a completion has ended every older pending checkpoint by the
// time that anything else is triggered or completed.
func (c *CoordinatorRules) checkSubsumed(e *sim.Event, r *Report) {
	if c.completed.Kind == 0 {
		return
	}
	for i := range c.pending {
		if p := &c.pending[i]; !p.savepoint() && p.id() < c.completed.Args[0] {
			c.violate(r, "subsumption", fmt.Sprintf(
				"checkpoint %d is still pending after the completion of %d",
				p.id(), c.completed.Args[0]), p.triggered, c.completed, *e)
		}
	}
}

// Finish holds that nothing is pending when a job has ended. What a former leader had pending died
// with it: (1) it writes down that the job has ended, and crashes; (2) its successor finds an
// ended job, and no checkpoint of it.
func (c *CoordinatorRules) Finish(end *End, r *Report) {
	for i := range c.pending {
		if p := &c.pending[i]; terminal(end.Status) && !r.History().FormerLeader(&p.triggered) {
			c.violate(r, "ends-once", fmt.Sprintf(
				"checkpoint %d is still pending at the end of the job", p.id()),
				p.triggered)
		}
	}
}

func (c *CoordinatorRules) violate(r *Report, rule, detail string, witness ...sim.Event) {
	r.Violate(CoordinatorRule, rule, detail, witness...)
}

func (c *CoordinatorRules) find(id int64) *pendingCheckpoint {
	for i := range c.pending {
		if c.pending[i].id() == id {
			return &c.pending[i]
		}
	}
	return nil
}

// end takes a checkpoint out of those pending; their order stays.
func (c *CoordinatorRules) end(id int64) {
	for i := range c.pending {
		if c.pending[i].id() == id {
			c.spare = append(c.spare, c.pending[i].acked)
			c.pending = append(c.pending[:i], c.pending[i+1:]...)
			return
		}
	}
}

func (c *CoordinatorRules) drop() {
	for i := range c.pending {
		c.spare = append(c.spare, c.pending[i].acked)
	}
	c.pending = c.pending[:0]
}

func (c *CoordinatorRules) ackSet() []bool {
	n := len(c.spare)
	if n == 0 {
		return make([]bool, len(c.running))
	}
	set := c.spare[n-1]
	c.spare = c.spare[:n-1]
	return resized(set, len(c.running))
}
