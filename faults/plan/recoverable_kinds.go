package plan

import (
	"strings"

	"simrun/protocol"
)

// lasting refuses what never ends and must. What only makes things slower, later, doubled or
// out of order may go on for ever.
func (r *recovery) lasting(i int) {
	f := &r.plan[i]
	if !f.Permanent() {
		return
	}
	role := f.Targets[0]
	isManager := strings.HasPrefix(role, "task-manager-") || isJobManager(role)
	switch f.Kind {
	case protocol.FaultCrash:
		if !isManager {
			r.refuse(i, role+" does not come back")
		}
		r.dead = append(r.dead, role)
	case protocol.FaultStall, protocol.FaultPause, protocol.FaultHold:
		r.refuse(i, role+" stands still for ever")
	case protocol.FaultPartition, protocol.FaultIsolate:
		r.refuse(i, "the way is never back")
	case protocol.FaultSlow:
		if f.FactorNumerator > slowestForEver*f.FactorDenominator {
			r.refuse(i, role+" is so slow for ever that it may as well stand still")
		}
	case protocol.FaultThrottle:
		if f.BytesPerSecond < narrowestForEver {
			r.refuse(i, "the link is so narrow for ever that it may as well be cut")
		}
	case protocol.FaultFail, protocol.FaultCorrupt, protocol.FaultLose:
		if f.Count == 0 && f.Every <= 1 {
			r.refuse(i, "all of it fails for ever")
		}
	}
}

// What may go on for ever: a slowdown by this factor, a link of this many bytes a second.
const (
	slowestForEver   = 10
	narrowestForEver = 1 << 20
)

// attemptsEnded counts the attempts that a fault may end, and refuses what ends all of them.
func (r *recovery) attemptsEnded(i int) {
	f := &r.plan[i]
	lasts := max(f.LastsNanos, 0)
	switch effect := effects[f.Kind]; {
	case f.Kind == protocol.FaultPoison, f.Kind == protocol.FaultThrow && f.Always:
		r.refuse(i, "user code throws in every attempt")
	case effect == ends && f.Count > 0:
		r.attempts += f.Count
	case effect == ends:
		// An attempt that fails while it lasts is followed by another, at most once a second.
		r.attempts += 1 + lasts/restartNanos
		r.outageNanos += lasts
	case effect == hampers:
		r.attempts++
		r.outageNanos += lasts
		if f.Kind == protocol.FaultClock {
			r.outageNanos += max(f.ByNanos, 0)
		}
	}
}

// restartNanos is the least that passes between two attempts.
const restartNanos = 1e9

// effect is what a kind of fault does to attempts of a job.
type effect uint8

const (
	harmless effect = iota
	hampers         // may be the last straw, once
	ends            // may end attempts for as long as it lasts
)

var effects = [protocol.FaultKinds]effect{
	protocol.FaultCrash:     ends,
	protocol.FaultThrow:     ends,
	protocol.FaultStall:     ends,
	protocol.FaultPartition: ends,
	protocol.FaultFail:      ends,
	protocol.FaultPause:     ends,
	protocol.FaultIsolate:   ends,
	protocol.FaultHold:      ends,
	protocol.FaultReset:     ends,
	protocol.FaultLose:      ends,
	protocol.FaultCorrupt:   ends,
	protocol.FaultExpire:    ends,
	protocol.FaultFence:     ends,
	protocol.FaultSlow:      hampers,
	protocol.FaultDelay:     hampers,
	protocol.FaultJitter:    hampers,
	protocol.FaultThrottle:  hampers,
	protocol.FaultReorder:   hampers,
	protocol.FaultTear:      hampers,
	protocol.FaultBurst:     hampers,
	protocol.FaultClock:     hampers,
}
