package theory

import (
	"simrun/protocol"
	"simrun/scenarios/result"
)

// Predict is what the closed forms say of one checkpoint of p under the protocol name, from
// what was in flight at its trigger (InFlightBytes, BottleneckNanos) and the size of its
// state. A checkpoint that expired is predicted as well: the form knows no timeout.
//
// For at-least-once and chandy-lamport only the bound applies: their duration depends on
// how each task's queues are filled, which a checkpoint's figures do not say (5.5).
func Predict(name protocol.Name, p *result.Pipeline, c *protocol.CheckpointStats) result.Theory {
	if p == nil {
		return result.Theory{}
	}
	drain, state := c.BottleneckNanos, stateUpload(c)
	switch name {
	case protocol.Aligned:
		return result.Theory{
			DurationNanos: AlignedDuration(p, drain, state), BoundNanos: alignedBound(p, state),
		}
	case protocol.AtLeastOnce, protocol.ChandyLamport:
		return result.Theory{BoundNanos: alignedBound(p, state)}
	case protocol.Unaligned:
		return overtaking(p, c, 0, 0)
	case protocol.HybridOut:
		return overtaking(p, c, p.AlignedTimeoutNanos, p.AlignedTimeoutNanos)
	case protocol.HybridIn:
		return overtaking(p, c, HybridInWait(p, drain), HybridInWait(p, Bound(p)))
	}
	return result.Theory{}
}

// ForRun predicts every checkpoint of a run, in its order: what the runner stored, or what
// follows from its Pipeline.
func ForRun(run *result.CellRun) []result.Theory {
	if run.Theory != nil || run.Outcome == nil {
		return run.Theory
	}
	theory := make([]result.Theory, len(run.Outcome.Checkpoints))
	for i := range run.Outcome.Checkpoints {
		theory[i] = Predict(run.Protocol, run.Pipeline, &run.Outcome.Checkpoints[i])
	}
	return theory
}

// overtaking waits aligned, then overtakes and stores what is left; a barrier that is
// through by the end of the wait was aligned all the way. The bound waits longest, and
// then takes every buffer as full.
func overtaking(
	p *result.Pipeline, c *protocol.CheckpointStats, waitNanos, longestWaitNanos int64,
) result.Theory {
	state := stateUpload(c)
	bound := longestWaitNanos + UnalignedDuration(p, state, inFlightUpload(p, VolumeBound(p)))
	if waitNanos > 0 && c.BottleneckNanos <= waitNanos {
		return result.Theory{DurationNanos: AlignedDuration(p, c.BottleneckNanos, state), BoundNanos: bound}
	}
	left := c.InFlightBytes
	if waitNanos > 0 {
		left = LeftAt(left, waitNanos, c.BottleneckNanos)
	}
	return result.Theory{
		DurationNanos:  waitNanos + UnalignedDuration(p, state, inFlightUpload(p, left)),
		BoundNanos:     bound,
		PersistedBytes: left,
	}
}

// VolumeBound is the most that can be in flight: every buffer of every exchange full.
func VolumeBound(p *result.Pipeline) (bytes int64) {
	for _, e := range p.Exchanges {
		sent := e.Senders * min(e.OutputBuffers, e.Receivers*e.SubpartitionBuffers)
		bytes += (sent + e.Receivers*e.InputBuffers) * e.SegmentBytes
	}
	return bytes
}

func alignedBound(p *result.Pipeline, state Upload) int64 {
	bound := Bound(p)
	if bound == 0 {
		return 0
	}
	return AlignedDuration(p, bound+BarrierBound(p), state)
}

// stateUpload is what the subtasks stored beside in-flight data.
func stateUpload(c *protocol.CheckpointStats) (u Upload) {
	for i := range c.Subtasks {
		bytes := c.Subtasks[i].CheckpointedBytes - c.Subtasks[i].PersistedBytes
		u.TotalBytes += bytes
		u.LargestBytes = max(u.LargestBytes, bytes)
	}
	return u
}

// inFlightUpload is in-flight data, spread evenly over the subtasks behind each exchange; the
// exchange with the fewest has the largest parts.
func inFlightUpload(p *result.Pipeline, bytes int64) Upload {
	writers := int64(1)
	for i, e := range p.Exchanges {
		if i == 0 || e.Receivers < writers {
			writers = max(e.Receivers, 1)
		}
	}
	return Upload{TotalBytes: bytes, LargestBytes: bytes / (writers * max(int64(len(p.Exchanges)), 1))}
}
