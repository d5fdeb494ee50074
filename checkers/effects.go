package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Effects holds exactly-once effects of order-free operators (reference protocols.md 3.2,
// class A): when a job has used up its input, committed output and final states are the
// sequential fold of the input, computed without the simulator. (Merge-order and
// time-dependent ones are for Reexecution.) The interleaving that it is for:
//
//  1. a job runs at-least-once: channels are read on during alignment;
//  2. a state takes in records from behind the barrier, then is snapshotted;
//  3. a task fails; sources go back to the barrier;
//  4. those records are applied again: the counts are too high, and nothing else shows it.
//
// Under a weaker promise, or a weaker contract, output may repeat after a failure, but
// nothing may be missing.
type Effects struct {
	sums     []protocol.Tally // by position in Setup.Sinks
	last     []sim.Event
	restored sim.Event // the last restart
}

// NewEffects makes the checker.
func NewEffects() *Effects { return &Effects{} }

// Name is "effects".
func (f *Effects) Name() string { return "effects" }

// Kinds are outputs and restarts.
func (f *Effects) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.OutputVisible, protocol.JobRestored}
}

// Reset forgets the run.
func (f *Effects) Reset(s *Setup) {
	f.sums, f.last = resized(f.sums, len(s.Sinks)), resized(f.last, len(s.Sinks))
	f.restored = sim.Event{}
}

// Observe adds up outputs.
func (f *Effects) Observe(e *sim.Event, r *Report) {
	if protocol.EventKind(e.Kind) == protocol.JobRestored {
		if e.Args[0] > 0 {
			f.restored = *e
		}
		return
	}
	if sink := sinkIndex(r.History().setup, e.Args[0]); sink >= 0 {
		f.sums[sink] = f.sums[sink].Plus(protocol.Tally{Count: e.Args[2], Sum: uint64(e.Args[3])})
		f.last[sink] = *e
	}
}

// Finish compares a finished job with the fold of its input.
func (f *Effects) Finish(end *End, r *Report) {
	s := r.History().setup
	if s.Replay == nil || end.Status != protocol.JobFinished || s.RestoredFrom > 0 || f.excused(s) {
		return
	}
	expected, bounded := s.Replay.Expected()
	if !bounded {
		return
	}
	for i := range expected.Outputs {
		f.compareOutput(&expected.Outputs[i], end, r)
	}
	for i := range expected.States {
		f.compareState(&expected.States[i], end, r)
	}
}

// excused: without checkpoints nothing is promised after a failure.
func (f *Effects) excused(s *Setup) bool { return !s.Checkpoints && f.restored.Kind != 0 }

// mayRepeat reports whether output, or effects, may be there more than once.
func (f *Effects) mayRepeat(s *Setup, promise Promise) bool {
	return f.restored.Kind != 0 && (s.Contract == protocol.ContractAtLeastOnce || promise == Append)
}

func (f *Effects) compareOutput(want *ExpectedOutput, end *End, r *Report) {
	h := r.History()
	i := sinkIndex(h.setup, want.Sink)
	if i < 0 || h.setup.Sinks[i].Order != OrderFree {
		return
	}
	sink, got := &h.setup.Sinks[i], f.sums[i]
	if sink.Promise == Upsert {
		f.compareTable(want, sink, end, r)
		return
	}
	class := byCount(got, want.Tally)
	if got == want.Tally || class == Duplicated && f.mayRepeat(h.setup, sink.Promise) {
		return
	}
	r.Violate(class, sink.Name, fmt.Sprintf(
		"%d records are due and %d are visible", want.Tally.Count, got.Count),
		f.restored, f.last[i])
}

// compareTable compares what an upsert sink's table holds: repeated writes do not count.
func (f *Effects) compareTable(want *ExpectedOutput, sink *Sink, end *End, r *Report) {
	for i := range end.Outputs {
		if out := &end.Outputs[i]; out.Sink == want.Sink && want.HasContent && out.Content != want.Content {
			r.Violate(Corrupt, sink.Name, fmt.Sprintf(
				"the table of %s holds other values than the fold of the input",
				sink.Name), f.restored)
		}
	}
}

func (f *Effects) compareState(want *ExpectedState, end *End, r *Report) {
	s := r.History().setup
	for i := range end.States {
		got := &end.States[i]
		if got.Operator != want.Operator {
			continue
		}
		compareStates(*got, want, f.mayRepeat(s, Transactional), r)
	}
}

// compareStates words the difference between a state and what it must be.
func compareStates(state StateEnd, due *ExpectedState, mayRepeat bool, r *Report) {
	got, want, role := state.Applied, due.Applied, due.Name
	class := byCount(got, want)
	switch {
	case got != want && !(class == Duplicated && mayRepeat):
		r.Violate(class, role, fmt.Sprintf(
			"the state of %s must hold the effects of %d records and holds those of %d",
			role, want.Count, got.Count))
	case got == want && state.Content != due.Content:
		r.Violate(Corrupt, role, fmt.Sprintf(
			"the state of %s holds the effects of the right %d records, but other values",
			role, want.Count))
	}
}
