package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// idleSince is since when a leader that runs the job has had no checkpoint in hand and
// has started none. Only the leader's own events are judged: one that is dead or stands
// still starts nothing, and a fault gives it time anew.
type idleSince struct {
	running sim.Event // the job's change to RUNNING; Kind 0 when it does not run
	event   sim.Event // the latest sign that checkpoints go on
}

// idleSlackNanos is how much later than due a periodic checkpoint may be started.
const idleSlackNanos int64 = 5e9

// checkIdle holds that periodic checkpoints go on for as long as the job runs. The
// interleaving that it is for (FLINK-13256):
//
//  1. a failover aborts what is pending and stops the timer;
//  2. the job runs again; nobody sets the timer;
//  3. all is well, until the next failure goes back to before step 1.
func (c *CoordinatorRules) checkIdle(e *sim.Event, r *Report) {
	i := &c.idle
	byLeader := i.running.Kind != 0 && e.Actor == i.running.Actor && e.Incarnation == i.running.Incarnation
	idleNanos := e.TimeNanos - i.event.TimeNanos
	bound := 2*max(c.limits.IntervalNanos, c.limits.MinPauseNanos) + idleSlackNanos
	if c.limits.IntervalNanos > 0 && byLeader && len(c.pending) == 0 && idleNanos > bound {
		c.violate(r, "triggers-go-on", fmt.Sprintf(
			"nothing was triggered in %d ns of a job that runs; the interval is %d",
			idleNanos, c.limits.IntervalNanos), i.event, *e)
	}
	switch kind := protocol.EventKind(e.Kind); kind {
	case protocol.JobStatusChanged:
		*i = idleSince{event: *e}
		if protocol.JobStatus(e.Args[0]) == protocol.JobRunning {
			i.running = *e
		}
	case protocol.CheckpointTriggered, protocol.CheckpointSkipped, protocol.CheckpointCompleted,
		protocol.CheckpointAborted, protocol.FaultInjected, protocol.FaultHealed:
		i.event = *e
	}
}
