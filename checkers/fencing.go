package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Fencing holds that nothing an old attempt or an old leader does has an effect once its
// successor has begun: its acknowledgements are not counted, its transactions are not
// committed, its objects do not replace those of a completed checkpoint, and it completes
// no checkpoint. The interleaving that it is for (dst.md M21):
//
//  1. a partition cuts off a task manager; its tasks run on;
//  2. the job restarts elsewhere as attempt 1 and triggers checkpoint 6;
//  3. the partition heals; an acknowledgement of attempt 0 arrives;
//  4. it is counted for checkpoint 6, whose state is then of two attempts.
type Fencing struct {
	table       transactionTable
	checkpoints bool
	lastEpoch   sim.Event
}

// NewFencing makes the checker.
func NewFencing() *Fencing { return &Fencing{} }

// Name is "fencing".
func (f *Fencing) Name() string { return "fencing" }

// Kinds are the effects that an old attempt or leader could have.
func (f *Fencing) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.CheckpointAcknowledged, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
		protocol.ObjectStored, protocol.CheckpointCompleted, protocol.LeaderElected,
	}
}

// Reset forgets the run.
func (f *Fencing) Reset(s *Setup) {
	f.table.reset(countTasks(s))
	f.checkpoints, f.lastEpoch = s.Checkpoints, sim.Event{}
}

// Observe looks whose effect the event is.
func (f *Fencing) Observe(e *sim.Event, r *Report) {
	switch protocol.EventKind(e.Kind) {
	case protocol.CheckpointAcknowledged:
		f.acknowledged(e, r)
	case protocol.TransactionPreCommitted:
		if t := f.table.at(protocol.TransactionID(e.Args[1])); t != nil {
			t.preCommitted = *e
		}
	case protocol.TransactionCommitted:
		f.committed(e, r)
	case protocol.ObjectStored:
		f.stored(e, r)
	case protocol.CheckpointCompleted:
		f.completed(e, r)
	case protocol.LeaderElected:
		f.elected(e, r)
	}
}

func (f *Fencing) acknowledged(e *sim.Event, r *Report) {
	h := r.History()
	if e.Args[3] != 0 || h.FormerLeader(e) {
		return
	}
	attempt, known := protocol.Attempt(e.Args[2]), h.Checkpoint(protocol.CheckpointID(e.Args[0]))
	if attempt < h.Attempt() {
		r.Violate(ZombieWrite, h.role(e.Args[1]), fmt.Sprintf(
			"checkpoint %d counted an acknowledgement of %s from attempt %d; attempt %d had begun",
			e.Args[0], h.name(e.Args[1]), attempt, h.Attempt()), h.AttemptOpened(), *e)
		return
	}
	if known != nil && known.Attempt != attempt {
		r.Violate(ZombieWrite, h.role(e.Args[1]), fmt.Sprintf(
			"checkpoint %d of attempt %d counted an acknowledgement of %s from attempt %d",
			e.Args[0], known.Attempt, h.name(e.Args[1]), attempt), known.Triggered, *e)
	}
}

// committed reports the commit of what a zombie pre-committed after its successor began;
// what was pre-committed before that and rolled back is for TwoPhase to report.
func (f *Fencing) committed(e *sim.Event, r *Report) {
	h, t := r.History(), f.table.at(protocol.TransactionID(e.Args[1]))
	if t == nil {
		return
	}
	t.committed = *e // settled: it may be forgotten
	if !f.checkpoints || t.preCommitted.Kind == 0 || covered(t, h) {
		return
	}
	opened := h.AttemptOpened()
	if attemptOf(t.id) < h.Attempt() && t.preCommitted.TimeNanos >= opened.TimeNanos {
		r.Violate(ZombieWrite, h.sinkRole(e.Args[0]), fmt.Sprintf(
			"%s was committed; attempt %d had begun before it was pre-committed",
			t.id, h.Attempt()), opened, t.preCommitted, *e)
	}
}

// stored holds that the parts of a completed checkpoint stay as they are.
func (f *Fencing) stored(e *sim.Event, r *Report) {
	h := r.History()
	known := h.Checkpoint(protocol.CheckpointID(e.Args[1]))
	if e.Args[0] < 0 || known == nil || known.Status != protocol.CheckpointSucceeded {
		return
	}
	r.Violate(ZombieWrite, h.role(e.Args[0]), fmt.Sprintf(
		"%s stored a part of checkpoint %d after its completion",
		h.name(e.Args[0]), e.Args[1]), known.Ended, *e)
}

// completed holds that a leader completes nothing that its successor does not find. What it
// completes before the successor has looked is for RestoreRules:
//
//  1. a leader writes the pointer of checkpoint 3 and stands still before the answer comes;
//  2. another one is elected and asks for the record;
//  3. the first one wakes up, hears that the pointer is there, and says that 3 is complete;
//  4. the second one finds checkpoint 3 and restores it.
func (f *Fencing) completed(e *sim.Event, r *Report) {
	if !r.History().FormerLeader(e) || !r.History().TookOver() {
		return
	}
	leader := r.History().Leader()
	known := r.History().Checkpoint(protocol.CheckpointID(e.Args[0]))
	if known != nil && known.Status == protocol.CheckpointSucceeded && known.Ended != *e {
		return // its successor has found it complete, and told
	}
	r.Violate(ZombieWrite, "job-manager", fmt.Sprintf(
		"checkpoint %d was completed by a leader that had been replaced in epoch %d",
		e.Args[0], leader.Args[1]), leader, *e)
}

func (f *Fencing) elected(e *sim.Event, r *Report) {
	if f.lastEpoch.Kind != 0 && e.Args[1] <= f.lastEpoch.Args[1] {
		r.Violate(ZombieWrite, "job-manager", fmt.Sprintf("a leader was elected with epoch %d after epoch %d",
			e.Args[1], f.lastEpoch.Args[1]), f.lastEpoch, *e)
	}
	f.lastEpoch = *e
}

// Finish has nothing to add.
func (f *Fencing) Finish(*End, *Report) {}
