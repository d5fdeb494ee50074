package protocoltest

import "simrun/protocol"

// actionKind is what can happen next; 0 is the simplest.
type actionKind uint8

const (
	actionConsume actionKind = iota // a task takes an item from a channel
	actionPoll                      // an item crosses a remote channel
	actionMail                      // a task reads a mail
	actionAck                       // an asynchronous part is done
	actionEmit                      // a source emits
	actionFinish                    // a task ends
	actionTrigger                   // the coordinator triggers a checkpoint
	actionAbort                     // the coordinator gives one up
)

// action is an enabled action on the object of that index, with its weight in the draw.
type action struct {
	kind   actionKind
	index  int
	detail int
	weight uint64
}

// enumerate lists what can happen now.
func (w *world) enumerate() {
	w.actions = w.actions[:0]
	for i, c := range w.channels {
		if receiver := w.tasks[c.Receiver]; c.canConsume() && receiver.canEmit() {
			w.enable(action{actionConsume, i, 0, receiver.weight * c.weight})
		}
		if c.canPoll() {
			w.enable(action{actionPoll, i, 0, 4 * c.weight})
		}
	}
	for i, t := range w.tasks {
		if !t.finished {
			w.enumerateTask(i, t)
		}
	}
	if w.canTrigger() {
		w.enable(action{kind: actionTrigger, weight: 2})
	}
	if w.abortsLeft > 0 {
		for i := range w.pending {
			w.enable(action{actionAbort, i, 0, 1})
		}
	}
}

func (w *world) enumerateTask(i int, t *task) {
	triggers := 0
	for at, mail := range t.mails {
		if mail.Kind == protocol.InputTrigger {
			triggers++
		}
		// Triggers come over one connection, in order; notifications may pass them.
		if mail.Kind != protocol.InputTrigger || triggers == 1 {
			w.enable(action{actionMail, i, at, 2 * t.weight})
		}
	}
	for at, s := range t.snapshots {
		if s.canAck(t) {
			w.enable(action{actionAck, i, at, 8})
		}
	}
	exhausted := t.openInputs() == 0
	if len(t.inputs) == 0 {
		exhausted = t.emitted == w.topology.Records
		if !exhausted && t.canEmit() {
			w.enable(action{actionEmit, i, 0, 4 * t.weight})
		}
	}
	if exhausted && w.mayFinish(t) {
		w.enable(action{actionFinish, i, 0, 2})
	}
}

// mayFinish: a task ends when no pending checkpoint awaits it and, where tasks drain,
// when everything that it sent was consumed.
func (w *world) mayFinish(t *task) bool {
	if w.isAwaited(t) {
		return false
	}
	for _, c := range t.outputs {
		if w.drains && !c.isDrained() {
			return false
		}
	}
	return true
}

func (w *world) enable(a action) { w.actions = append(w.actions, a) }

func (w *world) pick() action {
	if w.limits.eager {
		return w.pickEager()
	}
	total := uint64(0)
	for _, a := range w.actions {
		total += a.weight
	}
	drawn := w.choice.Choose(total)
	for _, a := range w.actions {
		if drawn < a.weight {
			return a
		}
		drawn -= a.weight
	}
	panic("protocoltest: a choice exceeded its bound")
}

func (w *world) perform(a action) {
	switch a.kind {
	case actionConsume:
		w.consume(w.channels[a.index])
	case actionPoll:
		c := w.channels[a.index]
		w.arrive(c, w.leave(c))
	case actionMail:
		w.read(w.tasks[a.index], a.detail)
	case actionAck:
		t := w.tasks[a.index]
		w.acknowledge(t, t.snapshots[a.detail])
	case actionEmit:
		w.emitSourceRecord(w.tasks[a.index])
	case actionFinish:
		w.finish(w.tasks[a.index])
	case actionTrigger:
		w.trigger()
	case actionAbort:
		w.abortsLeft--
		w.abort(w.pending[a.index].barrier.ID)
	}
}
