package checkers

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

func TestClassesHaveWordsOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for i, word := range Classes() {
		require.NotEmpty(t, word)
		require.False(t, seen[word])
		seen[word] = true
		c, ok := ParseClass(word)
		require.True(t, ok)
		require.Equal(t, Class(i), c)
		require.Equal(t, word, c.String())
	}
	_, ok := ParseClass("los")
	require.False(t, ok)
}

func TestEachCheckerHasAnOwnName(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range New(tapeSetup()).Names() {
		require.False(t, seen[name], name)
		seen[name] = true
	}
	require.Len(t, seen, 17)
}

func TestASignatureIsReportedOnceWithItsFirstProof(t *testing.T) {
	p := newTape(t, tapeSetup())
	p.begin(0, 0)
	high := p.task(protocol.WatermarkAdvanced, delays, 50)
	low := p.task(protocol.WatermarkAdvanced, delays, 40)
	p.task(protocol.WatermarkAdvanced, delays, 30)
	p.task(protocol.WatermarkAdvanced, delays, 20)
	got := p.suite.Violations()
	requireOnly(t, got, "watermark-regression/watermarks/delays", high, low)
	require.Equal(t, int64(2), got[0].Repeats)
	require.Equal(t, low.TimeNanos, got[0].TimeNanos)
}

func TestASignatureHoldsNoIDsAndNoTimes(t *testing.T) {
	signature := func(task int64, shift int64) string {
		p := newTape(t, tapeSetup())
		p.after(shift)
		p.begin(0, 0)
		p.task(protocol.WatermarkAdvanced, task, 50+shift)
		p.task(protocol.WatermarkAdvanced, task, 40)
		return p.suite.Violations()[0].Signature
	}
	require.Equal(t, signature(flights0, 0), signature(flights1, 17*ms))
}

func TestViolationsAreBounded(t *testing.T) {
	var r Report
	for i := range 2 * maxViolations {
		r.Violate(Lost, string(rune('a'+i)), "x")
	}
	require.Len(t, r.violations, maxViolations)
	require.Equal(t, int64(maxViolations), r.dropped)
}

func TestAWitnessIsInTheOrderOfTheRun(t *testing.T) {
	var r Report
	r.Violate(Lost, "x", "x", sim.Event{TimeNanos: 3, Kind: 1}, sim.Event{}, sim.Event{TimeNanos: 1,
		Kind: 1}, sim.Event{TimeNanos: 2, Kind: 1})
	w := r.violations[0].Witness
	require.Equal(t, []int64{1, 2, 3}, []int64{w[0].TimeNanos, w[1].TimeNanos, w[2].TimeNanos})
}

func TestAPanicOfTheRunIsAViolation(t *testing.T) {
	s := New(tapeSetup())
	last := sim.Event{TimeNanos: 7, Kind: sim.EventKind(protocol.BufferSent)}
	s.Panicked("index out of range", "task.Task.serve", last)
	requireOnly(t, s.Violations(), "panic/run/task.Task.serve", last)
}

func TestACheckpointThatCannotBeReadBackIsLost(t *testing.T) {
	p := newTape(t, tapeSetup())
	p.begin(0, 0)
	triggered, completed := p.checkpoint(1, 0)
	p.suite.Unreadable(1, errors.New("object 1/1/0/0 is not in the store"))
	requireOnly(t, p.suite.Violations(), "lost/cut/store", triggered, completed)
}

func TestMarksOfARunAreCollected(t *testing.T) {
	p := newTape(t, tapeSetup())
	p.begin(0, 0)
	p.checkpoint(1, 0)
	p.begin(1, 1)
	p.in(1, protocol.ChannelBlocked, delays, 0, 2)
	want := protocol.MarkSetOf(protocol.MarkCheckpointCompleted, protocol.MarkRestoredFromCheckpoint,
		protocol.MarkAlignmentBlocked)
	require.Equal(t, want, p.suite.Marks())
	p.suite.Reset(tapeSetup())
	require.Zero(t, p.suite.Marks())
}

// spoiledRun plays a short run with one violation of each of several checkers.
func spoiledRun(p *tape) []Violation {
	p.now, p.ordinals = 0, map[sim.ActorID]uint64{}
	p.begin(0, 0)
	p.task(protocol.WatermarkAdvanced, delays, 50)
	p.task(protocol.WatermarkAdvanced, delays, 40)
	p.task(protocol.SegmentTaken, delays, 0, 0, 2)
	p.task(protocol.BufferSent, delays, 0, 0, 100, 3, 10)
	p.checkpoint(1, 0)
	p.checkpoint(1, 0)
	commit(p, txn(0, 7))
	return p.finished()
}

func TestASuiteServesManyRunsAndForgetsEach(t *testing.T) {
	fresh := spoiledRun(newTape(t, tapeSetup()))
	require.Greater(t, len(fresh), 4)
	p := newTape(t, tapeSetup())
	for range 3 {
		require.Equal(t, fresh, spoiledRun(p))
		p.suite.Reset(tapeSetup())
		require.Empty(t, p.suite.Violations())
	}
}

func TestObservingDoesNotAllocateInTheSteadyState(t *testing.T) {
	p := newTape(t, tapeSetup())
	p.begin(0, 0)
	p.task(protocol.CreditGranted, db, 0, 2, 2)
	sequence, e := int64(0), new(sim.Event)
	emit := func(actor sim.ActorID, kind protocol.EventKind, args [6]int64) {
		p.now += 1000
		*e = sim.Event{TimeNanos: p.now, Actor: actor, Kind: sim.EventKind(kind), Args: args}
		p.suite.Observe(e)
	}
	sender, receiver := actorOf(0, delays), actorOf(0, db)
	step := func() {
		emit(sender, protocol.SegmentTaken, [6]int64{delays, 0, 0, 1})
		emit(sender, protocol.BufferSent, [6]int64{delays, 0, sequence, 100, sequence * 10, 10})
		emit(sender, protocol.SegmentReturned, [6]int64{delays, 0, 0, 0})
		emit(receiver, protocol.BufferReceived, [6]int64{db, 0, sequence, 100, 1})
		emit(receiver, protocol.BufferConsumed, [6]int64{db, 0, sequence * 10, 10})
		emit(receiver, protocol.CreditGranted, [6]int64{db, 0, 1, 2})
		emit(receiver, protocol.WatermarkAdvanced, [6]int64{db, sequence})
		sequence++
	}
	step()
	require.Zero(t, testing.AllocsPerRun(1000, step))
	require.Empty(t, p.suite.Violations())
}

func BenchmarkObserveBuffer(b *testing.B) {
	s := New(tapeSetup())
	e := sim.Event{Actor: actorOf(0, delays), Kind: sim.EventKind(protocol.BufferSent),
		Args: [6]int64{delays, 0, -1, 100, -10, 10}}
	b.ReportAllocs()
	for b.Loop() {
		e.Args[2]++
		e.Args[4] += 10
		s.Observe(&e)
	}
}
