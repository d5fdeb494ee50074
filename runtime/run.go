package runtime

import (
	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/sim"
)

// Ending is how a run came to an end.
type Ending uint8

const (
	// EndedByJob: the job reached a terminal state, and what it had under way is done.
	EndedByJob Ending = iota
	// EndedByTime: the limit of virtual time was reached.
	EndedByTime
	// EndedByCaller: RunOptions.Until said so.
	EndedByCaller
	// EndedStuck: nothing but housekeeping was left, or nothing has moved for too long.
	EndedStuck
)

// RunOptions bound a run.
type RunOptions struct {
	// LimitNanos is the virtual time at which the run ends in any case.
	LimitNanos int64
	// ProgressNanos is how long a job may go without taking a record or completing a
	// checkpoint before it counts as stuck; 0: for ever.
	ProgressNanos int64
	// Until, if not nil, ends the run when it says so; it is asked every 50 ms of virtual
	// time.
	Until func() bool
	// SettleNanos is what a finished job gets to commit and clean up; 0: nothing.
	SettleNanos int64
	// Disturbed, if not nil, reports whether something has kept the job from that since a time.
	Disturbed func(sinceNanos int64) bool
}

// Run drives the cluster to its end.
func (c *System) Run(o RunOptions) Ending {
	last := progress{}
	for {
		next := min(c.Kernel.NowNanos()+sliceNanos, o.LimitNanos)
		c.Kernel.RunUntil(next)
		switch {
		case c.Terminal():
			c.settle(&o)
			return EndedByJob
		case c.Kernel.NowNanos() >= o.LimitNanos:
			return EndedByTime
		case o.Until != nil && o.Until():
			return EndedByCaller
		case c.Kernel.Pending().OnlyHousekeeping() && c.Kernel.NowNanos()-c.Kernel.ActiveNanos() > quietNanos:
			return EndedStuck
		case o.ProgressNanos > 0 && last.stalled(c, o.ProgressNanos):
			return EndedStuck
		}
	}
}

// settle lets a job that has ended clean up. That takes longer when it is disturbed: (1) the
// job ends, and asks the storage to delete its last checkpoint; (2) the storage crashes;
// (3) the requests time out, and are made again. Or: (1) the job manager dies with the job's
// last checkpoint undeleted; (2) it is back; (3) its lease runs out, and it leads again. What
// disturbs may strike in the middle of the clean-up.
func (c *System) settle(o *RunOptions) {
	store := c.Kernel.StoreAt(c.store)
	latest := c.Kernel.NowNanos() + longestSettleNanos
	disturbed := o.disturbed(c.Kernel.NowNanos() - sliceNanos)
	for settled := o.SettleNanos == 0; !settled && c.Kernel.NowNanos() < latest; {
		before, sinceNanos, wait := store.Stats(), c.Kernel.NowNanos(), o.SettleNanos
		if disturbed {
			wait += c.electionNanos()
		}
		c.Kernel.RunUntil(sinceNanos + wait)
		after := store.Stats()
		disturbed = o.disturbed(sinceNanos)
		settled = !disturbed && after.InFlight == 0 &&
			after.Failed == before.Failed && after.TimedOut == before.TimedOut
	}
}

func (o *RunOptions) disturbed(sinceNanos int64) bool {
	return o.Disturbed != nil && o.Disturbed(sinceNanos)
}

// electionNanos is the most that it takes until somebody leads again.
func (c *System) electionNanos() int64 {
	if f := &c.options.Config.Failure; f.LeaseDurationNanos > 0 {
		return f.LeaseDurationNanos + 2*f.LeaseRetryNanos
	}
	lease := coordinator.DefaultLeaseOptions()
	return lease.DurationNanos + 2*lease.RetryNanos
}

// sliceNanos is how often Run looks at the job; quietNanos is longer than any timer that
// housekeeping sets before it makes something happen (heartbeat timeouts); and
// longestSettleNanos than any that a cleaning up may wait for.
const (
	sliceNanos         = 50e6
	quietNanos         = 120e9
	longestSettleNanos = 300e9
)

// Terminal reports whether the job is in a state that it will not leave.
func (c *System) Terminal() bool { return c.History.Status.Terminal() }

// progress is what counts as movement: a completed checkpoint, or more records read and
// written in one attempt than in any since then. What an attempt does over again is none:
// (1) a checkpoint fails too often, and the job restarts from the one before; (2) it reads
// the same records up to the same point; (3) there the next checkpoint fails in the same
// way. Such a job is busy for ever and gets nowhere. But an attempt gets the time to come as far
// as the longest one before it: the first may have read for a minute before it failed.
type progress struct {
	completed, starts int64
	// before is what had been moved when the attempt began, most the most of an attempt.
	before, most int64
	sinceNanos   int64
	// beganNanos is when the attempt began, longestNanos how long any took.
	beganNanos, longestNanos int64
}

func (p *progress) stalled(c *System, limit int64) bool {
	completed, starts := c.History.Completed, int64(len(c.History.Starts))
	moved, now := c.Metrics.Taken+c.Metrics.Emitted, c.Kernel.NowNanos()
	if starts != p.starts {
		p.longestNanos = max(p.longestNanos, now-p.beganNanos)
		p.starts, p.before, p.beganNanos = starts, moved, now
	}
	if completed != p.completed {
		p.completed, p.before, p.most, p.longestNanos = completed, moved, 0, 0
		p.sinceNanos, p.beganNanos = now, now
	}
	if moved-p.before > p.most {
		p.most, p.sinceNanos = moved-p.before, now
	}
	return now-p.sinceNanos > limit+p.longestNanos
}

// Waits says what each task does that lives, one line a task, for reports of stuck runs, and
// whom it waits for: the edges of the wait-for graph.
func (c *System) Waits() (lines []string, edges [][2]protocol.TaskID) {
	for _, t := range c.live {
		if t == nil || t.Actor() != sim.NoActor && !c.Kernel.Alive(t.Actor()) {
			continue
		}
		line, tasks := t.Waits()
		lines = append(lines, line)
		for _, on := range tasks {
			edges = append(edges, [2]protocol.TaskID{t.ID(), on})
		}
	}
	return lines, edges
}

// Digest names the run to the last bit.
func (c *System) Digest() uint64 { return c.Kernel.Digest() }

// EventKindOf reads the kind of an event in the project's vocabulary.
func EventKindOf(e *sim.Event) protocol.EventKind { return protocol.EventKind(e.Kind) }
