package theory

import "simrun/scenarios/result"

// BarrierBound is the longest that an overtaking barrier travels (5.3): at each hop one
// latency and the record that its receiver is in the middle of.
func BarrierBound(p *result.Pipeline) (nanos int64) {
	for _, e := range p.Exchanges {
		nanos += e.LatencyNanos + e.ResidualNanos
	}
	return nanos
}

// UnalignedDuration is the whole of an unaligned checkpoint (5.3): trigger, travel, store
// of state and of all that was in flight, acknowledgement.
func UnalignedDuration(p *result.Pipeline, state, inFlight Upload) int64 {
	return p.TriggerNanos + BarrierBound(p) + p.SyncNanos + WriteNanos(p, state, inFlight) + p.AckNanos
}

// LeftAt is how much of volume is still in flight after waitedNanos of a drain that takes
// drainNanos in all (5.4): V(τ) = V (1 - τ/T), linear because the sink is always busy.
func LeftAt(volume, waitedNanos, drainNanos int64) int64 {
	if drainNanos <= 0 || waitedNanos >= drainNanos {
		return 0
	}
	return volume - toNanos(float64(volume)*float64(waitedNanos)/float64(drainNanos))
}

// FirstOutputShare is the part of the buffers on the way that the sources have on their side:
// what a barrier must wait for under hybrid-in. There a task can switch only once the
// barrier is in its input buffers, so the barriers of the sources must get that far in line;
// but a task that has switched sends on a barrier that overtakes (reference flink.md 2.4), so
// the exchanges behind the first one do not wait.
func FirstOutputShare(p *result.Pipeline) float64 {
	var first, all float64
	for i, e := range p.Exchanges {
		sent := float64(e.Senders * min(e.OutputBuffers, e.Receivers*e.SubpartitionBuffers))
		if i == 0 {
			first = sent
		}
		all += sent + float64(e.Receivers*e.InputBuffers)
	}
	if all == 0 {
		return 0
	}
	return first / all
}

// HybridInWait is how long the barrier of hybrid-in stays aligned (5.4, but for one exchange):
// its timeout, or until the sources' output buffers ahead of it have drained, whichever is
// later, and never longer than the drain.
func HybridInWait(p *result.Pipeline, drainNanos int64) int64 {
	outputs := toNanos(FirstOutputShare(p) * float64(drainNanos))
	return min(drainNanos, max(p.AlignedTimeoutNanos, outputs))
}
