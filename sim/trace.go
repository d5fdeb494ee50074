package sim

// trace numbers and digests the meaningful events and keeps the latest of them.
type trace struct {
	observer func(*Event)
	window   []Event // ring
	count    uint64
	sum      uint64
	scratch  Event
	marks    []Mark
	stride   uint64
	nextMark uint64
}

// Mark is a point of a run's digest trail: the digest after Count events.
type Mark struct {
	Count  uint64
	Digest uint64
}

// trailLimit bounds the trail: when it is full, every other mark goes and the distance
// of marks doubles.
const trailLimit = 128

func (t *trace) clear(o Options) {
	t.observer = o.Observer
	if cap(t.window) < o.TraceWindow {
		t.window = make([]Event, o.TraceWindow)
	}
	t.window = t.window[:o.TraceWindow]
	clear(t.window)
	t.count, t.sum = 0, 0
	t.marks, t.stride, t.nextMark = t.marks[:0], 1, 1
}

// emit makes a meaningful event. The digest of an actor chains over its own events only,
// so that the order of events of different actors within an instant does not matter.
func (k *Kernel) emit(id ActorID, a *actor, cause Cause, kind EventKind, args [6]int64) {
	t := &k.trace
	a.ordinal++
	d := fold(a.digest^uint64(k.now), saltTime^(uint64(kind)|uint64(uint32(a.incarnation))<<16))
	d = fold(d^uint64(args[0]), saltFirst^uint64(args[1]))
	d = fold(d^uint64(args[2])^saltKind, saltSecond^uint64(args[3]))
	d = fold(d^uint64(args[4])^saltDraw, saltThird^uint64(args[5]))
	a.digest = d + a.ordinal
	t.sum += a.digest
	t.count++
	if t.count == t.nextMark {
		t.mark()
	}
	if len(t.window) == 0 && t.observer == nil {
		return
	}
	e := &t.scratch
	if n := uint64(len(t.window)); n > 0 {
		e = &t.window[(t.count-1)%n]
	}
	e.TimeNanos, e.Actor, e.Incarnation, e.Ordinal = k.now, id, a.incarnation, a.ordinal
	e.Kind, e.Args, e.Cause = kind, args, cause
	if t.observer != nil {
		t.observer(e)
	}
}

// mark adds to the trail, or thins it out when it is full.
func (t *trace) mark() {
	if len(t.marks) == trailLimit {
		for i := range trailLimit / 2 {
			t.marks[i] = t.marks[2*i+1]
		}
		t.marks = t.marks[:trailLimit/2]
		t.stride *= 2
		t.nextMark = t.marks[trailLimit/2-1].Count + t.stride
		return
	}
	t.marks = append(t.marks, Mark{t.count, t.digest()})
	t.nextMark += t.stride
}

func (t *trace) digest() uint64 { return mix(t.sum ^ mix(t.count)) }

// Emit makes a meaningful event of the world outside, such as a fault being injected. If
// an observer does so while an actor runs, that actor's latest event is the cause.
func (k *Kernel) Emit(kind EventKind, a, b, d, e, f, g int64) {
	cause := Cause{Actor: NoActor}
	if k.context.self != Outside {
		cause = k.context.outgoing()
	}
	k.emit(Outside, k.actors[Outside], cause, kind, [6]int64{a, b, d, e, f, g})
}

// Digest is the digest of all meaningful events so far. It is a sum over the chains of
// the actors, so it depends on what each actor did and not on how their events interleave
// within the kernel.
func (k *Kernel) Digest() uint64 { return k.trace.digest() }

// ActorDigest is the digest of the actor's own events, over all incarnations.
func (k *Kernel) ActorDigest(id ActorID) uint64 { return mix(k.actors[id].digest) }

// EventCount is the number of meaningful events so far.
func (k *Kernel) EventCount() uint64 { return k.trace.count }

// Trail is the digest at regular steps of the run, at most 128 of them: from it the
// first step after which two runs differ is found. The slice is valid until the next event.
func (k *Kernel) Trail() []Mark { return k.trace.marks }

// Trace returns the latest events, at most TraceWindow, oldest first.
func (k *Kernel) Trace() []Event {
	t := &k.trace
	n := uint64(len(t.window))
	kept := min(t.count, n)
	events := make([]Event, 0, kept)
	for i := t.count - kept; i < t.count; i++ {
		events = append(events, t.window[i%n])
	}
	return events
}
