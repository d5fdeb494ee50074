package operator

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
)

// MinOfBoth makes a two-input operator that keeps the latest A of a key from either
// input and emits the smaller of the two whenever both are known.
func MinOfBoth(id string) Spec {
	return Spec{
		ID: id, Kind: "min-of-both", Inputs: 2, New: func() Function { return minOfBoth{} },
		StateClass: MergeOrder, OutputClass: MergeOrder,
		Keyed: &state.KeyedSpec{Columns: 3, EntryBytes: DefaultEntryBytes + 8},
		Does:  "emits the smaller of both inputs' latest a", Keeps: "latest a of either input by key",
	}
}

// Columns of minOfBoth: the latest of either input, and a bit for each that is known.
const columnKnown = 2

type minOfBoth struct{}

func (minOfBoth) Process(ctx *Context, input int, r *record.Record, out *Output) {
	e, _ := ctx.Keyed.At(r.Key, 0)
	ctx.Keyed.Set(e, input, r.A)
	known := ctx.Keyed.Get(e, columnKnown) | 1<<input
	ctx.Keyed.Set(e, columnKnown, known)
	if known == 3 {
		out.Pass(r).A = min(ctx.Keyed.Get(e, 0), ctx.Keyed.Get(e, 1))
	}
}

// Rules makes a two-input operator: input 1, which must be broadcast, sets rules (key:
// the rule's number, A: its threshold; a negative one takes the rule away); input 0 is
// data, of which every record is emitted once for each rule whose threshold its A
// reaches, C being the rule (Flink: the broadcast state pattern).
func Rules(id string) Spec {
	return Spec{
		ID: id, Kind: "rules", Inputs: 2, New: func() Function { return rules{} },
		StateClass: MergeOrder, OutputClass: MergeOrder,
		Lists: []state.ListSpec{{Name: "rules", Redistribution: state.Broadcast, Columns: 2}},
		Does:  "emits a record per rule that it meets", Keeps: "thresholds by rule",
	}
}

type rules struct{}

func (rules) Process(ctx *Context, input int, r *record.Record, out *Output) {
	if input == 1 {
		if r.A < 0 {
			ctx.Operator.Delete(0, int64(r.Key))
		} else {
			ctx.Operator.Put(0, int64(r.Key), r.A)
		}
		return
	}
	for i := range ctx.Operator.Len(0) {
		if rule := ctx.Operator.Item(0, i); r.A >= rule[1] {
			out.Pass(r).C = rule[0]
		}
	}
}

// FraudOptions describe the fraud rule.
type FraudOptions struct {
	SmallBelow, LargeAbove int64 // amounts (A)
	WithinNanos            int64
	// Domain is the clock of the minute; Flink's walkthrough uses processing time.
	Domain state.Domain
}

// Fraud makes an operator that raises an alert if a small amount of a key is directly
// followed by a large one in time (Flink's walkthrough: FraudDetector).
func Fraud(id string, o FraudOptions) Spec {
	return Spec{
		ID: id, Kind: "fraud", New: func() Function { return fraud{o} },
		StateClass: TimeDependent, OutputClass: TimeDependent, Timers: true,
		ReadsClock: o.Domain == state.ProcessingTime,
		Keyed:      &state.KeyedSpec{Columns: 1, EntryBytes: DefaultEntryBytes + 1},
		Does: fmt.Sprintf("alerts if an amount above %d follows one below %d within %s",
			o.LargeAbove, o.SmallBelow, durationText(o.WithinNanos)),
		Keeps: "a small amount's deadline by key",
	}
}

type fraud struct{ FraudOptions }

// Process keeps an entry per key whose last amount was small; column 0 is its deadline.
func (f fraud) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	if e, ok := ctx.Keyed.Find(r.Key, 0); ok {
		if r.A > f.LargeAbove {
			out.Pass(r)
		}
		ctx.Timers.Remove(f.timer(r.Key, ctx.Keyed.Get(e, 0)))
		ctx.Keyed.Delete(e)
	}
	if r.A < f.SmallBelow {
		deadline := r.TimeNanos + f.WithinNanos
		if f.Domain == state.ProcessingTime {
			deadline = ctx.ClockNanos + f.WithinNanos
		}
		e, _ := ctx.Keyed.At(r.Key, 0)
		ctx.Keyed.Set(e, 0, deadline)
		ctx.Timers.Register(f.timer(r.Key, deadline))
	}
}

func (f fraud) timer(key uint64, nanos int64) state.Timer {
	return state.Timer{Domain: f.Domain, TimeNanos: nanos, Key: key}
}

// OnTimer forgets a small amount that nothing followed.
func (f fraud) OnTimer(ctx *Context, timer state.Timer, _ *Output) {
	if e, ok := ctx.Keyed.Find(timer.Key, 0); ok {
		ctx.Keyed.Delete(e)
	}
}
