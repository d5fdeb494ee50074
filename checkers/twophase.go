package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// TwoPhase holds the invariants of two-phase-commit sinks (reference protocols.md 3.3):
// I1 nothing is committed before its checkpoint is durably complete; I2 what a completed
// checkpoint holds is committed in the end; I3 what a restore rolled back is aborted in
// the end; I4 what a completed checkpoint holds is not timed out; I5 a commit takes effect
// once; I6 an aborted checkpoint's transaction lives on and belongs to the next one. The
// interleaving that it is for (Iceberg #15846):
//
//  1. the sink pre-commits transaction 4 for checkpoint 4;
//  2. a task declines checkpoint 4; the coordinator aborts it;
//  3. the sink aborts transaction 4 because its checkpoint was aborted;
//  4. checkpoint 5 completes: its state says that those records were written.
type TwoPhase struct {
	table       transactionTable
	checkpoints bool
	foreign     protocol.CheckpointID // of another run that this one starts from
	point       protocol.CheckpointID // the newest one that was read back
}

// NewTwoPhase makes the checker.
func NewTwoPhase() *TwoPhase { return &TwoPhase{} }

// Name is "two-phase-commit".
func (c *TwoPhase) Name() string { return "two-phase-commit" }

// Kinds are the transactions' events and what completes a checkpoint.
func (c *TwoPhase) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.TransactionOpened, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
		protocol.TransactionAborted, protocol.TransactionTimedOut, protocol.CheckpointCompleted,
		protocol.JobRestored,
	}
}

// Reset forgets all transactions.
func (c *TwoPhase) Reset(s *Setup) {
	c.table.reset(countTasks(s))
	c.checkpoints, c.foreign, c.point = s.Checkpoints, s.RestoredFrom, protocol.NoCheckpoint
}

// Observe follows one transaction, or settles what a completion decides.
func (c *TwoPhase) Observe(e *sim.Event, r *Report) {
	kind := protocol.EventKind(e.Kind)
	if kind == protocol.CheckpointCompleted || kind == protocol.JobRestored {
		c.completed(e, r)
		return
	}
	t := c.table.at(protocol.TransactionID(e.Args[1]))
	if t == nil {
		return
	}
	switch kind {
	case protocol.TransactionOpened:
		t.opened = *e
	case protocol.TransactionPreCommitted:
		t.preCommitted = *e
	case protocol.TransactionCommitted:
		c.committed(t, e, r)
	default:
		c.withdrawn(t, e, r)
	}
}

func (c *TwoPhase) committed(t *transaction, e *sim.Event, r *Report) {
	role := r.History().sinkRole(e.Args[0])
	switch {
	case t.committed.Kind != 0:
		r.Violate(Duplicated, role, t.id.String()+" was committed twice", t.committed, *e)
	case t.withdrawn.Kind != 0:
		r.Violate(Resurrected, role, t.id.String()+" was committed after it was given up", t.withdrawn, *e)
	default:
		c.checkCovered(t, e, r)
	}
	c.checkWhole(t, e, r)
	t.committed = *e
}

// checkCovered is I1. A transaction that a zombie pre-committed after its successor began
// is for Fencing to report.
func (c *TwoPhase) checkCovered(t *transaction, e *sim.Event, r *Report) {
	h := r.History()
	role := h.sinkRole(e.Args[0])
	if !c.checkpoints || covered(t, h) || c.foreign > 0 && t.preCommitted.Kind == 0 {
		return
	}
	if attemptOf(t.id) == h.Attempt() {
		r.Violate(CommittedEarly, role, fmt.Sprintf("%s was committed; no checkpoint from %d on was complete",
			t.id, t.checkpoint()), t.preCommitted, *e)
		return
	}
	if opened := h.AttemptOpened(); t.preCommitted.TimeNanos < opened.TimeNanos {
		r.Violate(Resurrected, role, fmt.Sprintf(
			"%s was rolled back when attempt %d began, and was committed",
			t.id, h.Attempt()), t.preCommitted, opened, *e)
	}
}

// checkWhole compares what was committed with what was pre-committed, and with what the
// checkpoint says that it holds.
func (c *TwoPhase) checkWhole(t *transaction, e *sim.Event, r *Report) {
	role, content := r.History().sinkRole(e.Args[0]), protocol.Tally{Count: e.Args[2], Sum: uint64(e.Args[3])}
	if t.preCommitted.Kind != 0 && t.preCommitted.Args[3] != content.Count {
		r.Violate(TornTransaction, role, fmt.Sprintf(
			"%s was committed with %d records; %d were pre-committed",
			t.id, content.Count, t.preCommitted.Args[3]), t.preCommitted, *e)
		return
	}
	if t.hasContent && t.content != content {
		r.Violate(TornTransaction, role, fmt.Sprintf(
			"%s was committed with %d records of another sum than the %d in its checkpoint",
			t.id, content.Count, t.content.Count), t.preCommitted, *e)
	}
}

// withdrawn is I4 and I6: what a completed checkpoint holds must not be given up.
func (c *TwoPhase) withdrawn(t *transaction, e *sim.Event, r *Report) {
	h := r.History()
	role := h.sinkRole(e.Args[0])
	switch {
	case t.committed.Kind != 0:
		r.Violate(Lost, role, t.id.String()+" was given up after its commit", t.committed, *e)
	case t.preCommitted.Kind != 0 && covered(t, h):
		r.Violate(Lost, role, fmt.Sprintf("%s was given up; checkpoint %d holds it",
			t.id, h.NewestCompleted(attemptOf(t.id))), t.preCommitted, *e)
		t.reported = true
	}
	t.withdrawn = *e
}

// completed looks for transactions that the checkpoint holds and that are gone.
func (c *TwoPhase) completed(e *sim.Event, r *Report) {
	h := r.History()
	c.table.each(func(t *transaction) {
		if t.reported || t.withdrawn.Kind == 0 || t.preCommitted.Kind == 0 || !covered(t, h) {
			return
		}
		t.reported = true
		r.Violate(Lost, h.sinkRole(t.withdrawn.Args[0]), fmt.Sprintf(
			"%s was given up; then checkpoint %d, which holds it, was completed",
			t.id, h.NewestCompleted(attemptOf(t.id))), t.preCommitted, t.withdrawn, *e)
	})
}

// ObservePoint notes what the checkpoint says that its transactions hold.
func (c *TwoPhase) ObservePoint(p *protocol.RecoveryPoint, r *Report) {
	c.point = max(c.point, p.Checkpoint)
	for i := range p.Tasks {
		for _, held := range p.Tasks[i].Transactions {
			t := c.table.at(held.Transaction)
			if t == nil {
				continue
			}
			t.content, t.hasContent = held.Content, true
			t.held = max(t.held, p.Checkpoint)
		}
	}
}

// Finish is I2 and I3: nothing that a completed checkpoint holds is left uncommitted, and
// nothing of a rolled-back attempt is left open. Where a job has failed, the checkpoint that
// it can be started from again still holds what was not committed: what readers see is whole
// checkpoints, without a hole.
func (c *TwoPhase) Finish(end *End, r *Report) {
	h := r.History()
	c.keepsTheRest(end, r)
	if end.Status == protocol.JobFinished {
		c.table.each(func(t *transaction) {
			if t.preCommitted.Kind != 0 && !t.settled() && covered(t, h) {
				r.Violate(Lost, h.role(int64(t.id.Task())), fmt.Sprintf(
					"%s was never committed; checkpoint %d holds it",
					t.id, h.NewestCompleted(attemptOf(t.id))), t.preCommitted)
			}
		})
	}
	for _, id := range end.OpenTransactions {
		if t := c.table.at(id); t != nil && c.lingers(t, end, h) {
			r.Violate(Leaked, h.role(int64(id.Task())), id.String()+" is open and nobody will end it",
				t.opened, t.preCommitted)
		}
	}
}

// lingers reports whether nobody will commit or abort an open transaction any more.
func (c *TwoPhase) lingers(t *transaction, end *End, h *History) bool {
	if t.settled() || covered(t, h) {
		return false
	}
	return end.Status == protocol.JobFinished ||
		end.Status == protocol.JobRunning && attemptOf(t.id) < h.Attempt()
}

// keepsTheRest holds that the newest checkpoint which a failed job has kept holds what is
// left to commit.
func (c *TwoPhase) keepsTheRest(end *End, r *Report) {
	n, h := len(end.Retained), r.History()
	if end.Status != protocol.JobFailed || n == 0 || end.Retained[n-1] != c.point {
		return
	}
	c.table.each(func(t *transaction) {
		if t.preCommitted.Kind != 0 && !t.settled() && covered(t, h) && t.held < c.point {
			r.Violate(Lost, h.role(int64(t.id.Task())), fmt.Sprintf(
				"%s was not committed, and checkpoint %d, which is retained, does not hold it", t.id, c.point),
				t.preCommitted)
		}
	})
}
