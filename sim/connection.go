package sim

// connection is an ordered stream in both directions between two processes; many
// channels may share it.
type connection struct {
	number  ConnectionID
	address uint64
	ends    [2]end
	// unanswered: it was opened to a process that was down, over a way that was cut.
	unanswered bool
}

// end is one end of a connection: what comes to it, and who hears when it breaks.
type end struct {
	process   ProcessID
	open      bool
	path      path
	sentBytes uint64 // from this end
	watchers  []watcher
	stalled   []transit // sent to this end while the link to it is cut or held
}

type watcher struct {
	actor       ActorID
	incarnation int32
	lost        Message
}

// at is the end at a process. The two ends are in different processes.
func (n *connection) at(p ProcessID) *end {
	if n.ends[0].process == p {
		return &n.ends[0]
	}
	return &n.ends[1]
}

// opposite is the end that is not at a process.
func (n *connection) opposite(p ProcessID) *end {
	if n.ends[0].process == p {
		return &n.ends[1]
	}
	return &n.ends[0]
}

// Open opens a connection from the running actor's process to another one. When it
// breaks, because a process crashed, the other end closed it or a partition lasted for the
// break timeout, the actor local at this end and the actor remote at the other (each may
// be NoActor) get the message lost, from each other. If the peer is down, local hears so
// after a round trip; if it is cut off, after the break timeout. It panics for a peer in
// the same process.
func (c *Context) Open(peer ProcessID, local, remote ActorID, lost Message) ConnectionID {
	k := c.k
	if c.muted {
		return NoConnection
	}
	if peer == c.actor.process {
		k.failf("%s opens a connection to its own process", c.actor.name)
	}
	id := ConnectionID(len(k.network.connections))
	near, far := k.processes[c.actor.process], k.processes[peer]
	connections, n := another(k.network.connections)
	n.number, n.address, n.unanswered = id, fold(near.address, far.address|1), false
	n.ends[0].init(c.actor.process, true)
	n.ends[1].init(peer, far.alive)
	n.ends[0].watch(k, local, lost)
	n.ends[1].watch(k, remote, lost)
	k.network.connections = connections
	k.checkOpened(n, c.outgoing())
	return id
}

// checkOpened breaks a new connection that cannot come up. The peer's refusal needs the way
// that is cut: (1) near opens, far is down, the way is cut; (2) the way comes back before the
// break timeout; (3) only now near hears that it was refused.
func (k *Kernel) checkOpened(n *connection, cause Cause) {
	near, far := k.NodeOf(n.ends[0].process), k.NodeOf(n.ends[1].process)
	cut := k.isCut(near, far) || k.isCut(far, near)
	n.unanswered = cut && !n.ends[1].open
	switch {
	case cut:
		k.breakAfterTimeout(n)
	case !n.ends[1].open:
		delay := k.latency(near, far, n.address, 0) + k.latency(far, near, n.address, 1)
		k.loseEnd(n, n.ends[0].process, k.now+delay, cause)
	}
}

// init makes the end as new, but for the room of its lists.
func (e *end) init(p ProcessID, open bool) {
	*e = end{process: p, open: open, watchers: e.watchers[:0], stalled: e.stalled[:0]}
}

func (e *end) watch(k *Kernel, id ActorID, lost Message) {
	if id != NoActor {
		e.watchers = append(e.watchers, watcher{id, k.actors[id].incarnation, lost})
	}
}

// mine is the running actor's end of a connection.
func (c *Context) mine(id ConnectionID) (*connection, *end) {
	n := c.k.network.connections[id]
	e := n.at(c.actor.process)
	if e.process != c.actor.process {
		c.k.failf("%s uses connection %d, which is not of its process", c.actor.name, id)
	}
	return n, e
}

// Watch has the running actor, too, hear when the connection breaks at its end.
func (c *Context) Watch(id ConnectionID, lost Message) {
	if !c.muted {
		_, e := c.mine(id)
		e.watch(c.k, c.self, lost)
	}
}

// IsOpen is whether a connection is open, as far as the running actor's end knows.
func (c *Context) IsOpen(id ConnectionID) bool {
	if c.muted {
		return false
	}
	_, e := c.mine(id)
	return e.open
}

// Close closes a connection from the running actor's end. The other end hears that it is
// lost, after everything that was sent to it before. Its own end hears nothing.
func (c *Context) Close(id ConnectionID) {
	if c.muted {
		return
	}
	n, e := c.mine(id)
	if e.open {
		c.k.closeEnd(n, e, c.outgoing())
	}
}

// Transmit sends data over an open connection to an actor at the other end: in order with
// everything else sent on the connection in this direction, and subject to the bandwidth
// of link and NICs. During a partition it waits; after a break it is dropped. Its latency
// is drawn by the connection and the number of bytes sent before.
func (c *Context) Transmit(id ConnectionID, to ActorID, sizeBytes int64, m Message) {
	if c.muted {
		return
	}
	n, e := c.mine(id)
	position := e.sentBytes
	e.sentBytes += uint64(sizeBytes)
	c.TransmitAddressed(id, to, sizeBytes, n.address^c.k.processes[e.process].address, position, m)
}

// TransmitAddressed is Transmit with a latency drawn by a channel and a position, such as
// the first byte it carries, so that other traffic on the connection shifts no draw.
func (c *Context) TransmitAddressed(id ConnectionID, to ActorID, sizeBytes int64,
	channel, position uint64, m Message) {
	if c.muted {
		return
	}
	k := c.k
	n, e := c.mine(id)
	receiver := k.actors[to]
	theirs := n.opposite(e.process)
	if receiver.process != theirs.process {
		k.failf("connection %d does not lead from %s to %s", id, c.actor.name, receiver.name)
	}
	if !e.open || !receiver.alive {
		return
	}
	k.put(theirs, &transit{message: m, cause: c.outgoing(), from: c.self, to: to,
		origin: e.process, target: theirs.process, incarnation: receiver.incarnation,
		connection: id, medium: mediumConnection, sizeBytes: sizeBytes,
		latency: k.latency(c.actor.node, receiver.node, channel, position)})
}

// put sends a message to an end, or lets it wait while the way is cut or held.
func (k *Kernel) put(to *end, t *transit) {
	if len(to.stalled) > 0 || k.isShut(k.NodeOf(t.origin), k.NodeOf(t.target)) {
		to.stalled = append(to.stalled, *t)
		k.countStalled(t, 1)
		return
	}
	k.launch(t)
}

// countStalled keeps what waits for a partition to end among what is pending.
func (k *Kernel) countStalled(t *transit, n int) {
	k.pending += n
	if !t.message.Housekeeping {
		k.meaningful += n
	}
}

// flush sends what waited for the way to an end to come back.
func (k *Kernel) flush(e *end) {
	stalled := e.stalled
	e.stalled = nil
	for i := range stalled {
		k.countStalled(&stalled[i], -1)
		k.launch(&stalled[i])
	}
}

// forget drops what waited.
func (k *Kernel) forget(e *end) {
	for i := range e.stalled {
		k.countStalled(&e.stalled[i], -1)
	}
	e.stalled = nil
}
