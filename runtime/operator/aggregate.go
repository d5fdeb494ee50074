package operator

import (
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Emission is what a running aggregate emits for every record.
type Emission uint8

const (
	// EmitUpdate: the group's new result.
	EmitUpdate Emission = iota
	// EmitInput: the record itself, A replaced by the result; size and all else stay.
	EmitInput
	// EmitNothing.
	EmitNothing
)

var emissionNames = [...]string{"update", "input", "nothing"}

// EmissionNames lists the words of all emissions.
func EmissionNames() []string { return append([]string(nil), emissionNames[:]...) }

// ParseEmission is the emission of a word.
func ParseEmission(word string) (Emission, error) {
	at, err := parseWord("emission", word, emissionNames[:])
	return Emission(at), err
}

// String is the emission's word in a scenario.
func (e Emission) String() string { return emissionNames[e] }

// RunningOptions describe a keyed running aggregate.
type RunningOptions struct {
	Aggregate Aggregate
	Field     Field // what is aggregated; Count looks at none
	Emit      Emission
	// EntryBytes is what a key takes in a checkpoint; 0: DefaultEntryBytes. The measured
	// jobs' state of n bytes per key is BlobEntryBytes + n.
	EntryBytes int64
}

// Running makes an operator that keeps one aggregate per key.
func Running(id string, o RunningOptions) Spec {
	keyed := &state.KeyedSpec{Columns: 2, EntryBytes: o.EntryBytes}
	if o.Aggregate == Count {
		keyed.Columns = 1
	}
	if keyed.EntryBytes == 0 {
		keyed.EntryBytes = DefaultEntryBytes
	}
	subject := o.Aggregate.String()
	if o.Aggregate != Count {
		subject += " of " + o.Field.String()
	}
	return Spec{
		ID: id, Kind: "aggregate", New: func() Function { return running{o} },
		StateClass: o.Aggregate.Class(), OutputClass: MergeOrder, Keyed: keyed,
		Does: "keeps the " + subject + " and emits " + o.Emit.String(), Keeps: subject + " by key",
	}
}

type running struct{ RunningOptions }

// Process keeps value and count of a key; of Count only the count.
func (f running) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	e, _ := ctx.Keyed.At(r.Key, 0)
	if f.Aggregate == Count {
		f.emit(r, accumulator{count: ctx.Keyed.Add(e, 0, 1), bornNanos: r.BornNanos}, out)
		return
	}
	acc := accumulator{value: ctx.Keyed.Get(e, columnValue), count: ctx.Keyed.Get(e, columnCount)}
	acc = f.Aggregate.with(acc, f.Field.Of(r), r.BornNanos)
	ctx.Keyed.Set(e, columnValue, acc.value)
	ctx.Keyed.Set(e, columnCount, acc.count)
	f.emit(r, acc, out)
}

func (f running) emit(r *record.Record, acc accumulator, out *Output) {
	switch f.Emit {
	case EmitInput:
		out.Pass(r).A = f.Aggregate.result(acc)
	case EmitUpdate:
		made := f.Aggregate.record(r.Key, r.TimeNanos, r.C, acc)
		made.BornNanos = r.BornNanos
		out.Emit(made)
	case EmitNothing:
	}
}
