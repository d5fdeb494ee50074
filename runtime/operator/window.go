package operator

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Assigner says which windows a record belongs to.
type Assigner uint8

const (
	// Tumbling windows follow each other.
	Tumbling Assigner = iota
	// Sliding windows of one size start every slide.
	Sliding
	// Session windows last as long as no gap comes between a key's records.
	Session
)

var assignerNames = [...]string{"tumbling", "sliding", "session"}

// AssignerNames lists the words of all assigners.
func AssignerNames() []string { return append([]string(nil), assignerNames[:]...) }

// ParseAssigner is the assigner of a word.
func ParseAssigner(word string) (Assigner, error) {
	at, err := parseWord("window", word, assignerNames[:])
	return Assigner(at), err
}

// String is the assigner's word in a scenario.
func (a Assigner) String() string { return assignerNames[a] }

// WindowOptions describe a keyed window with an aggregate.
type WindowOptions struct {
	Assigner Assigner
	// Domain is the clock that windows go by.
	Domain state.Domain
	// SizeNanos is the length of a tumbling or sliding window, SlideNanos the distance
	// of sliding ones, GapNanos what separates sessions, OffsetNanos shifts starts.
	SizeNanos, SlideNanos, GapNanos, OffsetNanos int64
	// LatenessNanos keeps a fired event-time window that much longer: a record that
	// comes meanwhile fires it again, one that comes later is dropped.
	LatenessNanos int64
	Aggregate     Aggregate
	Field         Field
	// Running emits an update for every record and nothing at the end of the window.
	Running bool
	// EntryBytes is what one window of a key takes in a checkpoint; 0: key, window,
	// value.
	EntryBytes int64
}

// windowEntryBytes is key 8, window 16, value 8.
const windowEntryBytes = 32

// Window makes a window operator (Flink: WindowOperator with EventTimeTrigger or
// ProcessingTimeTrigger). It panics if a length that it needs is not positive.
func Window(id string, o WindowOptions) Spec {
	o.check(id)
	spec := Spec{
		ID: id, Kind: o.Assigner.String() + "-window",
		StateClass: TimeDependent, OutputClass: TimeDependent, Timers: true,
		ReadsClock: o.Domain == state.ProcessingTime, Does: o.describe(),
		Keeps: o.Aggregate.String() + " by key and window",
	}
	if o.EntryBytes == 0 {
		o.EntryBytes = windowEntryBytes
	}
	if o.Assigner == Session {
		spec.Keyed = &state.KeyedSpec{
			RowColumns: sessionColumns, RowGhosts: 1, EntryBytes: DefaultEntryBytes, RowBytes: o.EntryBytes,
		}
		spec.New = func() Function { return &sessionWindow{o: o} }
		return spec
	}
	spec.Keyed = accumulatorSpec(o.EntryBytes)
	spec.New = func() Function { return &fixedWindow{o} }
	return spec
}

func (o *WindowOptions) check(id string) {
	positive := o.SizeNanos > 0
	switch o.Assigner {
	case Sliding:
		positive = positive && o.SlideNanos > 0
	case Session:
		positive = o.GapNanos > 0
	case Tumbling:
		o.SlideNanos = o.SizeNanos
	}
	if !positive || o.LatenessNanos < 0 {
		panic(fmt.Sprintf("operator: window %q with options %+v", id, *o))
	}
	if o.Domain == state.ProcessingTime {
		o.LatenessNanos = 0
	}
}

func (o *WindowOptions) describe() string {
	length := o.SizeNanos
	if o.Assigner == Session {
		length = o.GapNanos
	}
	clock := "event time"
	if o.Domain == state.ProcessingTime {
		clock = "processing time"
	}
	subject := o.Aggregate.String()
	if o.Aggregate != Count {
		subject += " of " + o.Field.String()
	}
	return fmt.Sprintf("%s in %v windows of %s of %s", subject, o.Assigner, durationText(length), clock)
}

// nowNanos is the time by which windows of r are assigned.
func (o *WindowOptions) nowNanos(ctx *Context, r *record.Record) int64 {
	if o.Domain == state.ProcessingTime {
		return ctx.ClockNanos
	}
	return r.TimeNanos
}

// over reports whether the clock has passed a window's last instant.
func (o *WindowOptions) over(ctx *Context, lastNanos int64) bool {
	return o.Domain == state.EventTime && lastNanos <= ctx.WatermarkNanos
}

// cleanupNanos is when a window is forgotten (Flink: WindowOperator.cleanupTime, which
// guards against overflow too).
func (o *WindowOptions) cleanupNanos(lastNanos int64) int64 {
	if cleanup := lastNanos + o.LatenessNanos; cleanup >= lastNanos {
		return cleanup
	}
	return EndOfTime
}

// windowStart is the start of the latest window that holds timeNanos (Flink:
// TimeWindow.getWindowStartWithOffset).
func windowStart(timeNanos, offsetNanos, slideNanos int64) int64 {
	remainder := (timeNanos - offsetNanos) % slideNanos
	if remainder < 0 {
		remainder += slideNanos
	}
	return timeNanos - remainder
}

// fixedWindow is a tumbling or sliding window; the namespace is the window's start.
type fixedWindow struct{ o WindowOptions }

func (f *fixedWindow) Process(ctx *Context, _ int, r *record.Record, out *Output) {
	o := &f.o
	now := o.nowNanos(ctx, r)
	taken := false
	start := windowStart(now, o.OffsetNanos, o.SlideNanos)
	for ; start > now-o.SizeNanos; start -= o.SlideNanos {
		last := start + o.SizeNanos - 1
		if o.over(ctx, o.cleanupNanos(last)) {
			continue
		}
		taken = true
		f.add(ctx, start, last, r, out)
	}
	if !taken {
		ctx.DropLate()
	}
}

func (f *fixedWindow) add(ctx *Context, start, last int64, r *record.Record, out *Output) {
	o := &f.o
	e, existed := ctx.Keyed.At(r.Key, start)
	acc := o.Aggregate.with(load(ctx.Keyed, e), o.Field.Of(r), r.BornNanos)
	store(ctx.Keyed, e, acc)
	fired := o.over(ctx, last)
	if !existed {
		f.register(ctx, r.Key, start, last, fired)
	}
	if o.Running || fired {
		out.Emit(o.Aggregate.record(r.Key, last, start, acc))
	}
}

// register sets the window's timers once, when its first record opens it.
func (f *fixedWindow) register(ctx *Context, key uint64, start, last int64, fired bool) {
	timer := state.Timer{Domain: f.o.Domain, TimeNanos: last, Key: key, Namespace: start}
	if !fired {
		ctx.Timers.Register(timer)
	}
	timer.TimeNanos = f.o.cleanupNanos(last)
	ctx.Timers.Register(timer)
}

// OnTimer fires the window at its end and forgets it at its cleanup time.
func (f *fixedWindow) OnTimer(ctx *Context, timer state.Timer, out *Output) {
	o := &f.o
	e, ok := ctx.Keyed.Find(timer.Key, timer.Namespace)
	if !ok {
		return
	}
	last := timer.Namespace + o.SizeNanos - 1
	if timer.TimeNanos == last && !o.Running {
		out.Emit(o.Aggregate.record(timer.Key, last, timer.Namespace, load(ctx.Keyed, e)))
	}
	if timer.TimeNanos == o.cleanupNanos(last) {
		ctx.Keyed.Delete(e)
	}
}
