package task

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/record"
	"simrun/sim"
)

// ID is the logical subtask.
func (t *Task) ID() protocol.TaskID { return t.id }

// Attempt is the execution that the task belongs to.
func (t *Task) Attempt() protocol.Attempt { return t.attempt }

// Actor is the task's actor, once it has started.
func (t *Task) Actor() sim.ActorID { return t.self }

// SourceEnded reports whether the task is a source that has used its input up.
func (t *Task) SourceEnded() bool { return t.source != nil && t.source.ended }

// Alive reports whether the task has not ended.
func (t *Task) Alive() bool { return t.self != sim.NoActor && t.busy != ended }

// InFlight calls visit for what waits on the way from this task and in front of it: the
// consumer it is bound for, its bytes, and the elements that are not begun.
func (t *Task) InFlight(visit func(to protocol.TaskID, bytes int64, elements []record.Record)) {
	if t.busy == ended {
		return
	}
	for i := range t.out {
		t.out[i].sub.Queued(func(b *network.Buffer) {
			if b.IsData() {
				visit(t.shape.Outputs[i].Peer, int64(b.Piece.SizeBytes), b.Piece.Elements)
			}
		})
	}
	for i := range t.in {
		t.in[i].Queued(func(b *network.Buffer) {
			if b.IsData() {
				visit(t.id, int64(b.Piece.SizeBytes), b.Piece.Elements)
			}
		})
		if t.serve.reading[t.in[i].input].channel != &t.in[i] {
			visit(t.id, int64(t.in[i].PartialBytes()), nil)
		}
	}
	for i := range t.serve.reading {
		if reading := &t.serve.reading[i]; reading.channel != nil {
			rest := t.restOf(reading)
			if t.busy == serving && i == t.serve.input && !t.ahead.active && len(rest.Elements) > 0 {
				rest.SizeBytes -= rest.Elements[0].SizeBytes // it has begun
				rest.Elements = rest.Elements[1:]
			}
			visit(t.id, int64(rest.SizeBytes), rest.Elements)
		}
	}
}

// Waits says what the task does and which tasks it waits for.
func (t *Task) Waits() (string, []protocol.TaskID) {
	name := fmt.Sprintf("%s[%d]#%d", t.vertex.Name, t.shape.Subtask, t.attempt)
	switch {
	case t.busy == ended:
		return name + " has ended", nil
	case t.restore.pending:
		return name + " is being restored", nil
	case t.busy == writing || !t.outputsAvailable():
		return name + " waits for buffers of its consumers", t.fullConsumers()
	case t.busy == serving:
		return name + " works on a record", nil
	case t.busy != free:
		return name + " is busy", nil
	case t.finish.done:
		return name + " has finished and waits for a checkpoint or its consumers", nil
	case t.source != nil:
		return name + " waits for records to arrive", nil
	}
	return name + " waits for input", t.producers()
}

func (t *Task) fullConsumers() []protocol.TaskID {
	var tasks []protocol.TaskID
	for i := range t.out {
		if t.out[i].sub.Waiting() {
			tasks = append(tasks, t.shape.Outputs[i].Peer)
		}
	}
	return tasks
}

func (t *Task) producers() []protocol.TaskID {
	var tasks []protocol.TaskID
	for i := range t.in {
		if !t.in[i].Ended() {
			tasks = append(tasks, t.shape.Inputs[i].Peer)
		}
	}
	return tasks
}
