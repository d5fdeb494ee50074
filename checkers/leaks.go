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
// A file whose writer died before it could say so is not counted: nobody knows of it. Nor is
// one after whose storing lists were old:
//
//  1. the job manager that was told of the file dies, or has just dropped its checkpoint's
//     pointer;
//  2. its successor lists what there is, to delete what belongs to no checkpoint;
//  3. the list is an old one: the file is not in it.
type Leaks struct {
	parts map[objectKey]parts // looked up only, never walked
	// lags is how many faults make lists old now; lagNanos is when the last one ended.
	lags     int
	lagNanos int64
}

// parts are the objects that make up a task's part of a checkpoint: its state and, in
// files of their own, its channels'.
type parts struct {
	alive         int
	stored, acked sim.Event // the last ones
}

type objectKey struct {
	task       protocol.TaskID
	checkpoint protocol.CheckpointID
}

// NewLeaks makes the checker.
func NewLeaks() *Leaks {
	return &Leaks{parts: make(map[objectKey]parts)}
}

// Name is "leaks".
func (l *Leaks) Name() string { return "leaks" }

// Kinds are the objects' events and who was told of them.
func (l *Leaks) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.ObjectStored, protocol.ObjectDeleted, protocol.CheckpointAcknowledged,
		protocol.FaultInjected, protocol.FaultHealed,
	}
}

// Reset forgets all objects.
func (l *Leaks) Reset(*Setup) {
	clear(l.parts)
	l.lags, l.lagNanos = 0, -1
}

// Observe keeps the events of objects that are alive.
func (l *Leaks) Observe(e *sim.Event, _ *Report) {
	switch protocol.EventKind(e.Kind) {
	case protocol.FaultInjected, protocol.FaultHealed:
		l.observeFault(e)
	default:
		l.observePart(e)
	}
}

func (l *Leaks) observeFault(e *sim.Event) {
	switch {
	case protocol.FaultKind(e.Args[1]) != protocol.FaultLag:
	case protocol.EventKind(e.Kind) == protocol.FaultInjected:
		l.lags++
	default:
		l.lags--
		l.lagNanos = e.TimeNanos
	}
}

func (l *Leaks) observePart(e *sim.Event) {
	key := keyOf(e.Args[0], e.Args[1])
	if protocol.EventKind(e.Kind) == protocol.CheckpointAcknowledged {
		key = keyOf(e.Args[1], e.Args[0])
	}
	p, known := l.parts[key]
	switch protocol.EventKind(e.Kind) {
	case protocol.ObjectStored:
		p.alive, p.stored = p.alive+1, *e
	case protocol.ObjectDeleted:
		p.alive--
	case protocol.CheckpointAcknowledged:
		p.acked = *e
	}
	switch {
	case p.alive > 0:
		l.parts[key] = p
	case known:
		delete(l.parts, key)
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
		p := l.parts[objectKey{o.Task, o.Checkpoint}]
		if p.acked.Kind != 0 && !isRetained(end, o.Checkpoint) && !l.unlisted(&p) {
			r.Violate(Leaked, h.role(int64(o.Task)), fmt.Sprintf(
				"%d bytes of %s for checkpoint %d are left in the store",
				o.SizeBytes, h.name(int64(o.Task)), o.Checkpoint), p.stored, p.acked)
		}
	}
	if end.Timers > 0 {
		r.Violate(Leaked, "timers", fmt.Sprintf("%d timers of tasks that have ended are left", end.Timers))
	}
}

// unlisted reports whether a file may have been looked for in lists only, and those were old.
func (l *Leaks) unlisted(p *parts) bool {
	return l.lags > 0 || l.lagNanos >= p.stored.TimeNanos
}

func isRetained(end *End, id protocol.CheckpointID) bool {
	for _, kept := range end.Retained {
		if kept == id {
			return true
		}
	}
	return false
}
