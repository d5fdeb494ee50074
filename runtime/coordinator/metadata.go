package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
)

// Metadata is what a completed checkpoint consists of: where each task's state is, and
// the state of the operator coordinators. It is stored as one object (Flink:
// CheckpointMetadata, the _metadata file) and never changed.
type Metadata struct {
	Checkpoint protocol.CheckpointID
	Attempt    protocol.Attempt
	Savepoint  bool
	// Parallelism of every vertex, by VertexID: the shape that the handles belong to.
	Parallelism []int
	// Tasks are by TaskID.
	Tasks []TaskMetadata
	// Enumerators are the states of the split enumerators, by VertexID: nil where there
	// is none.
	Enumerators [][]int32
}

// TaskMetadata is one task's part of a checkpoint.
type TaskMetadata struct {
	Handle rpc.Handle
	// Finished: the task had ended, or all its operators had; it runs nothing when it is
	// restored.
	Finished bool
	// Last is the last snapshot of a task that ended before the trigger. It is ghost
	// state, for the proof of the cut: Flink keeps nothing of such a task.
	Last *rpc.TaskSnapshot
}

// Sizes of metadata in the store, besides the state that travels inline.
const (
	metadataBytes     = 512
	taskMetadataBytes = 128
	splitBytes        = 32
)

// SizeBytes is the size of the metadata object: small states are inline.
func (m *Metadata) SizeBytes() int64 {
	size := int64(metadataBytes)
	for i := range m.Tasks {
		size += taskMetadataBytes
		if h := &m.Tasks[i].Handle; h.Inline != nil {
			size += h.StateBytes
		}
	}
	for _, splits := range m.Enumerators {
		size += int64(len(splits)) * splitBytes
	}
	return size
}
