package operator

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
)

// TimeoutOptions describe a keyed process function with a timer per key.
type TimeoutOptions struct {
	// AfterNanos is how long after a record its key's count is emitted and cleared.
	AfterNanos int64
	// Domain is the clock of that.
	Domain state.Domain
	// Restart counts from the key's latest record (emit when it has been quiet); else
	// from the first one (clear periodically: CheckMate's running Q12).
	Restart bool
	// Running emits the count with every record too.
	Running bool
}

// CountWithTimeout makes a keyed process operator: it counts per key, and a timer emits
// the count and clears it (Flink's documentation of process functions).
func CountWithTimeout(id string, o TimeoutOptions) Spec {
	if o.AfterNanos <= 0 {
		panic(fmt.Sprintf("operator: %q times out after %d ns", id, o.AfterNanos))
	}
	from := "first"
	if o.Restart {
		from = "latest"
	}
	return Spec{
		ID: id, Kind: "process", New: func() Function { return timeout{o} },
		StateClass: TimeDependent, OutputClass: TimeDependent, Timers: true,
		ReadsClock: o.Domain == state.ProcessingTime,
		Keyed:      &state.KeyedSpec{Columns: 3, Ghosts: 1, EntryBytes: DefaultEntryBytes + 8},
		Does: fmt.Sprintf("counts; emits and clears a key's count %s after its %s record",
			durationText(o.AfterNanos), from),
		Keeps: "count and deadline by key",
	}
}

// Columns of timeout.
const (
	timeoutCount = iota
	timeoutDeadline
	timeoutBorn
)

type timeout struct{ TimeoutOptions }

func (f timeout) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	k := ctx.Keyed
	e, existed := k.At(r.Key, 0)
	count := k.Add(e, timeoutCount, 1)
	k.Set(e, timeoutBorn, max(k.Get(e, timeoutBorn), r.BornNanos))
	if !existed || f.Restart {
		f.restart(ctx, e, r, existed)
	}
	if f.Running {
		out.Emit(f.result(r.Key, r.TimeNanos, count, r.BornNanos))
	}
}

func (f timeout) restart(ctx *Context, e state.Entry, r *record.Record, existed bool) {
	deadline := r.TimeNanos + f.AfterNanos
	if f.Domain == state.ProcessingTime {
		deadline = ctx.ClockNanos + f.AfterNanos
	}
	if old := ctx.Keyed.Get(e, timeoutDeadline); existed {
		if deadline <= old {
			return
		}
		ctx.Timers.Remove(f.timer(r.Key, old))
	}
	ctx.Keyed.Set(e, timeoutDeadline, deadline)
	ctx.Timers.Register(f.timer(r.Key, deadline))
}

func (f timeout) timer(key uint64, nanos int64) state.Timer {
	return state.Timer{Domain: f.Domain, TimeNanos: nanos, Key: key}
}

func (f timeout) result(key uint64, timeNanos, count, bornNanos int64) record.Record {
	return record.Record{
		Key: key, TimeNanos: timeNanos, BornNanos: bornNanos, A: count, B: count, SizeBytes: ResultBytes,
	}
}

// OnTimer emits and clears a key's count.
func (f timeout) OnTimer(ctx *Context, timer state.Timer, out *Output) {
	k := ctx.Keyed
	e, ok := k.Find(timer.Key, 0)
	if !ok {
		return
	}
	if !f.Running {
		out.Emit(f.result(timer.Key, timer.TimeNanos, k.Get(e, timeoutCount), k.Get(e, timeoutBorn)))
	}
	k.Delete(e)
}
