package sim

// StopReason says why a run returned.
type StopReason uint8

const (
	// StopEmpty: nothing is pending any more.
	StopEmpty StopReason = iota
	// StopTime: the time limit is reached.
	StopTime
	// StopAsked: the caller's condition holds.
	StopAsked
)

// String is the reason in a word.
func (r StopReason) String() string { return [...]string{"empty", "time", "asked"}[r] }

// Pending counts what is still to come.
type Pending struct {
	Events     int // messages under way, timers, CPU work
	Meaningful int // those of them that are not housekeeping
	Controls   int // scheduled actions from outside
}

// OnlyHousekeeping is whether nothing but housekeeping is left.
func (p Pending) OnlyHousekeeping() bool { return p.Meaningful == 0 && p.Controls == 0 }

// Pending counts what is still to come.
func (k *Kernel) Pending() Pending { return Pending{k.pending, k.meaningful, k.controls} }

// DispatchCount is the number of messages handed to actors so far.
func (k *Kernel) DispatchCount() uint64 { return k.dispatched }

// ActiveNanos is when the latest message that is not housekeeping was handed over.
func (k *Kernel) ActiveNanos() int64 { return k.activeAt }

// Step runs the next event. It reports false if none is pending.
func (k *Kernel) Step() bool { return k.step(maxNanos) }

// Run runs events until stop, asked before each, says so, or nothing is pending.
func (k *Kernel) Run(stop func() bool) StopReason {
	for !stop() {
		if !k.step(maxNanos) {
			return StopEmpty
		}
	}
	return StopAsked
}

// RunUntil runs all events up to and including the instant nanos, and leaves the clock
// there, also when nothing is pending any more.
func (k *Kernel) RunUntil(nanos int64) StopReason {
	for nanos >= k.now && k.step(nanos) {
	}
	k.now = max(k.now, nanos)
	k.queue.rewind(k.now)
	if k.queue.size == 0 {
		return StopEmpty
	}
	return StopTime
}

// step runs the next event that is not after limit.
func (k *Kernel) step(limit int64) bool {
	for {
		index, ok := k.next()
		if !ok {
			if index, ok = k.nextInstant(limit); !ok {
				return false
			}
		}
		if index >= 0 && k.slots.all[index].state == slotCancelled {
			k.slots.release(index)
		} else if index >= 0 {
			k.dispatch(index)
			return true
		}
	}
}

// next takes the next event of the present round.
func (k *Kernel) next() (int32, bool) {
	r := &k.round
	if r.at < len(r.order) {
		index := r.order[r.at]
		if r.ownAt == len(r.own) || k.slots.all[index].receiver == r.receiver {
			r.at++
			return index, true
		}
	}
	if r.ownAt < len(r.own) {
		index := r.own[r.ownAt]
		r.ownAt++
		return index, true
	}
	if r.systemAt < len(r.system) {
		index := r.system[r.systemAt]
		r.systemAt++
		return index, true
	}
	return 0, false
}

// nextInstant goes on to what is left of this instant, or to the next one up to limit. It
// returns the event if the instant has just one; otherwise it gathers a round and returns
// -1. It reports false if nothing is left up to limit.
func (k *Kernel) nextInstant(limit int64) (int32, bool) {
	k.round.reset()
	if len(k.settling) > 0 && !k.queue.holds(k.now) {
		k.settle()
	}
	first, ok := k.queue.peek()
	if (!ok || first.time > k.now) && k.depart() {
		first, ok = k.queue.peek()
	}
	if !ok || first.time > limit {
		k.queue.rewind(k.now)
		return 0, false
	}
	k.queue.pop()
	if k.queue.holds(first.time) {
		k.gather(first)
		return -1, true
	}
	if k.slots.all[first.slot].state == slotPending {
		k.enter(first.time)
	}
	return first.slot, true
}

// enter moves the clock on to an instant in which something happens.
func (k *Kernel) enter(time int64) {
	if time != k.now {
		k.now, k.round.ownCount = time, 0
	}
}

// settle lets the shared resources that changed in this instant re-stamp what is left.
func (k *Kernel) settle() {
	for i, s := range k.settling {
		s.settle()
		k.settling[i] = nil
	}
	k.settling = k.settling[:0]
}

// dispatch hands one event to whom it is for.
func (k *Kernel) dispatch(index int32) {
	s := &k.slots.all[index]
	if s.class >= classControl {
		k.dispatchSystem(index)
		return
	}
	a := k.actors[s.receiver]
	k.round.receiver = s.receiver
	if a.held {
		k.hold(index)
		return
	}
	if !s.uncounted {
		k.pending--
	}
	if !s.message.Housekeeping {
		if !s.uncounted {
			k.meaningful--
		}
		k.activeAt = k.now
	}
	c := &k.context
	c.actor, c.self, c.from, c.cause = a, s.receiver, s.sender, s.cause
	c.emitted, c.muted = false, false
	if s.class == classRecord && a.ordinal > 0 {
		// The end of an own record follows from the actor's latest event, however many
		// records it has taken up in one go since.
		c.cause = Cause{c.self, a.ordinal}
	}
	if s.work != noWork {
		k.nodes[a.node].cpu.delivered(s.work)
	}
	k.slots.retire(index)
	k.dispatched++
	a.receiver.Receive(c, s.message)
	k.slots.reuse(index)
	if a.exiting {
		k.kill(c.self)
	}
	c.self = Outside
}

// dispatchSystem runs a control or wakes a core.
func (k *Kernel) dispatchSystem(index int32) {
	s := &k.slots.all[index]
	action, wake, receiver := s.message.Body, s.class == classWake, s.message.A
	if !wake {
		k.controls--
	}
	k.slots.release(index)
	if wake {
		k.nodes[receiver].cpu.wake()
		return
	}
	action.(func())()
}
