package protocoltest

import "simrun/protocol"

// checkpoint is one that the coordinator has triggered and not yet ended.
type checkpoint struct {
	barrier protocol.Barrier
	waiting []bool // by task: its acknowledgement is awaited
	awaited int
}

// canTrigger asks for a plan: every task runs or has finished, and a task that must be
// triggered although its predecessors have finished has taken all their data.
func (w *world) canTrigger() bool {
	if w.triggersLeft == 0 || len(w.pending) >= w.maxConcurrent {
		return false
	}
	running := false
	for _, t := range w.tasks {
		running = running || !t.finished
		if !w.isTriggered(t) {
			continue
		}
		for _, c := range t.inputs {
			if !c.isDrained() {
				return false
			}
		}
	}
	return running
}

// isTriggered: a running task without running predecessors (Flink:
// DefaultCheckpointPlanCalculator).
func (w *world) isTriggered(t *task) bool {
	if t.finished {
		return false
	}
	for _, c := range t.inputs {
		if !w.tasks[c.Sender].finished {
			return false
		}
	}
	return true
}

func (w *world) trigger() {
	w.triggersLeft--
	w.lastID++
	request := protocol.CheckpointRequest{
		ID: w.lastID, TriggerNanos: w.nowNanos, AlignedTimeoutNanos: w.timeoutNanos,
		Savepoint: w.limits.savepoints && w.choice.Choose(4) == 3,
	}
	p := &checkpoint{
		barrier: protocol.Options(w.spec.Protocol, request),
		waiting: make([]bool, len(w.tasks)),
	}
	if w.limits.story {
		w.tell("coordinator triggers %s", p.barrier)
	}
	for i, t := range w.tasks {
		if t.finished {
			continue
		}
		p.waiting[i] = true
		p.awaited++
		if w.isTriggered(t) {
			t.mails = append(t.mails, protocol.Input{Kind: protocol.InputTrigger, Barrier: p.barrier})
		}
	}
	w.pending = append(w.pending, p)
}

func (w *world) isPending(id protocol.CheckpointID) bool {
	for _, p := range w.pending {
		if p.barrier.ID == id {
			return true
		}
	}
	return false
}

// isAwaited reports whether a pending checkpoint needs the task.
func (w *world) isAwaited(t *task) bool {
	for _, p := range w.pending {
		if p.waiting[t.id] {
			return true
		}
	}
	return false
}

// acknowledge takes a task's part; the last one completes the checkpoint.
func (w *world) acknowledge(t *task, s *snapshot) {
	s.acked = true
	if w.limits.story {
		w.tell("task %d acknowledges checkpoint %d", t.id, s.id)
	}
	for _, p := range w.pending {
		if p.barrier.ID == s.id && p.waiting[t.id] {
			p.waiting[t.id] = false
			if p.awaited--; p.awaited == 0 {
				w.complete(s.id)
			}
			return
		}
	}
}

// complete checks the cut, ends the older checkpoints and tells everybody.
func (w *world) complete(id protocol.CheckpointID) {
	if w.limits.story {
		w.tell("checkpoint %d is complete", id)
	}
	w.coverage.Completed++
	w.checkCut(id)
	w.drop(id)
	for len(w.pending) > 0 && w.pending[0].barrier.ID < id {
		w.abort(w.pending[0].barrier.ID)
	}
	w.tellTasks(protocol.Input{Kind: protocol.InputCompleted, Checkpoint: id})
}

// abort ends a checkpoint and tells everybody.
func (w *world) abort(id protocol.CheckpointID) {
	if !w.isPending(id) {
		return
	}
	if w.limits.story {
		w.tell("coordinator aborts checkpoint %d", id)
	}
	w.drop(id)
	w.tellTasks(protocol.Input{Kind: protocol.InputAborted, Checkpoint: id})
}

func (w *world) drop(id protocol.CheckpointID) {
	for i, p := range w.pending {
		if p.barrier.ID == id {
			w.pending = append(w.pending[:i:i], w.pending[i+1:]...)
			return
		}
	}
}

func (w *world) tellTasks(in protocol.Input) {
	for _, t := range w.tasks {
		if !t.finished {
			t.mails = append(t.mails, in)
		}
	}
}

// expirePassedOver expires a checkpoint that a task has silently passed over in favour
// of a newer one: the timeout of the coordinator is all that ends it, in Flink too. It
// takes two at once: (1) the in-line barrier of 3 is queued at a task; (2) the barrier
// or the RPC of 4 comes past it; (3) the barrier of 3 is obsolete when it comes. A
// tracker drops what is older than its snapshot (reference 2.5).
func (w *world) expirePassedOver() bool {
	for _, p := range w.pending {
		for _, t := range w.tasks {
			if p.waiting[t.id] && t.hasDecidedAfter(p.barrier.ID) {
				w.abort(p.barrier.ID)
				return true
			}
		}
	}
	return false
}
