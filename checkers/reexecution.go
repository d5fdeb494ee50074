package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Reexecution holds exactly-once effects of merge-order and time-dependent operators
// (reference protocols.md 3.2, classes B and C): run again in the order in which the run
// merged its channels, with its watermarks, timers and clock reads, the pure operators
// come to the same states at every completed checkpoint and to the same output. What a
// restore took back is not run again. The interleaving that it is for (FLINK-4651):
//
//  1. a window operator registers a timer and is snapshotted with its state;
//  2. the job is restored; the timer is in the heap but the clock is not armed;
//  3. watermarks pass it by; the window never fires;
//  4. counts, cuts and channels are right; only a second execution knows of the firing.
type Reexecution struct {
	recorder witnessRecorder
	sums     []protocol.Tally // visible output by position in Setup.Sinks
	last     []sim.Event
	enabled  bool
	reached  protocol.CheckpointID // how far Replay has gone
}

// NewReexecution makes the checker.
func NewReexecution() *Reexecution { return &Reexecution{} }

// Name is "re-execution".
func (x *Reexecution) Name() string { return "re-execution" }

// Kinds are what a witness is made of, and outputs.
func (x *Reexecution) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.BufferConsumed, protocol.RecordApplied, protocol.WatermarkAdvanced, protocol.TimerFired,
		protocol.ClockRead, protocol.SnapshotStarted, protocol.JobRestored, protocol.OutputVisible,
	}
}

// Reset forgets the run. Jobs that are order-free as a whole need no witness.
func (x *Reexecution) Reset(s *Setup) {
	x.sums, x.last = resized(x.sums, len(s.Sinks)), resized(x.last, len(s.Sinks))
	x.reached = s.RestoredFrom
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
			x.last[sink] = *e
		}
	case protocol.JobRestored:
		x.restored(e)
	default:
		x.recorder.observe(e, r.History())
	}
}

// restored takes back what is not in the restored checkpoint. When that is not the one up
// to which Replay has gone, Replay cannot follow; RestoreRules tells why.
func (x *Reexecution) restored(e *sim.Event) {
	if e.Args[0] == 0 {
		return
	}
	if protocol.CheckpointID(e.Args[1]) != x.reached {
		x.enabled = false
		return
	}
	x.recorder.takeBack()
}

// ObservePoint runs the operators on to a completed checkpoint and compares states.
func (x *Reexecution) ObservePoint(p *protocol.RecoveryPoint, r *Report) {
	if !x.enabled {
		return
	}
	witness, ok := x.recorder.upTo(p)
	if !ok || !x.run(witness, r) {
		x.enabled = false
		return
	}
	x.reached = p.Checkpoint
	want := r.History().setup.Replay.Reached()
	for i := range want.States {
		compareStates(stateAt(p, want.States[i].Operator), &want.States[i], false, r)
	}
}

// stateAt sums an operator's state over its subtasks.
func stateAt(p *protocol.RecoveryPoint, operator uint64) StateEnd {
	sum := StateEnd{Operator: operator}
	for i := range p.Tasks {
		for _, s := range p.Tasks[i].States {
			if s.Operator == operator {
				sum.Applied, sum.Content = sum.Applied.Plus(s.Applied), sum.Content+s.Content
			}
		}
	}
	return sum
}

func (x *Reexecution) run(w *Witness, r *Report) bool {
	if err := r.History().setup.Replay.Reexecute(w); err != nil {
		r.Violate(Corrupt, "witness", "what the run did is no execution of its operators: "+err.Error())
		return false
	}
	return true
}

// Finish runs the operators to the end of a finished job and compares its output.
func (x *Reexecution) Finish(end *End, r *Report) {
	s := r.History().setup
	if !x.enabled || end.Status != protocol.JobFinished || !x.run(x.recorder.rest(), r) {
		return
	}
	want := s.Replay.Reached()
	for i := range want.Outputs {
		x.compareOutput(&want.Outputs[i], end, r)
	}
}

func (x *Reexecution) compareOutput(want *ExpectedOutput, end *End, r *Report) {
	s := r.History().setup
	i := sinkIndex(s, want.Sink)
	if i < 0 || s.Sinks[i].Order == OrderFree || s.Sinks[i].Promise == Append && r.History().Attempt() > 0 {
		return
	}
	if got := x.sums[i]; s.Sinks[i].Promise != Upsert && got != want.Tally {
		r.Violate(byCount(got, want.Tally), s.Sinks[i].Name, fmt.Sprintf(
			"%d records are due in the witnessed order and %d are visible",
			want.Tally.Count, got.Count), x.last[i])
		return
	}
	for _, out := range end.Outputs {
		if out.Sink == want.Sink && want.HasContent && out.Content != want.Content {
			r.Violate(Corrupt, s.Sinks[i].Name,
				"the output holds other values than a second execution in the witnessed order", x.last[i])
		}
	}
}
