package sim

// settle re-stamps what is left after the number of works changed.
func (u *CPU) settle() {
	u.settling = false
	if len(u.fluid.heap) <= u.cores {
		u.settleAlone()
	} else {
		u.settleShared()
	}
	u.k.sweepCancelled()
}

// settleAlone gives each work that has none its own timer.
func (u *CPU) settleAlone() {
	u.shared = false
	u.cancelWake()
	for i := range u.fluid.heap {
		if job := &u.fluid.heap[i]; u.works[job.id].done == NoTimer {
			u.stamp(job.id, max(u.fluid.timeOf(job.finish), u.k.now))
		}
	}
}

// settleShared has one timer wake the cores when the first work ends.
func (u *CPU) settleShared() {
	if !u.shared {
		u.shared = true
		for i := range u.fluid.heap {
			u.unstamp(&u.works[u.fluid.heap[i].id])
		}
	}
	next := max(u.fluid.timeOf(u.fluid.heap[0].finish), u.k.now)
	if u.waking != NoTimer && u.wakingAt == next {
		return
	}
	u.cancelWake()
	index := u.k.enqueueSystem(next, classWake, Message{A: int64(u.node)}, u.address)
	u.waking, u.wakingAt = u.k.slots.timer(index), next
}

func (u *CPU) cancelWake() {
	if index, pending := u.k.slots.find(u.waking); pending {
		u.k.drop(index)
	}
	u.waking = NoTimer
}

// wake ends the works that have been served by now. It runs before all actors of the
// instant, so their messages are in place when the first of them runs.
func (u *CPU) wake() {
	u.waking = NoTimer
	now := u.k.now
	u.fluid.sync(now)
	service := u.fluid.service(now)
	for len(u.fluid.heap) > 0 && u.fluid.heap[0].finish <= service {
		id := u.fluid.heap[0].id
		u.end(id)
		u.stamp(id, now)
	}
	u.change()
}

// received is the CPU time that a work has received.
func (u *CPU) received(id int32) int64 {
	w := &u.works[id]
	rest := int64(0)
	switch w.state {
	case workServed:
		rest = u.fluid.job(id).finish - u.fluid.service(u.k.now)
	case workSuspended:
		rest = w.rest
	}
	return (w.total - max(rest, 0)) >> fractionBits
}

// suspend stops the works of a process that is paused.
func (u *CPU) suspend(id ProcessID) {
	for i := range u.works {
		w := &u.works[i]
		if w.state != workServed || u.k.actors[w.actor].process != id {
			continue
		}
		u.fluid.sync(u.k.now)
		service := u.fluid.service(u.k.now)
		w.rest = max(u.fluid.remove(u.k.now, int32(i)).finish-service, 0)
		w.state = workSuspended
		u.unstamp(w)
		u.change()
	}
}

// resume goes on with the works of a process whose pause is over.
func (u *CPU) resume(id ProcessID) {
	for i := range u.works {
		w := &u.works[i]
		if w.state == workSuspended && u.k.actors[w.actor].process == id {
			u.fluid.sync(u.k.now)
			u.serve(int32(i), u.fluid.service(u.k.now)+w.rest)
		}
	}
}

// abandon drops the works of actors that died.
func (u *CPU) abandon(matches func(w *work) bool) {
	for i := range u.works {
		if u.works[i].state != workNone && matches(&u.works[i]) {
			u.abort(int32(i))
		}
	}
}

// abort takes a work out, wherever it is.
func (u *CPU) abort(id int32) {
	w := &u.works[id]
	if w.state == workServed {
		u.fluid.remove(u.k.now, id)
		u.change()
	}
	u.unstamp(w)
	u.count(w, -1)
	u.release(id)
}

// count adds a work to what is pending, or takes it out.
func (u *CPU) count(w *work, n int) {
	u.k.pending += n
	if !w.message.Housekeeping {
		u.k.meaningful += n
	}
}

func (u *CPU) find(id WorkID) (int32, bool) {
	index := int32(uint32(id)) - 1
	if index < 0 || int(index) >= len(u.works) {
		return 0, false
	}
	w := &u.works[index]
	return index, w.state != workNone && w.generation == uint32(id>>32)
}

func (u *CPU) claim() int32 {
	if n := len(u.free); n > 0 {
		id := u.free[n-1]
		u.free = u.free[:n-1]
		return id
	}
	u.works = append(u.works, work{})
	return int32(len(u.works) - 1)
}

func (u *CPU) release(id int32) {
	w := &u.works[id]
	*w = work{generation: w.generation + 1}
	u.free = append(u.free, id)
}
