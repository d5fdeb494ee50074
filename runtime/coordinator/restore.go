package coordinator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
)

// AssignState says, for every task of a job with the new parallelisms, from which part of
// a checkpoint that was taken with the old ones it starts: the result holds, by new task,
// the old one. Both are the vertices' parallelisms, by VertexID. With equal parallelism
// it is the identity (Flink: StateAssignmentOperation); its error says which vertex has
// another shape than the checkpoint.
func AssignState(old, new []int) ([]protocol.TaskID, error) {
	if len(old) != len(new) {
		return nil, fmt.Errorf("the checkpoint has %d vertices and the job has %d", len(old), len(new))
	}
	var assigned []protocol.TaskID
	for v := range new {
		if old[v] != new[v] {
			return nil, fmt.Errorf("vertex %d had parallelism %d in the checkpoint and has %d now: "+
				"rescaling is not supported between these shapes", v, old[v], new[v])
		}
		for range new[v] {
			assigned = append(assigned, protocol.TaskID(len(assigned)))
		}
	}
	return assigned, nil
}

// restorePoint is what each task starts from, by TaskID: nil from scratch.
func (m *master) restorePoint(checkpoint protocol.CheckpointID) ([]*rpc.Restore, error) {
	restore := make([]*rpc.Restore, len(m.tasks))
	if checkpoint == protocol.NoCheckpoint {
		return restore, nil
	}
	hosted := m.find(checkpoint)
	if hosted == nil {
		return nil, fmt.Errorf("checkpoint %d is not known", checkpoint)
	}
	metadata := hosted.metadata
	assigned, err := AssignState(metadata.Parallelism, m.parallelism())
	if err != nil {
		return nil, err
	}
	for t, from := range assigned {
		part := &metadata.Tasks[from]
		restore[t] = &rpc.Restore{Checkpoint: checkpoint, Handle: part.Handle, Finished: part.Finished}
		if part.Finished && part.Last != nil {
			// It will not run again, but its next acknowledgements must tell the same counts.
			restore[t].Handle.Inline = counters(part.Last)
		}
	}
	return restore, nil
}
