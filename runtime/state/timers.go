package state

import "simrun/protocol"

// Domain is the clock that a timer waits for.
type Domain uint8

const (
	// EventTime timers fire when the watermark reaches them.
	EventTime Domain = iota
	// ProcessingTime timers fire when the node's clock reaches them.
	ProcessingTime
	domains
)

// Timer is a registered timer. Timers are ordered by (time, key, namespace).
type Timer struct {
	Domain    Domain
	TimeNanos int64
	Key       uint64
	Namespace int64
}

// before is the order in which timers of one domain fire.
func (t *Timer) before(o *Timer) bool {
	if t.TimeNanos != o.TimeNanos {
		return t.TimeNanos < o.TimeNanos
	}
	if t.Key != o.Key {
		return t.Key < o.Key
	}
	return t.Namespace < o.Namespace
}

func (t *Timer) hash() uint64 {
	return protocol.MixLineage(hashEntry(t.Key, t.Namespace) + uint64(t.TimeNanos)<<1 + uint64(t.Domain))
}

// Timers are the timers of one operator instance (Flink: InternalTimerServiceImpl). A
// timer that is registered twice is one timer.
type Timers struct {
	queues  [domains]timerQueue
	digest  uint64
	journal *Journal
	target  uint16
}

// TimerBytes is what one timer takes in a checkpoint: time, key, namespace.
const TimerBytes = 24

const (
	undoRegister undoKind = iota
	undoRemove
)

// NewTimers makes an empty set whose changes the journal sees.
func NewTimers(journal *Journal) *Timers {
	t := &Timers{journal: journal}
	t.target = journal.register(t)
	return t
}

// Register adds the timer; it says false if it was there.
func (t *Timers) Register(timer Timer) bool {
	if !t.queues[timer.Domain].insert(timer) {
		return false
	}
	t.changed(timer, undoRegister)
	return true
}

// Remove takes the timer away; it says false if it was not there.
func (t *Timers) Remove(timer Timer) bool {
	if !t.queues[timer.Domain].remove(timer) {
		return false
	}
	t.changed(timer, undoRemove)
	return true
}

// changed keeps digest and journal; removing what was registered is registering undone.
func (t *Timers) changed(timer Timer, kind undoKind) {
	if kind == undoRegister {
		t.digest += timer.hash()
	} else {
		t.digest -= timer.hash()
	}
	if t.journal.on {
		e := t.journal.push(t.target, kind)
		e.a, e.b, e.c = timer.TimeNanos, int64(timer.Key), timer.Namespace
		e.column = uint8(timer.Domain)
	}
}

func (t *Timers) undo(e *undoEntry) {
	timer := Timer{Domain: Domain(e.column), TimeNanos: e.a, Key: uint64(e.b), Namespace: e.c}
	if e.kind == undoRegister {
		t.Remove(timer)
	} else {
		t.Register(timer)
	}
}

// First is the timer of the domain that fires first.
func (t *Timers) First(domain Domain) (Timer, bool) { return t.queues[domain].first() }

// PopDue removes and returns the first timer of the domain that is due at nanos.
func (t *Timers) PopDue(domain Domain, nanos int64) (Timer, bool) {
	timer, ok := t.queues[domain].first()
	if !ok || timer.TimeNanos > nanos {
		return Timer{}, false
	}
	t.Remove(timer)
	return timer, true
}

// Clear removes all timers; nothing can bring them back.
func (t *Timers) Clear() { t.reset() }

// Len is the number of timers of the domain.
func (t *Timers) Len(domain Domain) int { return t.queues[domain].count }

// Digest depends on which timers there are, not on their history.
func (t *Timers) Digest() uint64 { return t.digest }

// SizeBytes is what the timers take in a checkpoint.
func (t *Timers) SizeBytes() int64 {
	return TimerBytes * int64(t.Len(EventTime)+t.Len(ProcessingTime))
}

// TimersImage is the set at an instant; it is never written.
type TimersImage struct {
	queues    [domains]queueImage
	digest    uint64
	sizeBytes int64
}

func (t *Timers) image() *TimersImage {
	out := &TimersImage{digest: t.digest, sizeBytes: t.SizeBytes()}
	for d := range t.queues {
		out.queues[d] = t.queues[d].share()
	}
	return out
}

func (t *Timers) restore(from *TimersImage) {
	for d := range t.queues {
		t.queues[d].adopt(from.queues[d])
	}
	t.digest = from.digest
}

// absorb adds those timers whose key group is in the range.
func (t *Timers) absorb(from *TimersImage, groups KeyGroupRange, maxParallelism int) {
	for d := range from.queues {
		for _, block := range from.queues[d].blocks {
			for _, timer := range block {
				if groups.Contains(KeyGroup(timer.Key, maxParallelism)) {
					t.Register(timer)
				}
			}
		}
	}
}

func (t *Timers) reset() {
	for d := range t.queues {
		t.queues[d] = timerQueue{}
	}
	t.digest = 0
}
