package sim

// CPU is the cores of one node, which all work of the node shares: n works on c cores get
// min(1, c/n) of a core each. While there are no more works than cores a work is a plain
// timer; beyond that, one timer wakes the cores when the next work ends.
type CPU struct {
	k        *Kernel
	node     NodeID
	cores    int
	address  uint64
	fluid    fluid
	works    []work
	free     []int32
	shared   bool // more works than cores, as of the latest settling
	settling bool
	waking   TimerID
	wakingAt int64
}

// WorkID names a piece of CPU work that has not ended.
type WorkID uint64

// NoWork is the id of no work; to abort it does nothing.
const NoWork WorkID = 0

// work is one piece of CPU work, until its end was handed to the actor.
type work struct {
	message    Message
	cause      Cause
	sequence   uint64
	total      int64   // service asked for
	rest       int64   // service left, while suspended
	done       TimerID // the message that tells the actor, if it is on its way
	actor      ActorID
	generation uint32
	state      workState
}

type workState uint8

const (
	workNone workState = iota
	workServed
	workSuspended
	workEnded // its message is in the present instant, or held
)

func (u *CPU) init(k *Kernel, n NodeID, cores int, address uint64) {
	clear(u.works)
	*u = CPU{k: k, node: n, cores: cores, address: address, works: u.works[:0], free: u.free[:0], fluid: u.fluid}
	u.fluid.init(1, uint64(cores), 1)
}

// Cores is the number of cores.
func (u *CPU) Cores() int { return u.cores }

// Runnable is the number of works that share the cores now.
func (u *CPU) Runnable() int { return len(u.fluid.heap) }

// Share is the part of a core that each work gets now.
func (u *CPU) Share() Ratio {
	if n := len(u.fluid.heap); n > u.cores {
		return reduce(int64(u.cores), int64(n))
	}
	return One
}

// Begin gives the running actor CPU time: done is delivered to it, as the end of its own
// record, when it has received work nanoseconds of a core. Works that follow each other
// without a gap are rounded to whole nanoseconds of time together, not one by one. Work of
// 0 ends in this instant and is no work: NoWork is returned. It panics for negative work
// and for more than 2^46 ns.
func (u *CPU) Begin(c *Context, workNanos int64, done Message) WorkID {
	k := u.k
	if workNanos < 0 || workNanos > maxService {
		k.failf("%s begins CPU work of %d ns", c.actor.name, workNanos)
	}
	if c.muted {
		return NoWork
	}
	if workNanos == 0 {
		c.own(0, classRecord, &done)
		return NoWork
	}
	id := u.claim()
	w := &u.works[id]
	k.sequence++
	w.message, w.cause, w.sequence, w.actor = done, c.outgoing(), k.sequence, c.self
	w.total = workNanos << fractionBits
	u.count(w, 1)
	u.serve(id, u.startOf(c.actor)+w.total)
	return WorkID(uint64(w.generation)<<32 | uint64(id+1))
}

// startOf is the service from which a work that begins now counts.
func (u *CPU) startOf(a *actor) int64 {
	u.fluid.sync(u.k.now)
	if a.workEndAt == u.k.now {
		a.workEndAt = -1
		return a.workEnd
	}
	return u.fluid.service(u.k.now)
}

// serve puts a work into service until finish.
func (u *CPU) serve(id int32, finish int64) {
	w := &u.works[id]
	w.state = workServed
	u.fluid.add(u.k.now, fluidJob{finish, u.k.actors[w.actor].address, w.sequence, id})
	if u.shared || len(u.fluid.heap) > u.cores {
		u.change()
		return
	}
	u.stamp(id, max(u.fluid.timeOf(finish), u.k.now))
}

// stamp sends the message of the work's end.
func (u *CPU) stamp(id int32, time int64) {
	w := &u.works[id]
	index, ok := u.k.schedule(time, w.actor, w.actor, w.cause, classRecord, &w.message)
	if !ok {
		return
	}
	s := &u.k.slots.all[index]
	u.k.uncount(s)
	s.uncounted, s.work, s.sequence = true, id, w.sequence
	w.done = u.k.slots.timer(index)
	u.k.enqueue(index)
}

// unstamp takes the message of the work's end back.
func (u *CPU) unstamp(w *work) {
	if index, pending := u.k.slots.find(w.done); pending {
		u.k.drop(index)
	}
	w.done = NoTimer
}

// change has the cores settle at the end of the instant.
func (u *CPU) change() {
	if !u.settling {
		u.settling = true
		u.k.settling = append(u.k.settling, u)
	}
}

// end takes a work that was served out of service.
func (u *CPU) end(id int32) {
	w := &u.works[id]
	job := u.fluid.remove(u.k.now, id)
	w.state = workEnded
	a := u.k.actors[w.actor]
	a.workEnd, a.workEndAt = job.finish, u.k.now
}

// delivered is called when the actor is being told that its work ended.
func (u *CPU) delivered(id int32) {
	w := &u.works[id]
	if w.state == workServed {
		u.end(id)
	}
	u.count(w, -1)
	u.release(id)
}

// Abort ends a work of the running actor early, and returns the CPU time that it had
// received. A work that ended is ignored; 0 is returned for it.
func (u *CPU) Abort(c *Context, id WorkID) (receivedNanos int64) {
	index, known := u.find(id)
	if !known || c.muted {
		return 0
	}
	if owner := u.works[index].actor; owner != c.self {
		u.k.failf("%s aborts CPU work of %s", c.actor.name, u.k.ActorName(owner))
	}
	receivedNanos = u.received(index)
	u.abort(index)
	return receivedNanos
}

// Resize makes a work of the running actor longer or shorter: it ends when it has received
// work nanoseconds in all, at once if it has already. What it received is kept exactly, as
// Abort and Begin could not. It reports false for a work that is over, whose message may
// still be on its way in this instant.
func (u *CPU) Resize(c *Context, id WorkID, workNanos int64) bool {
	index, known := u.find(id)
	if !known || c.muted || u.works[index].state != workServed {
		return false
	}
	w := &u.works[index]
	if w.actor != c.self || workNanos < 0 || workNanos > maxService {
		u.k.failf("%s resizes CPU work of %s to %d ns", c.actor.name, u.k.ActorName(w.actor), workNanos)
	}
	start := u.fluid.remove(u.k.now, index).finish - w.total
	u.unstamp(w)
	finish := max(start+workNanos<<fractionBits, u.fluid.service(u.k.now))
	w.total = finish - start
	u.serve(index, finish)
	return true
}

// Received is the CPU time, in whole nanoseconds, that a work has received by now. It is
// 0 for a work that is over.
func (u *CPU) Received(id WorkID) int64 {
	if index, known := u.find(id); known {
		return u.received(index)
	}
	return 0
}

// TimeOf is the first instant at which the work will have received so much CPU time, if
// the share stays as it is. It is the end of virtual time for a work that is over or
// suspended.
func (u *CPU) TimeOf(id WorkID, receivedNanos int64) int64 {
	index, known := u.find(id)
	if !known || u.works[index].state != workServed {
		return maxNanos
	}
	start := u.fluid.job(index).finish - u.works[index].total
	return u.fluid.timeOf(start + receivedNanos<<fractionBits)
}
