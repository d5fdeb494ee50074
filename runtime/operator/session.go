package operator

import (
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// A session is a row in its key's list: first and last instant + 1, accumulator.
const (
	sessionStart = iota
	sessionEnd
	sessionValue
	sessionCount
	sessionBorn
	sessionColumns
)

type session struct {
	startNanos, endNanos int64 // [start, end)
	accumulator
}

// sessionWindow keeps the sessions of a key in the order of their start (Flink:
// EventTimeSessionWindows with MergingWindowSet). The namespace of a session's timers
// is its start; of the entry it is 0.
type sessionWindow struct {
	o     WindowOptions
	found []session // reused: the sessions of the key in hand
}

func (f *sessionWindow) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	o := &f.o
	now := o.nowNanos(ctx, r)
	added := session{now, now + o.GapNanos, o.Aggregate.with(accumulator{}, o.Field.Of(r), r.BornNanos)}
	e, existed := ctx.Keyed.Find(r.Key, 0)
	f.found = f.found[:0]
	if existed {
		f.load(ctx, e)
	}
	merged := f.merge(added)
	if o.over(ctx, o.cleanupNanos(merged.endNanos-1)) {
		ctx.DropLate()
		return
	}
	if !existed {
		e, _ = ctx.Keyed.At(r.Key, 0)
	}
	f.replace(ctx, e, r.Key, merged)
	if o.Running || o.over(ctx, merged.endNanos-1) {
		out.Emit(f.result(r.Key, merged))
	}
}

func (f *sessionWindow) load(ctx *Context, e state.Entry) {
	k := ctx.Keyed
	for row := k.First(e); row != state.NoRow; row = k.Next(row) {
		f.found = append(f.found, session{
			k.RowValue(row, sessionStart), k.RowValue(row, sessionEnd),
			accumulator{
				k.RowValue(row, sessionValue), k.RowValue(row, sessionCount), k.RowValue(row, sessionBorn),
			},
		})
	}
}

// merge is the session that added becomes with those that it touches (Flink:
// TimeWindow.intersects holds for windows that only meet).
func (f *sessionWindow) merge(added session) session {
	merged := added
	for _, s := range f.found {
		if touches(s, added) {
			merged.startNanos = min(merged.startNanos, s.startNanos)
			merged.endNanos = max(merged.endNanos, s.endNanos)
			merged.accumulator = f.o.Aggregate.merge(s.accumulator, merged.accumulator)
		}
	}
	return merged
}

func touches(a, b session) bool { return a.startNanos <= b.endNanos && b.startNanos <= a.endNanos }

// replace writes the key's sessions with those that merged swallowed replaced by it.
func (f *sessionWindow) replace(ctx *Context, e state.Entry, key uint64, merged session) {
	ctx.Keyed.Clear(e)
	placed := false
	for _, s := range f.found {
		if touches(s, merged) {
			f.timers(key, s, ctx.Timers.Remove)
			continue
		}
		if s.startNanos > merged.startNanos && !placed {
			f.append(ctx, e, merged)
			placed = true
		}
		f.append(ctx, e, s)
	}
	if !placed {
		f.append(ctx, e, merged)
	}
	f.timers(key, merged, func(t state.Timer) bool {
		fired := f.o.over(ctx, merged.endNanos-1) && t.TimeNanos == merged.endNanos-1
		return !fired && ctx.Timers.Register(t)
	})
}

func (f *sessionWindow) append(ctx *Context, e state.Entry, s session) {
	ctx.Keyed.Append(e, s.startNanos, s.endNanos, s.value, s.count, s.bornNanos)
}

// timers hands the two timers of a session, which may be one, to change.
func (f *sessionWindow) timers(key uint64, s session, change func(state.Timer) bool) {
	timer := state.Timer{Domain: f.o.Domain, TimeNanos: s.endNanos - 1, Key: key, Namespace: s.startNanos}
	change(timer)
	timer.TimeNanos = f.o.cleanupNanos(s.endNanos - 1)
	change(timer)
}

func (f *sessionWindow) result(key uint64, s session) record.Record {
	return f.o.Aggregate.record(key, s.endNanos-1, s.startNanos, s.accumulator)
}

// OnTimer fires a session at its end and forgets it at its cleanup time.
func (f *sessionWindow) OnTimer(ctx *Context, timer state.Timer, out *Output) {
	e, ok := ctx.Keyed.Find(timer.Key, 0)
	if !ok {
		return
	}
	f.found = f.found[:0]
	f.load(ctx, e)
	for i, s := range f.found {
		if s.startNanos != timer.Namespace {
			continue
		}
		if timer.TimeNanos == s.endNanos-1 && !f.o.Running {
			out.Emit(f.result(timer.Key, s))
		}
		if timer.TimeNanos == f.o.cleanupNanos(s.endNanos-1) {
			f.forget(ctx, e, i)
		}
		return
	}
}

func (f *sessionWindow) forget(ctx *Context, e state.Entry, at int) {
	if len(f.found) == 1 {
		ctx.Keyed.Delete(e)
		return
	}
	ctx.Keyed.Clear(e)
	for i, s := range f.found {
		if i != at {
			f.append(ctx, e, s)
		}
	}
}
