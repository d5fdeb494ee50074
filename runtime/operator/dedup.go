package operator

import (
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Dedup makes an operator that lets the first record of every key pass and drops the
// others. With ttlNanos > 0 a key is forgotten when the watermark has moved on by that
// much after its first record; 0 remembers for ever.
func Dedup(id string, ttlNanos int64) Spec {
	spec := Spec{
		ID: id, Kind: "dedup", New: func() Function { return dedup{ttlNanos} },
		OutputClass: MergeOrder, Keyed: &state.KeyedSpec{Columns: 0, EntryBytes: DefaultEntryBytes},
		Does: "lets the first record of every key pass", Keeps: "keys seen",
	}
	if ttlNanos > 0 {
		spec.StateClass, spec.OutputClass, spec.Timers = TimeDependent, TimeDependent, true
		spec.Does += " and forgets it after " + durationText(ttlNanos)
	}
	return spec
}

type dedup struct{ ttlNanos int64 }

func (f dedup) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	if _, existed := ctx.Keyed.At(r.Key, 0); existed {
		return
	}
	if f.ttlNanos > 0 {
		ctx.Timers.Register(state.Timer{TimeNanos: r.TimeNanos + f.ttlNanos, Key: r.Key})
	}
	out.Pass(r)
}

// OnTimer forgets a key.
func (f dedup) OnTimer(ctx *Context, timer state.Timer, _ *Output) {
	if e, ok := ctx.Keyed.Find(timer.Key, 0); ok {
		ctx.Keyed.Delete(e)
	}
}
