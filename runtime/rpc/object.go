package rpc

import (
	"simrun/protocol"
	"simrun/sim"
)

// Kinds of objects in the stores; they are the Kind of a sim.ObjectKey.
const (
	// ObjectState is a task's operator state in one checkpoint.
	ObjectState uint8 = iota + 1
	// ObjectChannels is a task's in-flight data in one checkpoint.
	ObjectChannels
	// ObjectMetadata is what a checkpoint consists of.
	ObjectMetadata
	// ObjectLease is the lease of the leading job manager.
	ObjectLease
	// ObjectJob is the job's record: completed checkpoints, id counter, attempt.
	ObjectJob
)

// StateKey names a task's operator state in one checkpoint. The attempt is part of the
// name, so that a zombie cannot overwrite its successor's state.
func StateKey(id protocol.CheckpointID, task protocol.TaskID, attempt protocol.Attempt) sim.ObjectKey {
	return sim.ObjectKey{Kind: ObjectState, A: int64(id), B: int64(task), C: int64(attempt)}
}

// ChannelsKey names a task's in-flight data in one checkpoint.
func ChannelsKey(id protocol.CheckpointID, task protocol.TaskID, attempt protocol.Attempt) sim.ObjectKey {
	return sim.ObjectKey{Kind: ObjectChannels, A: int64(id), B: int64(task), C: int64(attempt)}
}

// MetadataKey names the metadata of a checkpoint that attempt completed.
func MetadataKey(id protocol.CheckpointID, attempt protocol.Attempt) sim.ObjectKey {
	return sim.ObjectKey{Kind: ObjectMetadata, A: int64(id), B: int64(protocol.NoTask), C: int64(attempt)}
}

// LeaseKey names the lease of the leading job manager.
func LeaseKey() sim.ObjectKey { return sim.ObjectKey{Kind: ObjectLease} }

// JobKey names the job's record.
func JobKey() sim.ObjectKey { return sim.ObjectKey{Kind: ObjectJob} }
