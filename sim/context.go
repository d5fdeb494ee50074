package sim

// Context is what an actor may touch. There is one for each kernel, it is reused, and it
// is valid during Receive only. After the process of the running actor was crashed, by
// the actor itself or by an observer, whatever it still does is ignored.
type Context struct {
	k       *Kernel
	actor   *actor
	cause   Cause // of the message being handled
	self    ActorID
	from    ActorID
	emitted bool // in this Receive
	muted   bool // the actor died in this Receive
}

// Kernel is the kernel, for what may be asked and done from everywhere (faults, look-ups).
func (c *Context) Kernel() *Kernel { return c.k }

// NowNanos is the true virtual time, for metrics and traces.
func (c *Context) NowNanos() int64 { return c.k.now }

// ClockNanos is what the clock of this node shows: what protocols see.
func (c *Context) ClockNanos() int64 { return c.k.nodes[c.actor.node].clock.read(c.k.now) }

// MonotonicNanos is what the clock of this node would show if it had never been set: it
// drifts, but does not jump (Java's System.nanoTime; what timers and timeouts go by).
func (c *Context) MonotonicNanos() int64 {
	own := &c.k.nodes[c.actor.node].clock
	return own.read(c.k.now) - own.jumped
}

// Self is the running actor.
func (c *Context) Self() ActorID { return c.self }

// Process is the process of the running actor.
func (c *Context) Process() ProcessID { return c.actor.process }

// Node is the node of the running actor.
func (c *Context) Node() NodeID { return c.actor.node }

// From is the sender of the message being handled.
func (c *Context) From() ActorID { return c.from }

// Cause is the cause of the message being handled.
func (c *Context) Cause() Cause { return c.cause }

// Incarnation is the incarnation of the running actor, from 0.
func (c *Context) Incarnation() int32 { return c.actor.incarnation }

// Crashed is whether the running actor's process was crashed during this Receive.
func (c *Context) Crashed() bool { return c.muted }

// outgoing is the cause of what the actor sends now: its latest event. If it emitted
// nothing since it got a message from another actor, that message's cause is the nearer
// one, so that chains go through actors which only pass things on.
func (c *Context) outgoing() Cause {
	if !c.emitted && c.cause.Actor != c.self && c.cause.Actor != NoActor {
		return c.cause
	}
	if c.actor.ordinal > 0 {
		return Cause{c.self, c.actor.ordinal}
	}
	return c.cause
}

// Send delivers m after a delay over a medium that neither loses nor delays it: within a
// process, or where the network does not matter. The delay is at least 1 ns; to itself an
// actor may send with 0: that is handled in this instant, after everything else that the
// instant holds for the actor, in order of sending.
func (c *Context) Send(to ActorID, delayNanos int64, m Message) {
	if to == c.self {
		c.own(delayNanos, classMail, &m)
		return
	}
	if delayNanos < 1 {
		c.k.failf("%s sends to %s with a delay of %d ns, below 1", c.actor.name, c.k.ActorName(to), delayNanos)
	}
	if c.muted {
		return
	}
	if index, ok := c.k.schedule(c.k.now+delayNanos, to, c.self, c.outgoing(), arrivalClass(&m), &m); ok {
		c.k.enqueue(index)
	}
}

// After sets a timer of this actor, which runs by the clock of the node. It comes after
// the arrivals of its instant.
func (c *Context) After(delayNanos int64, m Message) TimerID {
	return c.own(c.trueDelay(delayNanos), classMail, &m)
}

// AfterRecord sets a timer for the end of the actor's own record: it comes before all
// arrivals of its instant. It takes no CPU; see CPU.Begin for what does.
func (c *Context) AfterRecord(delayNanos int64, m Message) TimerID {
	return c.own(c.trueDelay(delayNanos), classRecord, &m)
}

func (c *Context) trueDelay(delayNanos int64) int64 {
	if c.actor.node == NoNode {
		return delayNanos
	}
	return c.k.nodes[c.actor.node].clock.trueDelay(delayNanos)
}

func (c *Context) own(delayNanos int64, of class, m *Message) TimerID {
	if delayNanos < 0 {
		c.k.failf("%s sets a timer %d ns in the past", c.actor.name, -delayNanos)
	}
	if c.muted {
		return NoTimer
	}
	index, ok := c.k.schedule(c.k.now+delayNanos, c.self, c.self, c.outgoing(), of, m)
	if !ok {
		return NoTimer
	}
	if delayNanos == 0 {
		c.k.enqueueOwn(index)
	} else {
		c.k.enqueue(index)
	}
	return c.k.slots.timer(index)
}

// Cancel takes back a timer of this actor. A timer that has fired, or was cancelled
// before, is ignored.
func (c *Context) Cancel(t TimerID) {
	index, pending := c.k.slots.find(t)
	if !pending || c.muted {
		return
	}
	if receiver := c.k.slots.all[index].receiver; receiver != c.self {
		c.k.failf("%s cancels a timer of %s", c.actor.name, c.k.ActorName(receiver))
	}
	c.k.drop(index)
	c.k.sweepCancelled()
}

// Draw is the random number of this run for a purpose and ids.
func (c *Context) Draw(purpose Purpose, a, b, d uint64) uint64 {
	return Draw(c.k.options.Seed, purpose, a, b, d)
}

// Emit makes a meaningful event of the running actor: it is numbered, goes into digest
// and trace, and observers see it. Its cause is that of the message being handled.
func (c *Context) Emit(kind EventKind, a, b, d, e, f, g int64) {
	if c.muted {
		return
	}
	c.emitted = true
	c.k.digest(c.actor, kind, a, b, d, e, f, g)
	if c.k.trace.recording {
		c.k.trace.record(c.k.now, c.self, c.actor, c.cause, kind, a, b, d, e, f, g)
	}
}

// Spawn starts an actor in the process of the running one. The name is unique in the
// kernel; the name of a dead actor makes the next incarnation of it. It panics if an
// actor of that name lives.
func (c *Context) Spawn(name string, a Actor) ActorID {
	if c.muted {
		return NoActor
	}
	return c.k.addActor(name, a, c.actor.process, c.actor.node)
}

// Exit ends the running actor when its Receive returns.
func (c *Context) Exit() {
	if !c.muted {
		c.actor.exiting = true
	}
}

// Kill ends an actor of the same process at once: what is under way to it, its timers and
// its CPU work are dropped. It panics for an actor of another process.
func (c *Context) Kill(id ActorID) {
	if c.muted {
		return
	}
	if c.k.actors[id].process != c.actor.process {
		c.k.failf("%s kills %s of another process", c.actor.name, c.k.ActorName(id))
	}
	c.k.kill(id)
}

// CPU is the cores of the running actor's node.
func (c *Context) CPU() *CPU { return &c.k.nodes[c.actor.node].cpu }

// Durable is what the process of the running actor keeps over crashes. It must be asked
// for anew in each Receive.
func (c *Context) Durable() *Durable {
	if c.muted {
		return &Durable{}
	}
	return &c.k.processes[c.actor.process].durable
}

// Lookup finds an actor by name, dead or alive.
func (c *Context) Lookup(name string) (ActorID, bool) { return c.k.Lookup(name) }
