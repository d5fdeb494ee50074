package checkers

import (
	"errors"
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Reexecution holds exactly-once effects of merge-order and time-dependent operators
// (reference protocols.md 3.2, classes B and C): run again in the order in which the run
// merged its channels, with its timers and clock reads, the pure operators come to the same
// states and outputs at every completed checkpoint and at the end. What a restore took back
// is not run again. The interleaving that it is for (FLINK-4651):
//
//  1. a window operator registers a timer and is snapshotted with its state;
//  2. the job is restored; the timer is in the heap but the clock is not armed;
//  3. watermarks pass it by; the window never fires;
//  4. counts, cuts and channels are right; only a second execution knows of the firing.
//
// The second execution never restores anything: so it shows what a restore forgot.
type Reexecution struct {
	recorder witnessRecorder
	sums     []protocol.Tally // visible output by position in Setup.Sinks
	contents []uint64
	last     []sim.Event
	visible  [][]sim.Event // RecordVisible of ordered sinks, in detailed runs
	restored sim.Event     // the last restart
	enabled  bool
	reached  protocol.CheckpointID // how far Replay has gone
}

// NewReexecution makes the checker.
func NewReexecution() *Reexecution { return &Reexecution{} }

// Name is "re-execution".
func (x *Reexecution) Name() string { return "re-execution" }

// Kinds are what a witness is made of, and outputs.
func (x *Reexecution) Kinds() []protocol.EventKind {
	return append(witnessKinds(), protocol.JobRestored, protocol.OutputVisible, protocol.RecordVisible)
}

// Reset forgets the run. Jobs that are order-free as a whole need no witness; without
// checkpoints a run has a witness until its first failure.
func (x *Reexecution) Reset(s *Setup) {
	x.sums, x.last = resized(x.sums, len(s.Sinks)), resized(x.last, len(s.Sinks))
	x.contents = resized(x.contents, len(s.Sinks))
	x.visible = widened(x.visible, len(s.Sinks))
	for i := range x.visible {
		x.visible[i] = x.visible[i][:0]
	}
	x.reached, x.restored = s.RestoredFrom, sim.Event{}
	x.enabled = s.Replay != nil && s.Contract == protocol.ContractExactlyOnce &&
		s.RestoredFrom == protocol.NoCheckpoint && anyOrdered(s)
	x.recorder.reset(s)
}

func anyOrdered(s *Setup) bool {
	for i := range s.Vertices {
		if s.Vertices[i].Order != OrderFree {
			return true
		}
	}
	return false
}

// Observe records a step of the witness.
func (x *Reexecution) Observe(e *sim.Event, r *Report) {
	if !x.enabled {
		return
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.OutputVisible:
		if sink := sinkIndex(r.History().setup, e.Args[0]); sink >= 0 {
			x.sums[sink] = x.sums[sink].Plus(protocol.Tally{Count: e.Args[2], Sum: uint64(e.Args[3])})
			x.contents[sink] += uint64(e.Args[4])
			x.last[sink] = *e
		}
	case protocol.RecordVisible:
		if sink := sinkIndex(r.History().setup, e.Args[0]); sink >= 0 {
			x.visible[sink] = append(x.visible[sink], *e)
		}
	case protocol.JobRestored:
		if !r.History().FormerLeader(e) { // what a deposed one starts never runs
			x.goBack(e, r)
		}
	default:
		x.recorder.observe(e, r.History())
	}
}

// goBack takes back what is not in the restored checkpoint. One that was completed without
// anybody saying so (its leader died in between) is gone up to first. When Replay has gone
// further than that, it cannot follow; RestoreRules tells why.
func (x *Reexecution) goBack(e *sim.Event, r *Report) {
	if e.Args[0] == 0 {
		return
	}
	x.restored = *e
	if id := protocol.CheckpointID(e.Args[1]); id > x.reached {
		x.goTo(id, r)
	}
	x.enabled = x.enabled && protocol.CheckpointID(e.Args[1]) == x.reached && r.History().setup.Checkpoints
	x.recorder.takeBack()
}

// goTo runs the operators on to a checkpoint.
func (x *Reexecution) goTo(id protocol.CheckpointID, r *Report) {
	witness, ok := x.recorder.upTo(id)
	if x.enabled = x.enabled && ok; !x.enabled {
		return
	}
	x.reached = id
	if err := r.History().setup.Replay.Reexecute(witness); err != nil {
		x.diverged(err, r)
	}
}

// diverged reports that the operators could not follow the witness.
func (x *Reexecution) diverged(err error, r *Report) {
	x.enabled = false
	class, role := Corrupt, "witness"
	var d *Divergence
	if errors.As(err, &d) {
		class, role = d.Class, r.History().role(int64(d.Task))
	}
	triggered, ended := eventsOf(r.History(), x.reached)
	r.Violate(class, role, "what the run did is no execution of its operators: "+err.Error(),
		x.restored, triggered, ended)
}

// ObservePoint runs the operators on to a completed checkpoint and compares what they have
// come to. Tasks before the first that cannot follow may show why it could not. After a
// difference nothing later could be equal.
func (x *Reexecution) ObservePoint(p *protocol.RecoveryPoint, r *Report) {
	if !x.enabled || p.Checkpoint <= x.reached {
		return
	}
	witness, ok := x.recorder.upTo(p.Checkpoint)
	if !ok {
		x.enabled = false
		return
	}
	x.reached = p.Checkpoint
	replay := r.History().setup.Replay
	err := replay.Reexecute(witness)
	tasks := len(p.Tasks)
	var d *Divergence
	if errors.As(err, &d) {
		tasks = int(d.Task)
	}
	c := pointComparison{point: p, restored: x.restored, report: r}
	if c.compare(replay.Reached(), tasks) {
		x.enabled = false
	} else if err != nil {
		x.diverged(err, r)
	}
}

// Finish runs the operators to the end of a finished job and compares its output.
func (x *Reexecution) Finish(end *End, r *Report) {
	s := r.History().setup
	if !x.enabled || end.Status != protocol.JobFinished {
		return
	}
	x.reached = protocol.NoCheckpoint
	if err := s.Replay.Reexecute(x.recorder.rest()); err != nil {
		x.diverged(err, r)
		return
	}
	want := s.Replay.Reached()
	for i := range want.Outputs {
		if sink := sinkIndex(s, want.Outputs[i].Sink); sink >= 0 {
			x.compareOutput(&want.Outputs[i], sink, end, r)
		}
	}
}

// compareOutput judges what readers see of an ordered sink. Plain appends may repeat after
// a failure; so may writes into a table that the effective history does not make again:
// (1) attempt 0 reads a rule before a record that matches it, and writes a row for it; (2) the
// job restarts from before both; (3) attempt 1 reads the record before the rule: no row.
func (x *Reexecution) compareOutput(want *ExpectedOutput, sink int, end *End, r *Report) {
	s := &r.History().setup.Sinks[sink]
	again := x.restored.Kind != 0
	if s.Order == OrderFree || s.Promise == Append && again {
		return
	}
	if s.Promise == Upsert {
		if s.Order == MergeOrder && !s.KeysVary || !again {
			x.compareTable(want, s, end, r)
		}
		return
	}
	if x.sums[sink] == want.Tally {
		if want.HasContent && x.contents[sink] != want.Content {
			r.Violate(Corrupt, s.Name, fmt.Sprintf(
				"the right %d records are visible, with other values than in the witnessed order", want.Tally.Count),
				x.restored, x.last[sink])
		}
		return
	}
	if want.Lineages != nil {
		c := comparison{got: sorted(x.visible[sink], 2), arg: 2, role: s.Name}
		c.against(want.Lineages, r)
		return
	}
	r.Violate(byCount(x.sums[sink], want.Tally), s.Name, fmt.Sprintf(
		"%d records are due in the witnessed order and %d are visible",
		want.Tally.Count, x.sums[sink].Count), x.restored, x.last[sink])
}

func (x *Reexecution) compareTable(want *ExpectedOutput, s *Sink, end *End, r *Report) {
	for _, out := range end.Outputs {
		if out.Sink == want.Sink && want.HasContent && out.Content != want.Content {
			r.Violate(Corrupt, s.Name, "the table of "+s.Name+
				" holds other values than a second execution in the witnessed order", x.restored)
		}
	}
}
