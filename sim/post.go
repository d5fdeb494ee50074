package sim

// Post is a control message that is about to cross the network, as a filter sees it.
type Post struct {
	NowNanos  int64
	From, To  ActorID
	SizeBytes int64
	Message   Message
}

// Verdict is what a filter does to a control message. The zero value lets it pass.
type Verdict struct {
	Drop bool
	// DelayNanos is added to the latency. Messages stay in order, so later ones wait, unless
	// this one is Unordered.
	DelayNanos int64
	Unordered  bool
	// Duplicate has the message arrive a second time: right behind the first, or
	// DuplicateNanos later, and then out of order.
	Duplicate      bool
	DuplicateNanos int64
}

// SetPostFilter has every control message that leaves its process judged by filter, or by
// nothing, if nil. The filter must depend on what it is given and on addressed draws only.
func (k *Kernel) SetPostFilter(filter func(*Post) Verdict) { k.network.filter = filter }

// Post sends a control message (RPC) to an actor of any process: over the network, in
// order with other posts between the two processes; it is lost when the receiver is dead
// or the way is cut, at the time of sending or until it arrives. In the same process it
// takes 1 ns. Its latency is drawn by sender, receiver and the integers of the message:
// a repetition that should draw anew carries a number.
func (c *Context) Post(to ActorID, sizeBytes int64, m Message) {
	k := c.k
	if uint(to) >= uint(len(k.actors)) {
		k.failf("%s posts message %d to actor %d, which does not exist", c.actor.name, m.Kind, to)
	}
	receiver := k.actors[to]
	if receiver.process == c.actor.process && to != c.self {
		c.Send(to, 1, m)
		return
	}
	if to == c.self {
		c.own(1, classMail, &m)
		return
	}
	if c.muted || !receiver.alive || k.isCut(c.actor.node, receiver.node) {
		return
	}
	verdict := k.judge(c, to, sizeBytes, &m)
	if verdict.Drop {
		return
	}
	t := transit{message: m, cause: c.outgoing(), from: c.self, to: to, origin: c.actor.process,
		target: receiver.process, incarnation: receiver.incarnation, connection: NoConnection,
		medium: mediumPost, sizeBytes: sizeBytes, unordered: verdict.Unordered}
	t.latency = verdict.DelayNanos + k.postLatency(c, receiver, &m)
	k.post(&t)
	if verdict.Duplicate {
		t.latency += verdict.DuplicateNanos
		t.unordered = t.unordered || verdict.DuplicateNanos > 0
		k.post(&t)
	}
}

// post sends a control message, or keeps it while its link is held.
func (k *Kernel) post(t *transit) {
	from, to := k.NodeOf(t.origin), k.NodeOf(t.target)
	if l := k.heldLink(from, to); l != nil {
		l.held = append(l.held, *t)
		k.countStalled(t, 1)
		return
	}
	k.launch(t)
}

func (k *Kernel) judge(c *Context, to ActorID, sizeBytes int64, m *Message) Verdict {
	if k.network.filter == nil {
		return Verdict{}
	}
	post := Post{k.now, c.self, to, sizeBytes, *m}
	return k.network.filter(&post)
}

// postLatency draws by what the message says. Housekeeping repeats itself, so its time is
// part of its address.
func (k *Kernel) postLatency(c *Context, receiver *actor, m *Message) int64 {
	content := mix(uint64(m.Kind) + saltKind)
	content = mix(content ^ uint64(m.A) + saltFirst)
	content = mix(content ^ uint64(m.B) + saltSecond)
	content = mix(content ^ uint64(m.C) + saltThird)
	content = mix(content ^ uint64(m.D))
	if m.Housekeeping {
		content ^= uint64(k.now) * saltTime
	}
	return k.latency(c.actor.node, receiver.node, fold(c.actor.address, receiver.address|1), content)
}
