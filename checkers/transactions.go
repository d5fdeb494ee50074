package checkers

import (
	"simrun/protocol"
	"simrun/sim"
)

// settledTransactions bounds how many settled transactions a task's table remembers, so
// that a second commit is seen.
const settledTransactions = 32

// transaction is one transaction's life so far, as events. Those that did not happen have
// Kind 0.
type transaction struct {
	id           protocol.TransactionID
	opened       sim.Event
	preCommitted sim.Event // its arguments name the checkpoint and count the records
	committed    sim.Event
	visible      sim.Event
	withdrawn    sim.Event // aborted or timed out
	content      protocol.Tally
	hasContent   bool                  // content is from the checkpoint that holds it
	held         protocol.CheckpointID // the newest one that holds it
	reported     bool
}

// checkpoint is the one that the transaction was pre-committed for.
func (t *transaction) checkpoint() protocol.CheckpointID {
	if t.preCommitted.Kind == 0 {
		return t.id.Checkpoint()
	}
	return protocol.CheckpointID(t.preCommitted.Args[2])
}

func (t *transaction) settled() bool { return t.committed.Kind != 0 || t.withdrawn.Kind != 0 }

// transactionTable keeps the transactions of every task, oldest first.
type transactionTable struct{ tasks [][]transaction }

func (t *transactionTable) reset(tasks int) {
	if cap(t.tasks) < tasks {
		t.tasks = append(t.tasks[:cap(t.tasks)], make([][]transaction, tasks-cap(t.tasks))...)
	}
	t.tasks = t.tasks[:tasks]
	for i := range t.tasks {
		t.tasks[i] = t.tasks[i][:0]
	}
}

// at is the transaction's entry, a new one when it has none; nil when its task is not of
// this job. The pointer is valid until the next call.
func (t *transactionTable) at(id protocol.TransactionID) *transaction {
	task := int(id.Task())
	if task < 0 || task >= len(t.tasks) {
		return nil
	}
	list := t.tasks[task]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].id == id {
			return &list[i]
		}
	}
	if len(list) >= settledTransactions {
		list = forgetSettled(list)
	}
	if list == nil {
		list = make([]transaction, 0, settledTransactions) // what it comes to in a run of any length
	}
	t.tasks[task] = append(list, transaction{id: id})
	return &t.tasks[task][len(list)]
}

// forgetSettled drops the older half of the settled ones.
func forgetSettled(list []transaction) []transaction {
	kept, drop := list[:0], settledTransactions/2
	for i := range list {
		if drop > 0 && list[i].settled() {
			drop--
			continue
		}
		kept = append(kept, list[i])
	}
	return kept
}

// each visits all remembered transactions, by task.
func (t *transactionTable) each(visit func(*transaction)) {
	for _, list := range t.tasks {
		for i := range list {
			visit(&list[i])
		}
	}
}

// attemptOf is the execution in which a transaction was opened. Its name holds 16 bits.
func attemptOf(id protocol.TransactionID) protocol.Attempt { return id.Attempt() }

// covered reports whether a completed checkpoint holds the transaction, so that it is to
// be committed, whatever comes.
func covered(t *transaction, h *History) bool {
	return h.NewestCompleted(attemptOf(t.id)) >= t.checkpoint()
}

func countTasks(s *Setup) int {
	tasks := 0
	for i := range s.Vertices {
		tasks += s.Vertices[i].Parallelism
	}
	return tasks
}
