package protocoltest

import "simrun/protocol"

// eagerChoices are made once, at the start of an eager run. What is left to choose
// later is when each source reads its trigger and in which order the receiver consumes:
// few enough orders to enumerate, and all that one alignment can tell apart.
type eagerChoices struct {
	early  []int // records that a source emits before its snapshot
	late   bool  // the trigger comes after source 0 has finished
	remote bool  // every channel has a queue at the receiver, which fills at once
}

func (w *world) chooseEager() {
	w.eager.late = w.choice.Choose(2) == 1
	w.eager.remote = w.choice.Choose(2) == 1
	if w.policy.Overtake && w.policy.Block {
		w.timeoutNanos = [...]int64{10, 4}[w.choice.Choose(2)]
	}
	for _, inputs := range w.topology.Inputs {
		early := 0
		if len(inputs) == 0 {
			early = w.topology.Records - int(w.choice.Choose(uint64(w.topology.Records+1)))
		}
		w.eager.early = append(w.eager.early, early)
	}
}

func (w *world) pickEager() action {
	open := w.actions[:0]
	for _, a := range w.actions {
		switch w.eagerness(a) {
		case performNow:
			return a
		case performOnChoice:
			open = append(open, a)
		}
	}
	if len(open) == 0 { // the checkpoint that sources wait for never reached them
		return w.actions[0]
	}
	return open[w.choice.Choose(uint64(len(open)))]
}

type eagerness uint8

const (
	performOnChoice eagerness = iota
	performNow
	performLater
)

func (w *world) eagerness(a action) eagerness {
	switch a.kind {
	case actionConsume:
		return performOnChoice
	case actionMail:
		if w.tasks[a.index].mails[a.detail].Kind == protocol.InputTrigger {
			return performOnChoice
		}
	case actionEmit:
		t := w.tasks[a.index]
		ahead := t.emitted < w.eager.early[a.index] || t.hasDecidedAfter(protocol.NoCheckpoint)
		if !ahead && !w.eager.late && w.policy.Checkpoints {
			return performLater
		}
	case actionTrigger:
		if w.eager.late && !w.tasks[0].finished {
			return performLater
		}
	}
	return performNow
}
