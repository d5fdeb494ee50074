package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/rpc"
	"simrun/runtime/task"
	"simrun/sim"
)

// TaskName is a subtask as people write it: "delays[1]".
func (c *System) TaskName(id protocol.TaskID) string {
	return fmt.Sprintf("%s[%d]", c.Plan.VertexOf(id).Name, c.Plan.Tasks[id].Subtask)
}

// ExternalOf is the external system of that name; nil if there is none.
func (c *System) ExternalOf(name string) *External {
	for _, e := range c.Externals {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// OpenTransactions are the system's transactions that are neither committed nor aborted.
func (e *External) OpenTransactions() []protocol.TransactionID {
	return e.Ledger.Transactions().Unresolved(nil)
}

// PoolSegments are the sizes of a task's output pools, overdraft included.
func (c *System) PoolSegments(id protocol.TaskID) []int64 {
	n := &c.options.Config.Network
	var segments []int64
	v := c.Plan.VertexOf(id)
	for p := range v.Outputs {
		count := int32(0)
		for i := range c.Plan.Tasks[id].Outputs {
			if c.Plan.Tasks[id].Outputs[i].Port == p {
				count++
			}
		}
		target := max(count*n.ExclusiveBuffers+n.OutputFloatingBuffers, count+1)
		segments = append(segments, int64(target+n.MaxOverdraftBuffers))
	}
	return segments
}

// SourceBackpressuredPermille is the share of the measured time in which the source
// subtasks were backpressured, on average.
func (c *System) SourceBackpressuredPermille() int64 {
	sum, n := int64(0), int64(0)
	for i := range c.Plan.Tasks {
		if c.Plan.IsSource(c.Plan.VertexOf(protocol.TaskID(i))) {
			sum += c.Metrics.BackpressuredPermille(protocol.TaskID(i))
			n++
		}
	}
	return sum / max(n, 1)
}

// SourceEnded reports whether some source subtask has used its input up.
func (c *System) SourceEnded() bool {
	for _, t := range c.live {
		if t != nil && t.SourceEnded() {
			return true
		}
	}
	return false
}

// CancelJob asks the leading job manager to cancel the job, as a user would.
func (c *System) CancelJob() {
	for _, jm := range c.directory.JobManagers {
		if jm != sim.NoActor && c.Kernel.Alive(jm) {
			c.Kernel.Inject(jm, 1, sim.Message{Kind: rpc.CancelJob})
		}
	}
}

// stall holds the records of a node's subtask, or of all of them (-1), back, or lets them
// go on.
func (c *System) stall(node, subtask int, stalled bool) {
	if stalled == c.env.Faults.Stalled(node, subtask) {
		return
	}
	kind, until := rpc.StallOver, int64(0)
	if stalled {
		kind, until = rpc.Wake, forever // a run of records ends with the one in service
	}
	c.env.Faults.Stall(node, subtask, until)
	for _, t := range c.live {
		if t != nil && t.Alive() {
			c.Kernel.Inject(t.Actor(), 1, sim.Message{Kind: kind})
		}
	}
}

// Replay follows the sources back to where they were when it was made.
type Replay = task.Replay

// WatchReplay begins to follow the sources from their present positions.
func (c *System) WatchReplay() *Replay {
	r := task.NewReplay(c.Kernel.NowNanos())
	for _, t := range c.live {
		if t != nil {
			t.NotePositions(r)
		}
	}
	c.Metrics.Replay = r
	return r
}

// KeyedEntries is a task's keyed state of an operator in a checkpoint, as text, if it has
// at most limit entries; else it is empty.
func (c *System) KeyedEntries(
	id protocol.CheckpointID, t protocol.TaskID, operator uint64, limit int,
) string {
	metadata := c.History.Find(id)
	if metadata == nil {
		return ""
	}
	snapshot, err := coordinator.ReadSnapshot(c.Kernel.StoreAt(c.store), &metadata.Tasks[t].Handle)
	if err != nil || snapshot == nil || snapshot.Operators == nil {
		return ""
	}
	image := snapshot.Operators.Of(operator)
	if image == nil {
		return ""
	}
	return image.Text(limit)
}
