package sim

// closeEnd closes an end, and sends the news behind the data to the other one.
func (k *Kernel) closeEnd(n *connection, e *end, cause Cause) {
	k.shut(n, e)
	theirs := n.opposite(e.process)
	if !theirs.open {
		return
	}
	k.put(theirs, &transit{cause: cause, from: Outside, to: Outside, origin: e.process, target: theirs.process,
		connection: n.number, medium: mediumConnection, final: true,
		latency: k.latency(k.NodeOf(e.process), k.NodeOf(theirs.process),
			n.address^k.processes[e.process].address, e.sentBytes)})
}

// shut closes an end at once: what is on its way to it is dropped.
func (k *Kernel) shut(n *connection, e *end) {
	e.open = false
	k.forget(e)
	k.dropWhere(func(s *slot) bool {
		return s.connection == n.number && k.actors[s.receiver].process == e.process
	})
}

// breakConnectionsOf closes the ends of a process that crashed. What it had handed to the
// network goes out, what waited for a partition to end is gone.
func (k *Kernel) breakConnectionsOf(id ProcessID) {
	for _, n := range k.network.connections {
		e := n.at(id)
		if e.process != id || !e.open {
			continue
		}
		k.forget(n.opposite(id))
		k.closeEnd(n, e, k.causeOutside())
	}
}

// causeOutside is the cause of what happens from outside now: the event of the running
// actor if an observer acts, or the latest event of the world.
func (k *Kernel) causeOutside() Cause {
	c := &k.context
	if outside := k.actors[Outside]; c.self == Outside && outside.ordinal > 0 {
		return Cause{Outside, outside.ordinal}
	}
	if c.self == Outside {
		return Cause{Actor: NoActor}
	}
	return c.outgoing()
}

// loseEnd has the end at a process hear at a time that its connection is lost. What
// arrives until then still counts.
func (k *Kernel) loseEnd(n *connection, at ProcessID, time int64, cause Cause) {
	k.At(time, func() {
		if e := n.at(at); e.open {
			k.breakEnd(n, e, cause)
		}
	})
}

// breakEnd closes an end and tells its watchers in this instant.
func (k *Kernel) breakEnd(n *connection, e *end, cause Cause) {
	k.shut(n, e)
	from := Outside
	if theirs := n.opposite(e.process); len(theirs.watchers) > 0 {
		from = theirs.watchers[0].actor
	}
	for i := range e.watchers {
		w := &e.watchers[i]
		if k.actors[w.actor].incarnation != w.incarnation {
			continue
		}
		if index, ok := k.schedule(k.now, w.actor, from, cause, arrivalClass(&w.lost), &w.lost); ok {
			k.enqueue(index)
		}
	}
}

// breakAfterTimeout breaks a connection if its nodes are cut off from each other now and
// still are, without interruption, when the break timeout is over.
func (k *Kernel) breakAfterTimeout(n *connection) {
	a, b := k.NodeOf(n.ends[0].process), k.NodeOf(n.ends[1].process)
	there, back := k.cutSince(a, b), k.cutSince(b, a)
	cause := k.causeOutside()
	k.At(k.now+k.options.BreakTimeoutNanos, func() {
		lasting := there >= 0 && k.cutSince(a, b) == there || back >= 0 && k.cutSince(b, a) == back
		for i := range n.ends {
			if e := &n.ends[i]; lasting && e.open {
				k.breakEnd(n, e, cause)
			}
		}
	})
}
