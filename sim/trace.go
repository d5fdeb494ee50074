package sim

// trace numbers and digests the meaningful events and keeps the latest of them.
type trace struct {
	observer  func(*Event)
	recording bool
	window    []Event // ring
	count     uint64
	sum       uint64
	scratch   [4]Event // an observer may have the world emit, and so on
	depth     int
	marks     []Mark
	stride    uint64
	nextMark  uint64
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
	t.recording = o.Observer != nil || o.TraceWindow > 0
	if cap(t.window) < o.TraceWindow {
		t.window = make([]Event, o.TraceWindow)
	}
	t.window = t.window[:o.TraceWindow]
	clear(t.window)
	t.count, t.sum, t.depth = 0, 0, 0
	t.marks, t.stride, t.nextMark = t.marks[:0], 1, 1
}

// digest takes a meaningful event into the actor's digest. That chains over the actor's
// own events only, so that the order of events of different actors within an instant does
// not matter.
func (k *Kernel) digest(a *actor, kind EventKind, a0, a1, a2, a3, a4, a5 int64) {
	a.ordinal++
	when := fold(a.digest^uint64(k.now), saltTime^(uint64(kind)|uint64(uint32(a.incarnation))<<16))
	x := fold(uint64(a0)^saltDraw, uint64(a1)^saltFirst)
	y := fold(uint64(a2)^saltKind, uint64(a3)^saltSecond)
	z := fold(uint64(a4)^saltSender, uint64(a5)^saltThird)
	a.digest = fold(when^x, saltReceiver^y+z) + a.ordinal
	t := &k.trace
	t.sum += a.digest
	t.count++
	if t.count == t.nextMark {
		t.mark()
	}
}

// record keeps an event and shows it to the observer.
func (t *trace) record(now int64, id ActorID, a *actor, cause Cause, kind EventKind,
	a0, a1, a2, a3, a4, a5 int64,
) {
	e := &t.scratch[t.depth&3]
	if n := uint64(len(t.window)); n > 0 {
		e = &t.window[(t.count-1)%n]
	}
	e.TimeNanos, e.Actor, e.Incarnation, e.Ordinal = now, id, a.incarnation, a.ordinal
	e.Kind, e.Cause = kind, cause
	e.Args[0], e.Args[1], e.Args[2], e.Args[3], e.Args[4], e.Args[5] = a0, a1, a2, a3, a4, a5
	if t.observer != nil {
		t.depth++
		t.observer(e)
		t.depth--
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
	outside := k.actors[Outside]
	k.digest(outside, kind, a, b, d, e, f, g)
	if k.trace.recording {
		k.trace.record(k.now, Outside, outside, cause, kind, a, b, d, e, f, g)
	}
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
