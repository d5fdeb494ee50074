package checkers

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"simrun/protocol"
	"simrun/sim"
)

// Linearizability holds that the durable services behave as if they did one thing at a
// time, each between its request and its answer, by the rules of what they are: the lease
// of the leader, the store of completed checkpoints, the transactions of external systems.
// What was never answered may have happened, at any time, or not. The interleaving that it
// is for (dst.md M21, fencing tokens):
//
//  1. job manager 0 holds the lease with epoch 3 and is paused;
//  2. job manager 1 takes the lease, also with epoch 3, and completes checkpoint 9;
//  3. job manager 0 wakes up and writes the job's record, whose epoch is still its own;
//  4. checkpoint 9 has gone from the record, and a restart goes back to 8.
//
// The search for an order is porcupine's, after the run and without a time limit: a
// history is short, as it is split by what cannot affect each other.
type Linearizability struct {
	history []protocol.Operation
	batch   []porcupine.Operation
	indexes []int
	states  []serviceState // of one order
	next    []serviceState
}

// NewLinearizability makes the checker.
func NewLinearizability() *Linearizability { return &Linearizability{} }

// Name is "linearizability".
func (l *Linearizability) Name() string { return "linearizability" }

// Kinds: none; it looks at the operations that a run leaves.
func (l *Linearizability) Kinds() []protocol.EventKind { return nil }

// Observe sees nothing.
func (l *Linearizability) Observe(*sim.Event, *Report) {}

// Reset forgets the run.
func (l *Linearizability) Reset(*Setup) { l.history = nil }

// Finish looks for an order of the operations: of each register, and of each transaction
// that was begun in the run, together with the fences that its task's later attempts raised.
func (l *Linearizability) Finish(end *End, r *Report) {
	l.history = end.Operations
	for _, service := range []protocol.Service{protocol.ServiceLease, protocol.ServiceCheckpoints} {
		l.indexes = l.indexes[:0]
		for i := range l.history {
			if l.history[i].Service == service {
				l.take(i)
			}
		}
		l.check(service, r)
	}
	for i := range l.history {
		if o := &l.history[i]; o.Kind == protocol.OperationBegin {
			l.ofTransaction(o.Transaction)
			l.check(protocol.ServiceTransactions, r)
		}
	}
}

// ofTransaction takes what concerns a transaction.
func (l *Linearizability) ofTransaction(id protocol.TransactionID) {
	l.indexes = l.indexes[:0]
	for i := range l.history {
		o := &l.history[i]
		switch {
		case o.Service != protocol.ServiceTransactions || o.Client != int64(id.Task()):
		case o.Transaction == id, fences(o) && o.Attempt > id.Attempt():
			l.take(i)
		}
	}
}

func fences(o *protocol.Operation) bool {
	return o.Kind == protocol.OperationFence || o.Kind == protocol.OperationExclude
}

func (l *Linearizability) take(i int) {
	if tells(&l.history[i]) {
		l.indexes = append(l.indexes, i)
	}
}

func (l *Linearizability) check(s protocol.Service, r *Report) {
	model := modelOf(s)
	if len(l.indexes) > 0 && !l.inTurn(model) && !l.searched(model, len(l.indexes)) {
		l.report(s, l.firstMisfit(model), r)
	}
}

// tells reports whether an operation says anything: a read without an answer does not, nor
// does what failed without effect.
func tells(o *protocol.Operation) bool {
	switch o.Outcome {
	case protocol.OutcomeNone:
		return false
	case protocol.OutcomeUnknown:
		return o.Kind != protocol.OperationRead
	}
	return true
}

// inTurn tries the operations in the order of their calls, which is one in which they can
// have happened: none was answered before an earlier one was called. If the service could
// have answered them so, there is nothing to search for; if not, another order may do.
func (l *Linearizability) inTurn(m serviceModel) bool {
	l.states = append(l.states[:0], m.first())
	for _, i := range l.indexes {
		l.next = l.next[:0]
		for _, s := range l.states {
			l.next = m.step(s, &l.history[i], l.next)
		}
		if len(l.next) == 0 || len(l.next) > maxStates {
			return false
		}
		l.states, l.next = l.next, l.states
	}
	return true
}

// maxStates bounds the states that unanswered operations may have led to.
const maxStates = 64

// searched has porcupine look for an order of the first n operations by their answers.
func (l *Linearizability) searched(m serviceModel, n int) bool {
	l.batch = l.batch[:0]
	last := int64(0)
	for _, i := range l.indexes[:n] {
		o := &l.history[i]
		last = max(last, o.CallNanos, o.ReturnNanos)
	}
	for _, i := range l.indexes[:n] {
		o := &l.history[i]
		end := o.ReturnNanos
		if o.Outcome == protocol.OutcomeUnknown {
			end = last + 1
		}
		l.batch = append(l.batch, porcupine.Operation{
			ClientId: int(o.Client), Input: o, Call: o.CallNanos, Output: o.Outcome, Return: end,
		})
	}
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{m.first()} },
		Step: func(state, input, _ any) (next []any) {
			for _, s := range m.step(state.(serviceState), input.(*protocol.Operation), nil) {
				next = append(next, s)
			}
			return next
		},
		Equal: func(a, b any) bool { return a.(serviceState) == b.(serviceState) },
	}
	return porcupine.CheckOperations(model.ToModel(), l.batch)
}

// firstMisfit is the position of the operation with which the history has no order any
// more: the shortest such history by order of calls.
func (l *Linearizability) firstMisfit(m serviceModel) int {
	for n := 1; n < len(l.indexes); n++ {
		if !l.searched(m, n) {
			return n - 1
		}
	}
	return len(l.indexes) - 1
}

func (l *Linearizability) report(s protocol.Service, at int, r *Report) {
	o := &l.history[l.indexes[at]]
	detail := fmt.Sprintf("%s of %s at %d ns (%s) fits no order of the %d operations before it",
		o.Kind, clientName(r.History(), o), o.CallNanos, o.Outcome, at)
	if at > 0 {
		before := &l.history[l.indexes[at-1]]
		detail += fmt.Sprintf("; the last was %s of %s at %d ns (%s)", before.Kind,
			clientName(r.History(), before), before.CallNanos, before.Outcome)
	}
	r.Violate(NotLinearizable, s.String(), detail)
}

func clientName(h *History, o *protocol.Operation) string {
	if o.Service == protocol.ServiceTransactions {
		return h.name(o.Client)
	}
	return fmt.Sprintf("job-manager-%d", o.Client)
}
