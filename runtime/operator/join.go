package operator

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
)

// A row of a join is a record of either side: what its output is made from.
const (
	joinSide = iota
	joinA
	joinB
	joinTime
	joinLineage
	joinBorn
	joinColumns
)

// joinRowBytes is key 8, value 16, timestamp 8.
const joinRowBytes = 32

// A joined record has A of the left side, B and time of the right one (the later time),
// C the right one's A.
func joined(k *state.Keyed, key uint64, left, right state.Row) record.Record {
	return record.Record{
		Key: key, A: k.RowValue(left, joinA), B: k.RowValue(right, joinB), C: k.RowValue(right, joinA),
		TimeNanos: max(k.RowValue(left, joinTime), k.RowValue(right, joinTime)),
		BornNanos: max(k.RowValue(left, joinBorn), k.RowValue(right, joinBorn)),
		SizeBytes: ResultBytes,
	}
}

func joinSpec() *state.KeyedSpec {
	return &state.KeyedSpec{
		RowColumns: joinColumns, RowGhosts: 1, EntryBytes: DefaultEntryBytes, RowBytes: joinRowBytes,
	}
}

func keep(ctx *Context, e state.Entry, input int, r *record.Record) {
	ctx.Keyed.Append(e, int64(input), r.A, r.B, r.TimeNanos, int64(r.Lineage), r.BornNanos)
}

func emitPair(k *state.Keyed, key uint64, left, right state.Row, out *Output) {
	out.EmitPair(uint64(k.RowValue(left, joinLineage)), uint64(k.RowValue(right, joinLineage)),
		joined(k, key, left, right))
}

// Join makes a two-input operator that keeps all records of both sides and emits every
// pair of equal key as soon as both are there (NexMark Q3: it grows for ever). Which
// pairs it emits does not depend on the order of arrival, nor do their names; the list
// that its state is does.
func Join(id string) Spec {
	return Spec{
		ID: id, Kind: "join", Inputs: 2, New: func() Function { return join{} },
		StateClass: MergeOrder, OutputClass: OrderFree, Keyed: joinSpec(),
		Does: "emits every pair of equal key", Keeps: "all records of both inputs by key",
	}
}

type join struct{}

func (join) Process(ctx *Context, input int, r *record.Record, out *Output) {
	k := ctx.Keyed
	e, _ := k.At(r.Key, 0)
	keep(ctx, e, input, r)
	own := k.Last(e)
	for row := k.First(e); row != state.NoRow; row = k.Next(row) {
		if k.RowValue(row, joinSide) == int64(input) {
			continue
		}
		if input == 0 {
			emitPair(k, r.Key, own, row, out)
		} else {
			emitPair(k, r.Key, row, own, out)
		}
	}
}

// WindowJoinOptions describe a join of records of equal key and window.
type WindowJoinOptions struct {
	SizeNanos int64 // tumbling windows of event time
	// Distinct emits one record per key and window however many pairs there are
	// (NexMark Q8 groups both sides).
	Distinct bool
}

// WindowJoin makes a two-input operator that emits, when an event-time window ends, the
// pairs of equal key in it (NexMark Q8). It panics if the size is not positive.
func WindowJoin(id string, o WindowJoinOptions) Spec {
	if o.SizeNanos <= 0 {
		panic(fmt.Sprintf("operator: window join %q of size %d", id, o.SizeNanos))
	}
	return Spec{
		ID: id, Kind: "window-join", Inputs: 2, New: func() Function { return windowJoin{o} },
		StateClass: TimeDependent, OutputClass: TimeDependent, Timers: true, Keyed: joinSpec(),
		Does:  "emits pairs of equal key in event-time windows of " + durationText(o.SizeNanos),
		Keeps: "records of both inputs by key and window",
	}
}

type windowJoin struct{ WindowJoinOptions }

func (f windowJoin) Process(ctx *Context, input int, r *record.Record, _ *Output) {
	start := windowStart(r.TimeNanos, 0, f.SizeNanos)
	last := start + f.SizeNanos - 1
	if last <= ctx.WatermarkNanos {
		ctx.DropLate()
		return
	}
	e, existed := ctx.Keyed.At(r.Key, start)
	keep(ctx, e, input, r)
	if !existed {
		ctx.Timers.Register(state.Timer{TimeNanos: last, Key: r.Key, Namespace: start})
	}
}

// OnTimer emits a window's pairs and forgets it.
func (f windowJoin) OnTimer(ctx *Context, timer state.Timer, out *Output) {
	k := ctx.Keyed
	e, ok := k.Find(timer.Key, timer.Namespace)
	if !ok {
		return
	}
	f.emit(k, e, timer, out)
	k.Delete(e)
}

func (f windowJoin) emit(k *state.Keyed, e state.Entry, timer state.Timer, out *Output) {
	for left := k.First(e); left != state.NoRow; left = k.Next(left) {
		if k.RowValue(left, joinSide) != 0 {
			continue
		}
		for right := k.First(e); right != state.NoRow; right = k.Next(right) {
			if k.RowValue(right, joinSide) != 1 {
				continue
			}
			if f.Distinct {
				made := joined(k, timer.Key, left, right)
				made.TimeNanos = timer.TimeNanos
				out.Emit(made)
				return
			}
			emitPair(k, timer.Key, left, right, out)
		}
	}
}
