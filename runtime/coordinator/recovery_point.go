package coordinator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// RecoveryPoint is what a completed checkpoint of the job would restore: it is built from
// what is in the store now (or in the job manager's heap, if checkpoints are there), not
// from what tasks said. It takes no virtual time. Its error says what is missing or torn.
func RecoveryPoint(
	h *History, store *sim.Store, plan *job.Plan, id protocol.CheckpointID,
) (*protocol.RecoveryPoint, error) {
	metadata := h.Find(id)
	switch {
	case metadata == nil:
		return nil, fmt.Errorf("checkpoint %d is not complete, or was discarded", id)
	case len(metadata.Tasks) != len(plan.Tasks):
		return nil, fmt.Errorf("checkpoint %d has %d tasks, the job has %d",
			id, len(metadata.Tasks), len(plan.Tasks))
	}
	if !h.inHeap {
		stored, err := ReadMetadata(store, id, metadata.Attempt)
		if err != nil {
			return nil, err
		}
		metadata = stored
	}
	return PointOf(store, metadata)
}

// PointOf is what a checkpoint with this metadata would restore.
func PointOf(store *sim.Store, metadata *Metadata) (*protocol.RecoveryPoint, error) {
	point := &protocol.RecoveryPoint{
		Checkpoint: metadata.Checkpoint, Attempt: metadata.Attempt,
		Tasks: make([]protocol.TaskPoint, len(metadata.Tasks)),
	}
	for t := range metadata.Tasks {
		part := &metadata.Tasks[t]
		snapshot, err := ReadSnapshot(store, &part.Handle)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d, task %d: %w", metadata.Checkpoint, t, err)
		}
		if snapshot == nil && part.Last != nil {
			snapshot = counters(part.Last)
		}
		point.Tasks[t] = taskPoint(protocol.TaskID(t), part.Finished, snapshot)
	}
	return point, nil
}

// counters is what is left of a task that ended before a checkpoint: what it had sent and
// received. The in-flight data of its own last checkpoint has long been consumed.
func counters(last *rpc.TaskSnapshot) *rpc.TaskSnapshot {
	ended := *last
	ended.Input, ended.Output, ended.Sink, ended.Contents = nil, nil, nil, nil
	return &ended
}

// ReadSnapshot reads one task's snapshot: each of its parts from its own object, or inline.
// It is nil for an empty handle, which a task has that ended before the checkpoint.
func ReadSnapshot(store *sim.Store, h *rpc.Handle) (*rpc.TaskSnapshot, error) {
	state, channels := h.Inline, h.Inline
	if h.HasState {
		stored, err := peekSnapshot(store, h.State)
		if err != nil {
			return nil, err
		}
		state = stored
	}
	if h.HasChannels {
		stored, err := peekSnapshot(store, h.Channels)
		if err != nil {
			return nil, err
		}
		channels = stored
	}
	if state == nil {
		return nil, nil
	}
	joined := *state
	joined.Input, joined.Output = nil, nil
	if channels != nil {
		joined.Input, joined.Output = channels.Input, channels.Output
	}
	return &joined, nil
}

func peekSnapshot(store *sim.Store, key sim.ObjectKey) (*rpc.TaskSnapshot, error) {
	info, found := store.Peek(key)
	if !found {
		return nil, fmt.Errorf("object %s is not in the store", key)
	}
	snapshot, readable := info.Body.(*rpc.TaskSnapshot)
	if info.Torn || !readable {
		return nil, fmt.Errorf("object %s cannot be read", key)
	}
	return snapshot, nil
}

func taskPoint(task protocol.TaskID, finished bool, s *rpc.TaskSnapshot) protocol.TaskPoint {
	point := protocol.TaskPoint{Task: task, Finished: finished}
	if s == nil {
		return point
	}
	point.Received, point.Sent, point.Positions = s.Received, s.Sent, s.Positions
	point.InputState, point.OutputState = lineages(s.Input), lineages(s.Output)
	if s.Operators != nil {
		point.States = s.Operators.Points()
	}
	if s.Taken.Operator != 0 {
		point.States = append(point.States, s.Taken)
	}
	if s.Sink != nil {
		for _, pending := range s.Sink.Pending {
			point.Transactions = append(point.Transactions, protocol.TransactionPoint{
				Transaction: pending.Transaction, Content: contentOf(s, pending.Transaction),
			})
		}
	}
	return point
}

func contentOf(s *rpc.TaskSnapshot, id protocol.TransactionID) protocol.Tally {
	for i := range s.Contents {
		if s.Contents[i].Transaction == id {
			return s.Contents[i].Content
		}
	}
	return protocol.Tally{}
}

// lineages names the elements of recorded in-flight data, by channel.
func lineages(channels [][]record.Piece) [][]uint64 {
	named := make([][]uint64, len(channels))
	for i, pieces := range channels {
		count := 0
		for p := range pieces {
			count += len(pieces[p].Elements)
		}
		if count > 0 {
			named[i] = make([]uint64, 0, count)
		}
		for p := range pieces {
			for e := range pieces[p].Elements {
				named[i] = append(named[i], pieces[p].Elements[e].Lineage)
			}
		}
	}
	return named
}
