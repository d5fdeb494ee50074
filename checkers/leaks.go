package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Leaks holds that a job that has ended leaves nothing behind that nobody will clean up:
// no file of a checkpoint that is not retained, no timer of a task that is gone. (Open
// transactions are for TwoPhase.) The interleaving that it is for (FLINK-30461):
//
//  1. a task uploads its part of checkpoint 9 and acknowledges it;
//  2. the checkpoint has expired meanwhile: the acknowledgement is late and is dropped;
//  3. nobody deletes the file that the acknowledgement pointed to.
//
// A file whose writer died before it could say so is not counted: nobody knows of it.
type Leaks struct {
	acked  map[objectKey]sim.Event // looked up only, never walked
	stored map[objectKey]sim.Event
}

type objectKey struct {
	task       protocol.TaskID
	checkpoint protocol.CheckpointID
}

// NewLeaks makes the checker.
func NewLeaks() *Leaks {
	return &Leaks{acked: make(map[objectKey]sim.Event), stored: make(map[objectKey]sim.Event)}
}

// Name is "leaks".
func (l *Leaks) Name() string { return "leaks" }

// Kinds are the objects' events and who was told of them.
func (l *Leaks) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.ObjectStored, protocol.ObjectDeleted, protocol.CheckpointAcknowledged,
	}
}

// Reset forgets all objects.
func (l *Leaks) Reset(*Setup) {
	clear(l.acked)
	clear(l.stored)
}

// Observe keeps the events of objects that are alive.
func (l *Leaks) Observe(e *sim.Event, _ *Report) {
	switch protocol.EventKind(e.Kind) {
	case protocol.ObjectStored:
		l.stored[keyOf(e.Args[0], e.Args[1])] = *e
	case protocol.ObjectDeleted:
		delete(l.stored, keyOf(e.Args[0], e.Args[1]))
		delete(l.acked, keyOf(e.Args[0], e.Args[1]))
	case protocol.CheckpointAcknowledged:
		if key := keyOf(e.Args[1], e.Args[0]); l.stored[key].Kind != 0 {
			l.acked[key] = *e
		}
	}
}

func keyOf(task, checkpoint int64) objectKey {
	return objectKey{protocol.TaskID(task), protocol.CheckpointID(checkpoint)}
}

// Finish looks at what is left of a job that has ended.
func (l *Leaks) Finish(end *End, r *Report) {
	if !terminal(end.Status) {
		return
	}
	h := r.History()
	for _, o := range end.Objects {
		key := objectKey{o.Task, o.Checkpoint}
		if !isRetained(end, o.Checkpoint) && l.acked[key].Kind != 0 {
			r.Violate(Leaked, h.role(int64(o.Task)), fmt.Sprintf(
				"%d bytes of %s for checkpoint %d are left in the store",
				o.SizeBytes, h.name(int64(o.Task)), o.Checkpoint), l.stored[key], l.acked[key])
		}
	}
	if end.Timers > 0 {
		r.Violate(Leaked, "timers", fmt.Sprintf("%d timers of tasks that have ended are left", end.Timers))
	}
}

func isRetained(end *End, id protocol.CheckpointID) bool {
	for _, kept := range end.Retained {
		if kept == id {
			return true
		}
	}
	return false
}
