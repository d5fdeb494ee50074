package checkers

import (
	"slices"

	"simrun/protocol"
	"simrun/sim"
)

// pauseSpan is when a process or a node stood still. The interleaving that it is for:
//
//  1. the job manager is paused, as by its garbage collector;
//  2. an acknowledgement comes in, and waits;
//  3. the checkpoint's timeout passes: its timer waits as well;
//  4. the pause ends: what came first is done first, and the acknowledgement counts.
//
// A clock that goes on while nobody can look at it makes no rule.
type pauseSpan struct {
	fault, fromNanos int64
	toNanos          int64 // 0: it goes on
}

// fault notes where pauses begin and end.
func (c *CoordinatorRules) fault(e *sim.Event) {
	if protocol.FaultKind(e.Args[1]) != protocol.FaultPause {
		return
	}
	if protocol.EventKind(e.Kind) == protocol.FaultInjected {
		c.pauses = append(c.pauses, pauseSpan{fault: e.Args[0], fromNanos: e.TimeNanos})
		return
	}
	goesOn := func(p pauseSpan) bool { return p.fault == e.Args[0] && p.toNanos == 0 }
	if at := slices.IndexFunc(c.pauses, goesOn); at >= 0 {
		c.pauses[at].toNanos = e.TimeNanos
	}
}

// pausedNanos is how long pauses were in the time between an event and another. Whose they
// were is not asked: a checkpoint that any of them held up is given that much more time.
func (c *CoordinatorRules) pausedNanos(from, to *sim.Event) int64 {
	paused := int64(0)
	for _, p := range c.pauses {
		end := to.TimeNanos
		if p.toNanos > 0 {
			end = min(end, p.toNanos)
		}
		paused += max(0, end-max(from.TimeNanos, p.fromNanos))
	}
	return paused
}
