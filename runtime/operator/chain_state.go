package operator

import (
	"simrun/protocol"
	"simrun/runtime/state"
)

// Snapshot is the state of all operators of the chain, now. It panics if writes are
// uncommitted.
func (c *Chain) Snapshot(id protocol.CheckpointID) *state.Snapshot {
	snapshot := &state.Snapshot{Checkpoint: id}
	for i := range c.links {
		if backend := c.links[i].backend; backend != nil {
			snapshot.Operators = append(snapshot.Operators, backend.Image())
		}
	}
	return snapshot
}

// Restore makes the chain's state that of the snapshot; an operator that the snapshot
// does not know starts empty. Watermarks start anew.
func (c *Chain) Restore(snapshot *state.Snapshot) {
	for i := range c.links {
		backend := c.links[i].backend
		if backend == nil {
			continue
		}
		if image := snapshot.Of(c.links[i].ctx.OperatorHash); image != nil {
			backend.Restore(image)
		} else {
			backend.Reset()
		}
		if c.Bug == protocol.BugTimersForgotten && backend.Timers != nil {
			backend.Timers.Clear()
		}
	}
	c.resetTime()
}

// RestoreParts makes the chain's state from the snapshots of all former subtasks of its
// vertex, at any former parallelism.
func (c *Chain) RestoreParts(former []*state.Snapshot) {
	for i := range c.links {
		backend := c.links[i].backend
		if backend == nil {
			continue
		}
		var parts []*state.Image
		for _, snapshot := range former {
			if image := snapshot.Of(c.links[i].ctx.OperatorHash); image != nil {
				parts = append(parts, image)
			}
		}
		backend.RestoreParts(parts)
	}
	c.resetTime()
}

// Reset makes the chain as new, with empty state, and keeps its memory for the next run.
func (c *Chain) Reset() {
	c.Commit()
	for i := range c.links {
		c.links[i].fn = c.links[i].spec.New()
		if backend := c.links[i].backend; backend != nil {
			backend.Reset()
		}
	}
	c.resetTime()
	c.ClockNanos = 0
	c.Out.Records, c.Late = c.Out.Records[:0], c.Late[:0]
}

// Points are what the operators' states hold now, in the order of the chain.
func (c *Chain) Points() []protocol.StatePoint { return c.AppendPoints(nil) }

// AppendPoints appends Points.
func (c *Chain) AppendPoints(points []protocol.StatePoint) []protocol.StatePoint {
	for i := range c.links {
		if backend := c.links[i].backend; backend != nil {
			points = append(points, backend.Point())
		}
	}
	return points
}

// Backend is the state of an operator of the chain, nil if it keeps none.
func (c *Chain) Backend(at int) *state.Backend { return c.links[at].backend }

// SizeBytes is what a snapshot of the chain would take now.
func (c *Chain) SizeBytes() (size int64) {
	for i := range c.links {
		if backend := c.links[i].backend; backend != nil {
			size += backend.SizeBytes()
		}
	}
	return size
}
