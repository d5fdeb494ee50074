package sim

// schedule puts a message on its way; it is the one place where events are made. The
// message is dropped if its receiver is dead. It must not be before now.
func (k *Kernel) schedule(time int64, to, from ActorID, cause Cause, c class, m *Message) (int32, bool) {
	if uint(to) >= uint(len(k.actors)) {
		k.failf("message %d from %s to actor %d, which does not exist", m.Kind, k.actors[from].name, to)
	}
	if !k.actors[to].alive {
		return 0, false
	}
	if time < k.now {
		k.failf("message %d from %s to %s is due in the past, at %d ns",
			m.Kind, k.actors[from].name, k.actors[to].name, time)
	}
	index := k.slots.claim()
	s := &k.slots.all[index]
	k.sequence++
	s.message, s.cause, s.time, s.sequence = *m, cause, time, k.sequence
	s.receiver, s.sender, s.class = to, from, c
	s.work, s.connection, s.medium, s.uncounted = noWork, NoConnection, mediumDirect, false
	k.pending++
	if !m.Housekeeping {
		k.meaningful++
	}
	return index, true
}

// enqueue queues a scheduled event by its time.
func (k *Kernel) enqueue(index int32) {
	k.queue.push(entry{k.slots.all[index].time, index})
}

// enqueueOwn queues what an actor tells itself for this instant.
func (k *Kernel) enqueueOwn(index int32) {
	r := &k.round
	r.own = append(r.own, index)
	if r.ownCount++; r.ownCount > k.options.InstantLimit {
		k.failf("%s told itself more than %d things without delay",
			k.actors[k.slots.all[index].receiver].name, k.options.InstantLimit)
	}
}

// uncount takes a slot out of what is pending.
func (k *Kernel) uncount(s *slot) {
	if s.uncounted {
		return
	}
	k.pending--
	if !s.message.Housekeeping {
		k.meaningful--
	}
}

// drop cancels a pending slot; its entry is skipped when its time comes.
func (k *Kernel) drop(index int32) {
	s := &k.slots.all[index]
	k.uncount(s)
	s.state = slotCancelled
	s.message.Body = nil
	k.slots.cancelled++
}

// dropWhere cancels every pending message that matches.
func (k *Kernel) dropWhere(matches func(s *slot) bool) {
	for i := range k.slots.all {
		s := &k.slots.all[i]
		if s.state == slotPending && s.class < classControl && matches(s) {
			k.drop(int32(i))
		}
	}
}

// sweepCancelled frees the memory of cancelled timers once they are the most of what is
// queued, so that timers that never fire do not add up.
func (k *Kernel) sweepCancelled() {
	if k.slots.cancelled < 256 || k.slots.cancelled*2 < k.queue.size {
		return
	}
	k.queue.sweep(func(index int32) bool {
		if k.slots.all[index].state != slotCancelled {
			return true
		}
		k.slots.release(index)
		return false
	})
}

// Inject sends a message from outside: a start, a fault. With a delay of 0 it is handled
// in the present instant, after what that instant already holds if the instant has begun.
func (k *Kernel) Inject(to ActorID, delayNanos int64, m Message) {
	if delayNanos < 0 {
		k.failf("Inject with a delay of %d ns", delayNanos)
	}
	cause := Cause{NoActor, 0}
	if outside := k.actors[Outside]; outside.ordinal > 0 {
		cause = Cause{Outside, outside.ordinal}
	}
	if index, ok := k.schedule(k.now+delayNanos, to, Outside, cause, arrivalClass(&m), &m); ok {
		k.enqueue(index)
	}
}

// At has f called at a virtual time, before everything else of that instant; actions of
// one instant run in the order in which they were given. It panics for a time in the past.
func (k *Kernel) At(nanos int64, f func()) {
	if nanos < k.now {
		k.failf("At %d ns, which is past", nanos)
	}
	k.controls++
	k.sequence++
	k.enqueueSystem(nanos, classControl, Message{Body: f}, k.sequence)
}

// enqueueSystem queues an event that is not for an actor.
func (k *Kernel) enqueueSystem(time int64, c class, m Message, sequence uint64) int32 {
	index := k.slots.claim()
	s := &k.slots.all[index]
	generation := s.generation
	*s = slot{message: m, time: time, sequence: sequence, receiver: Outside, sender: Outside, work: noWork,
		connection: NoConnection, class: c, state: slotPending, uncounted: true, generation: generation}
	k.queue.push(entry{time, index})
	return index
}

func arrivalClass(m *Message) class {
	if m.Mail {
		return classMail
	}
	return classArrival
}
