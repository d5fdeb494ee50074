package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

func (c *CoordinatorRules) acknowledged(e *sim.Event, r *Report) {
	if e.Args[3] != 0 {
		return
	}
	p := c.find(e.Args[0])
	if p == nil {
		c.violate(r, "ack-of-pending-only", fmt.Sprintf(
			"an acknowledgement of %s was accepted for checkpoint %d, which is not pending",
			r.History().name(e.Args[1]), e.Args[0]), *e)
		return
	}
	if age := e.TimeNanos - p.triggered.TimeNanos; c.limits.TimeoutNanos > 0 &&
		age > c.limits.TimeoutNanos+c.limits.ClockSlackNanos+c.pausedNanos(&p.triggered, e) {
		c.violate(r, "timeout", fmt.Sprintf(
			"checkpoint %d accepted an acknowledgement %d ns after its trigger; its timeout is %d",
			p.id(), age, c.limits.TimeoutNanos), p.triggered, *e)
	}
	if e.Args[1] < 0 || e.Args[1] >= int64(len(p.acked)) {
		return
	}
	if p.acked[e.Args[1]] {
		c.violate(r, "ack-once", fmt.Sprintf("checkpoint %d counted the acknowledgement of %s twice",
			p.id(), r.History().name(e.Args[1])), p.triggered, *e)
	}
	p.acked[e.Args[1]] = true
}

func (c *CoordinatorRules) complete(e *sim.Event, r *Report) {
	p := c.find(e.Args[0])
	if p == nil {
		c.notPending(e, r)
		return
	}
	c.checkAcks(p, e, r)
	if c.completed.Kind != 0 && c.completed.Args[0] > e.Args[0] && !p.savepoint() {
		c.violate(r, "subsumption", fmt.Sprintf(
			"checkpoint %d was completed after %d", e.Args[0], c.completed.Args[0]),
			c.completed, *e)
	}
	c.checkSubsumed(e, r)
	if c.completed.Kind == 0 || c.completed.Args[0] < e.Args[0] {
		c.completed = *e
	}
	c.end(e.Args[0])
}

// notPending judges the completion of a checkpoint that is not pending: (1) a leader writes
// its pointer and dies before it can tell; (2) its successor finds the pointer, and tells.
func (c *CoordinatorRules) notPending(e *sim.Event, r *Report) {
	ended, known := c.endOf(e, r), r.History().Checkpoint(protocol.CheckpointID(e.Args[0]))
	if elected := r.History().Leader(); ended.Kind == 0 && known != nil &&
		(!sameLeader(&known.Triggered, e) || precedes(&known.Triggered, &elected)) {
		return
	}
	c.violate(r, "ends-once", fmt.Sprintf("checkpoint %d was completed and is not pending", e.Args[0]),
		ended, *e)
}

// precedes reports whether an event of a job manager was before its newest election: a
// process that was paused for longer than its lease leads anew in the same incarnation.
func precedes(e, elected *sim.Event) bool {
	return sameLeader(e, elected) && e.Ordinal < elected.Ordinal
}

// sameLeader reports whether both events are of one incarnation of one job manager.
func sameLeader(a, b *sim.Event) bool { return a.Actor == b.Actor && a.Incarnation == b.Incarnation }

// checkAcks holds that every task that ran when the checkpoint was triggered, and has not
// finished since, has acknowledged it.
func (c *CoordinatorRules) checkAcks(p *pendingCheckpoint, e *sim.Event, r *Report) {
	for task := range c.running {
		t := &c.running[task]
		ran := t.since.Kind != 0 && t.attempt == p.triggered.Args[1] && !t.finished &&
			t.since.TimeNanos < p.triggered.TimeNanos
		if ran && !p.acked[task] {
			c.violate(r, "all-acknowledged", fmt.Sprintf(
				"checkpoint %d was completed without the acknowledgement of %s",
				p.id(), r.History().name(int64(task))), p.triggered, t.since, *e)
			return
		}
	}
}

func (c *CoordinatorRules) aborted(e *sim.Event, r *Report) {
	p := c.find(e.Args[0])
	if p == nil {
		if ended := c.endOf(e, r); ended.Kind != 0 {
			c.violate(r, "ends-once", fmt.Sprintf(
				"checkpoint %d was aborted after its end", e.Args[0]), ended, *e)
		}
		return
	}
	age := e.TimeNanos - p.triggered.TimeNanos
	if protocol.FailureReason(e.Args[1]) == protocol.CheckpointExpired &&
		age < c.limits.TimeoutNanos-c.limits.ClockSlackNanos {
		c.violate(r, "timeout", fmt.Sprintf(
			"checkpoint %d expired %d ns after its trigger; its timeout is %d",
			p.id(), age, c.limits.TimeoutNanos), p.triggered, *e)
	}
	c.end(e.Args[0])
}

// endOf is the event that ended the checkpoint of e before e; its Kind is 0 when there
// was none.
func (c *CoordinatorRules) endOf(e *sim.Event, r *Report) sim.Event {
	known := r.History().Checkpoint(protocol.CheckpointID(e.Args[0]))
	if known == nil || known.Ended == *e {
		return sim.Event{}
	}
	return known.Ended
}

// stored holds that the metadata of a checkpoint is not written after its completion.
func (c *CoordinatorRules) stored(e *sim.Event, r *Report) {
	known := r.History().Checkpoint(protocol.CheckpointID(e.Args[0]))
	if known != nil && known.Status == protocol.CheckpointSucceeded &&
		protocol.EventKind(known.Ended.Kind) == protocol.CheckpointCompleted {
		c.violate(r, "stored-before-completed", fmt.Sprintf(
			"the metadata of checkpoint %d was stored after its completion",
			e.Args[0]), known.Ended, *e)
	}
}

func (c *CoordinatorRules) notified(e *sim.Event, r *Report) {
	known := r.History().Checkpoint(protocol.CheckpointID(e.Args[0]))
	if known == nil {
		return
	}
	switch {
	case e.Args[2] == 0 && known.Status != protocol.CheckpointSucceeded:
		c.violate(r, "notify-after-completion", fmt.Sprintf(
			"%s was told that checkpoint %d is complete, which it is not",
			r.History().name(e.Args[1]), e.Args[0]), known.Triggered, known.Ended, *e)
	case e.Args[2] == 1 && known.Status == protocol.CheckpointSucceeded:
		c.violate(r, "notify-after-abort", fmt.Sprintf(
			"%s was told that checkpoint %d is aborted, which was completed",
			r.History().name(e.Args[1]), e.Args[0]), known.Ended, *e)
	}
}

// restored holds that a failover has ended every pending checkpoint, unless the leader
// that had them pending is gone.
func (c *CoordinatorRules) restored(e *sim.Event, r *Report) {
	for i := range c.pending {
		p := &c.pending[i]
		if sameLeader(&p.triggered, e) && p.triggered.Args[1] < e.Args[0] {
			c.violate(r, "failover-aborts", fmt.Sprintf(
				"checkpoint %d is still pending when attempt %d begins",
				p.id(), e.Args[0]), p.triggered, *e)
		}
	}
	c.drop()
}
