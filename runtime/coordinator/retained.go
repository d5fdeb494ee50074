package coordinator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Retained is a completed checkpoint with everything it consists of, taken out of the
// store of the run that made it, so that another run can start from it.
type Retained struct {
	Metadata *Metadata
	objects  []sim.ObjectInfo
}

// Retain takes a checkpoint out of a store. Its error says which object is missing or
// torn.
func Retain(store *sim.Store, metadata *Metadata) (*Retained, error) {
	r := &Retained{Metadata: metadata}
	for t := range metadata.Tasks {
		for _, key := range objectsOf(&metadata.Tasks[t].Handle) {
			info, found := store.Peek(key)
			if !found || info.Torn {
				return nil, fmt.Errorf("checkpoint %d: object %s of task %d cannot be read",
					metadata.Checkpoint, key, t)
			}
			r.objects = append(r.objects, info)
		}
	}
	return r, nil
}

// Load puts the checkpoint into the store of a run that starts from it.
func (r *Retained) Load(store *sim.Store) {
	for i := range r.objects {
		store.Seed(r.objects[i].Key, r.objects[i].SizeBytes, r.objects[i].Body)
	}
	key := rpc.MetadataKey(r.Metadata.Checkpoint, r.Metadata.Attempt)
	store.Seed(key, r.Metadata.SizeBytes(), r.Metadata)
}

// ReadMetadata reads the metadata of a completed checkpoint back from a store, without
// taking time.
func ReadMetadata(store *sim.Store, id protocol.CheckpointID, attempt protocol.Attempt) (*Metadata, error) {
	info, found := store.Peek(rpc.MetadataKey(id, attempt))
	if !found || info.Torn {
		return nil, fmt.Errorf("checkpoint %d of attempt %d has no metadata that can be read", id, attempt)
	}
	return info.Body.(*Metadata), nil
}

// objectsOf are the objects behind a handle.
func objectsOf(h *rpc.Handle) (keys []sim.ObjectKey) {
	if h.HasState {
		keys = append(keys, h.State)
	}
	if h.HasChannels {
		keys = append(keys, h.Channels)
	}
	return keys
}
