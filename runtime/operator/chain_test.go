package operator_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// allOperators is a chain with every kind of state: two inputs, lists, timers of both
// clocks, windows, a clock reader.
func allOperators() []operator.Spec {
	return []operator.Spec{
		operator.Join("join"),
		operator.FlatMap("ends", operator.ExpandEnds, 0),
		operator.Running("sum", operator.RunningOptions{
			Aggregate: operator.Sum, Field: operator.FieldA, Emit: operator.EmitInput,
		}),
		operator.CountWithTimeout("quiet", operator.TimeoutOptions{
			AfterNanos: 7, Domain: state.ProcessingTime, Restart: true, Running: true,
		}),
		operator.Window("sessions", operator.WindowOptions{
			Assigner: operator.Session, GapNanos: 3, LatenessNanos: 4,
		}),
		operator.Window("slides", operator.WindowOptions{
			Assigner: operator.Sliding, SizeNanos: 6, SlideNanos: 2,
		}),
		operator.Dedup("dedup", 20),
		operator.Fraud("fraud", operator.FraudOptions{SmallBelow: 2, LargeAbove: 2, WithinNanos: 5}),
	}
}

// call is one call of a chain, as data.
type call struct {
	kind, input int
	record      record.Record
	nanos       int64
	limit       int
}

func calls(t *rapid.T, least int) (all []call) {
	clock, watermarks := int64(0), [2]int64{-20, -20}
	for i := range rapid.IntRange(least, 40).Draw(t, "calls") {
		c := call{kind: rapid.IntRange(0, 7).Draw(t, "call"), input: rapid.IntRange(0, 1).Draw(t, "input")}
		clock += rapid.Int64Range(0, 3).Draw(t, "clock")
		switch c.kind {
		case 5:
			watermarks[c.input] += rapid.Int64Range(0, 9).Draw(t, "advance")
			c.nanos, c.limit = watermarks[c.input], rapid.IntRange(0, 3).Draw(t, "limit")
		case 6:
			c.nanos, c.limit = clock, rapid.IntRange(1, 9).Draw(t, "limit")
		case 7:
			c.nanos = int64(record.TagIdle) - rapid.Int64Range(0, 1).Draw(t, "active")
		default:
			c.kind, c.nanos = 0, clock
			c.record = record.Record{
				Lineage: uint64(i + 1), Key: rapid.Uint64Range(0, 3).Draw(t, "key"),
				A: rapid.Int64Range(0, 4).Draw(t, "a"), B: rapid.Int64Range(0, 3).Draw(t, "b"),
				TimeNanos: watermarks[c.input] + rapid.Int64Range(-2, 9).Draw(t, "time"),
			}
		}
		all = append(all, c)
	}
	return all
}

// make carries a call out, all of its timers included, and notes what left the chain.
func (k call) make(c *operator.Chain, emitted *[]record.Record) {
	note := func() { *emitted = append(*emitted, c.Out.Records...) }
	switch k.kind {
	case 0:
		c.ClockNanos = k.nanos
		r := k.record
		c.Process(k.input, &r)
		note()
	case 5:
		done := c.Watermark(k.input, k.nanos, k.limit)
		for note(); !done; note() {
			done = c.Continue(k.limit + 1)
		}
	case 6:
		c.FireProcessingTimers(k.nanos, k.limit)
		note()
	case 7:
		done := c.Status(k.input, record.Tag(k.nanos), operator.Unlimited)
		note()
		if !done {
			panic("timers left")
		}
	}
}

func TestChainGoesBackToAnyMark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, reference := chainOf(allOperators()...), chainOf(allOperators()...)
		c.Witness = &operator.Witness{Steps: []operator.Step{}}
		reference.Witness = &operator.Witness{Steps: []operator.Step{}}
		var before, final, want []record.Record
		for _, k := range calls(t, 0) {
			k.make(c, &before)
			k.make(reference, &want)
		}
		require.Equal(t, want, before)
		c.Begin()
		start := c.Mark()
		wrong := calls(t, 1)
		back := rapid.IntRange(0, len(wrong)-1).Draw(t, "back")
		mark := start
		for i, k := range wrong {
			if i == back {
				mark = c.Mark()
			}
			k.make(c, &final)
		}
		c.Rollback(mark)
		for _, k := range wrong[:back] {
			k.make(reference, &want)
		}
		c.ClockNanos = reference.ClockNanos
		require.Equal(t, reference.Points(), c.Points())
		c.Commit()
		final, want = nil, nil
		for _, k := range calls(t, 0) {
			k.make(c, &final)
			k.make(reference, &want)
		}
		require.Equal(t, want, final)
		require.Equal(t, reference.Points(), c.Points())
		require.Equal(t, reference.Witness.Steps, c.Witness.Steps)
		require.Equal(t, reference.WatermarkNanos(), c.WatermarkNanos())
		require.Equal(t, reference.SizeBytes(), c.SizeBytes())
	})
}

// channels hands records out again by channel; channel i feeds input i.
type channels [2][]record.Record

func (ch *channels) Next(channel protocol.ChannelIndex) (r record.Record, input int, ok bool) {
	if len(ch[channel]) == 0 {
		return r, 0, false
	}
	r = ch[channel][0]
	ch[channel] = ch[channel][1:]
	return r, int(channel), true
}

func TestReexecutionFromAWitnessGivesTheSameStateAndOutput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := chainOf(allOperators()...)
		var emitted []record.Record
		for _, k := range calls(t, 0) {
			k.make(c, &emitted)
		}
		snapshot := c.Snapshot(3)
		c.Restore(snapshot)
		c.Witness, c.ClockNanos, emitted = new(operator.Witness), 0, nil
		inputs := new(channels)
		for _, k := range calls(t, 0) {
			if k.kind == 0 {
				inputs[k.input] = append(inputs[k.input], k.record)
				c.Witness.Channel = protocol.ChannelIndex(k.input)
			}
			k.make(c, &emitted)
		}
		again := chainOf(allOperators()...)
		again.Restore(snapshot)
		var repeated []record.Record
		err := operator.Reexecute(again, c.Witness.Steps, inputs, func(r *record.Record) {
			repeated = append(repeated, *r)
		})
		require.NoError(t, err)
		require.Equal(t, emitted, repeated)
		require.Equal(t, c.Points(), again.Points())
	})
}

func TestReexecutionNamesTheChannelThatLacksARecord(t *testing.T) {
	steps := []operator.Step{{Kind: operator.StepRecords, Channel: 1, Count: 2}}
	inputs := &channels{{}, {record.Record{Lineage: 1}}}
	err := operator.Reexecute(chainOf(), steps, inputs, func(*record.Record) {})
	require.EqualError(t, err, "step 0: channel 1 has only 1 of 2 records")
}

func TestResetChainIsAsGoodAsNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, fresh := chainOf(allOperators()...), chainOf(allOperators()...)
		var emitted, want []record.Record
		for _, k := range calls(t, 0) {
			k.make(c, &emitted)
		}
		c.Reset()
		emitted = nil
		for _, k := range calls(t, 0) {
			k.make(c, &emitted)
			k.make(fresh, &want)
		}
		require.Equal(t, want, emitted)
		require.Equal(t, fresh.Points(), c.Points())
	})
}

// timers registers a timer per record and emits its time when it fires.
type timers struct{}

func (timers) Process(ctx *operator.Context, _ int, r *record.Record, _ *operator.Output) {
	ctx.Timers.Register(state.Timer{TimeNanos: r.TimeNanos, Key: r.Key})
}

func (timers) OnTimer(ctx *operator.Context, timer state.Timer, out *operator.Output) {
	out.Emit(record.Record{Key: timer.Key, TimeNanos: timer.TimeNanos, C: ctx.WatermarkNanos})
}

func timerSpec(id string) operator.Spec {
	return operator.Spec{ID: id, New: func() operator.Function { return timers{} }, Timers: true}
}

func texts(records []record.Record) (all []string) {
	for _, r := range records {
		if r.IsRecord() {
			all = append(all, fmt.Sprint(r.Key, "@", r.TimeNanos))
		} else {
			all = append(all, fmt.Sprint("watermark ", r.TimeNanos))
		}
	}
	return all
}

func TestInterruptedTimersGoOnWhereTheyStopped(t *testing.T) {
	c := chainOf(timerSpec("a"), timerSpec("b"))
	for key := range uint64(3) {
		c.Process(0, &record.Record{Key: key, TimeNanos: 10 - int64(key)})
	}
	require.False(t, c.Watermark(0, 20, 2), "one timer of a and all of b are left")
	require.True(t, c.Firing())
	require.Panics(t, func() { c.Process(0, &record.Record{}) })
	require.Empty(t, c.Out.Records, "b has fired nothing")
	snapshot := c.Snapshot(1)
	require.False(t, c.Continue(2))
	require.Equal(t, []string{"2@8"}, texts(c.Out.Records))
	require.True(t, c.Continue(operator.Unlimited))
	require.Equal(t, []string{"1@9", "0@10", "watermark 20"}, texts(c.Out.Records))
	require.False(t, c.Firing())
	c.Restore(snapshot)
	require.False(t, c.Firing(), "a watermark does not survive a restore")
	require.True(t, c.Watermark(0, 20, operator.Unlimited))
	require.Equal(t, []string{"2@8", "1@9", "0@10", "watermark 20"}, texts(c.Out.Records))
}

// A window behind a firing operator still lives before the new watermark: what the firing
// emits is not late there, whether or not the firing was interrupted and taken back.
func TestRollbackIntoAFiringKeepsTheOldWatermarkDownstream(t *testing.T) {
	window := operator.Window("w", operator.WindowOptions{SizeNanos: 5, Aggregate: operator.Count})
	c := chainOf(timerSpec("a"), window)
	process(c, 0, record.Record{Key: 1, TimeNanos: 3})
	process(c, 0, record.Record{Key: 2, TimeNanos: 4})
	c.Begin()
	require.False(t, c.Watermark(0, 20, 1))
	mark := c.Mark()
	require.True(t, c.Continue(operator.Unlimited))
	want := texts(c.Out.Records)
	require.Equal(t, []string{"1@4", "2@4", "watermark 20"}, want)
	c.Rollback(mark)
	require.True(t, c.Firing())
	require.True(t, c.Continue(operator.Unlimited))
	require.Equal(t, want, texts(c.Out.Records))
	require.Empty(t, c.Late)
}

func TestWatermarkIsTheMinimumOverActiveInputs(t *testing.T) {
	c := chainOf(operator.Join("join"))
	c.Watermark(0, 10, operator.Unlimited)
	require.Empty(t, c.Out.Records)
	c.Watermark(1, 5, operator.Unlimited)
	require.Equal(t, []string{"watermark 5"}, texts(c.Out.Records))
	c.Status(1, record.TagIdle, operator.Unlimited)
	require.Equal(t, []string{"watermark 10"}, texts(c.Out.Records))
	c.Status(0, record.TagIdle, operator.Unlimited)
	require.Equal(t, record.TagIdle, c.Out.Records[0].Tag)
	c.Status(1, record.TagActive, operator.Unlimited)
	require.Equal(t, record.TagActive, c.Out.Records[0].Tag)
	c.Watermark(1, 7, operator.Unlimited)
	require.Empty(t, c.Out.Records, "a watermark never goes back")
}

func TestOneWatermarkMayStandForAllInputs(t *testing.T) {
	c := chainOf(operator.Join("join"))
	c.Watermark(operator.AllInputs, 10, operator.Unlimited)
	require.Equal(t, []string{"watermark 10"}, texts(c.Out.Records))
}

func TestClockReadsAndFiringsAreTold(t *testing.T) {
	c := chainOf(operator.CountWithTimeout("c", operator.TimeoutOptions{
		AfterNanos: 5, Domain: state.ProcessingTime,
	}))
	var told []string
	c.ClockRead = func(at int, nanos int64) { told = append(told, fmt.Sprint("read ", at, " ", nanos)) }
	c.Fired = func(at int, timer state.Timer) {
		told = append(told, fmt.Sprint("fired ", at, " ", timer.TimeNanos))
	}
	for _, now := range []int64{0, 0, 3} {
		c.ClockNanos = now
		process(c, 0, record.Record{Key: 1})
	}
	c.FireProcessingTimers(6, operator.Unlimited)
	require.Equal(t, []string{"read 0 0", "read 0 3", "fired 0 5", "read 0 6"}, told)
}

func TestLineageIsDerivedFromOperatorParentAndOrdinal(t *testing.T) {
	three := operator.FlatMap("three", operator.ExpandCopies, 3)
	c := chainOf(three, operator.Map("id", operator.MapIdentity))
	c.Process(0, &record.Record{Lineage: 77, SizeBytes: 50, BornNanos: 4})
	require.Len(t, c.Out.Records, 3)
	for ordinal, r := range c.Out.Records {
		first := protocol.DerivedLineage(operator.HashID("three"), 77, uint64(ordinal))
		require.Equal(t, protocol.DerivedLineage(operator.HashID("id"), first, 0), r.Lineage)
		require.EqualValues(t, ordinal, r.C)
		require.EqualValues(t, 50, r.SizeBytes)
		require.EqualValues(t, 4, r.BornNanos)
	}
}

func TestOnlyTheHeadOfAChainMayHaveTwoInputs(t *testing.T) {
	require.Panics(t, func() { chainOf(operator.Map("m", operator.MapIdentity), operator.Join("j")) })
	bad := operator.Map("m", operator.MapIdentity)
	bad.Timers = true
	require.Panics(t, func() { chainOf(bad) }, "timers without OnTimer")
}

func TestObserverSeesEveryRecordBeforeItsOperator(t *testing.T) {
	c := chainOf(operator.FlatMap("two", operator.ExpandCopies, 2), operator.Filter("b", operator.Predicate{
		Field: operator.FieldC, Comparison: operator.Equal, Values: []int64{1},
	}))
	var seen []string
	c.Observe = func(at, input int, r *record.Record) { seen = append(seen, fmt.Sprint(at, input, r.C)) }
	c.Process(0, &record.Record{C: 9})
	require.Equal(t, []string{"0 0 9", "1 0 0", "1 0 1"}, seen)
	require.Len(t, c.Out.Records, 1)
}

func TestProcessingARecordDoesNotAllocate(t *testing.T) {
	c := chainOf(
		operator.Map("parse", operator.MapParse),
		operator.Running("count", operator.RunningOptions{Emit: operator.EmitInput}),
		operator.Window("w", operator.WindowOptions{
			SizeNanos: 100, Aggregate: operator.Mean, Field: operator.FieldA,
		}),
	)
	n, r := int64(0), new(record.Record)
	step := func() {
		n++
		*r = record.Record{Lineage: uint64(n), Key: uint64(n % 50), TimeNanos: n}
		c.Begin()
		mark := c.Mark()
		c.Process(0, r)
		if n%64 == 0 {
			c.Watermark(0, n-10, operator.Unlimited)
		}
		if n%5 == 0 {
			c.Rollback(mark)
		}
		c.Commit()
	}
	for range 20000 {
		step()
	}
	require.Zero(t, testing.AllocsPerRun(2000, step))
}
