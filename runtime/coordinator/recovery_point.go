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
	return h.memory.pointOf(store, metadata)
}

// pointOf is what a checkpoint with this metadata would restore.
func (m *Memory) pointOf(store *sim.Store, metadata *Metadata) (*protocol.RecoveryPoint, error) {
	point := &protocol.RecoveryPoint{
		Checkpoint: metadata.Checkpoint, Attempt: metadata.Attempt,
		Tasks: make([]protocol.TaskPoint, len(metadata.Tasks)),
	}
	var snapshot rpc.TaskSnapshot
	for t := range metadata.Tasks {
		part := &metadata.Tasks[t]
		point.Tasks[t] = protocol.TaskPoint{Task: protocol.TaskID(t), Finished: part.Finished}
		there, err := readSnapshot(store, &part.Handle, &snapshot)
		switch {
		case err != nil:
			return nil, fmt.Errorf("checkpoint %d, task %d: %w", metadata.Checkpoint, t, err)
		case there:
			m.fill(&point.Tasks[t], &snapshot)
		case part.Last != nil:
			m.fill(&point.Tasks[t], counters(part.Last))
		}
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
	snapshot := &rpc.TaskSnapshot{}
	if there, err := readSnapshot(store, h, snapshot); !there {
		return nil, err
	}
	return snapshot, nil
}

// readSnapshot is ReadSnapshot into memory of the caller's, and whether there is any.
func readSnapshot(store *sim.Store, h *rpc.Handle, into *rpc.TaskSnapshot) (there bool, err error) {
	state, channels := h.Inline, h.Inline
	if h.HasState {
		stored, err := peekSnapshot(store, h.State)
		if err != nil {
			return false, err
		}
		state = stored
	}
	if h.HasChannels {
		stored, err := peekSnapshot(store, h.Channels)
		if err != nil {
			return false, err
		}
		channels = stored
	}
	if state == nil {
		return false, nil
	}
	*into = *state
	into.Input, into.Output = nil, nil
	if channels != nil {
		into.Input, into.Output = channels.Input, channels.Output
	}
	return true, nil
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

// fill writes what a task's snapshot holds into its part of a recovery point.
func (m *Memory) fill(point *protocol.TaskPoint, s *rpc.TaskSnapshot) {
	point.Received, point.Sent, point.Positions = s.Received, s.Sent, s.Positions
	point.InputState, point.OutputState = lineages(s.Input), lineages(s.Output)
	if s.Operators != nil {
		point.States = s.Operators.AppendPoints(m.states.Room(len(s.Operators.Operators) + 1))
	}
	if s.Taken.Operator != 0 {
		point.States = append(point.States, s.Taken)
	}
	if s.Sink == nil {
		return
	}
	point.Transactions = m.transactions.Room(len(s.Sink.Pending))
	for _, pending := range s.Sink.Pending {
		point.Transactions = append(point.Transactions, protocol.TransactionPoint{
			Transaction: pending.Transaction, Content: contentOf(s, pending.Transaction),
		})
	}
}

func contentOf(s *rpc.TaskSnapshot, id protocol.TransactionID) protocol.Tally {
	for i := range s.Contents {
		if s.Contents[i].Transaction == id {
			return s.Contents[i].Content
		}
	}
	return protocol.Tally{}
}

// lineages names the elements of recorded in-flight data, by channel; nil if there are none.
func lineages(channels [][]record.Piece) [][]uint64 {
	count := 0
	for _, pieces := range channels {
		count += countElements(pieces)
	}
	if count == 0 {
		return nil
	}
	named, all := make([][]uint64, len(channels)), make([]uint64, 0, count)
	for i, pieces := range channels {
		from := len(all)
		for p := range pieces {
			for e := range pieces[p].Elements {
				all = append(all, pieces[p].Elements[e].Lineage)
			}
		}
		named[i] = all[from:len(all):len(all)]
	}
	return named
}

func countElements(pieces []record.Piece) (n int) {
	for i := range pieces {
		n += len(pieces[i].Elements)
	}
	return n
}
