package sim

// Turns decide in which order messages from several senders come to a process, so that all
// orders can be walked. Messages that it holds, and what is behind them on their path, wait
// at the receiver's process. One of them is handed over at each turn:
//
//	path from a   a2 a1 ──┐            turn    heads     chosen
//	path from b   b2 b1 ──┼──▶ process    1    a1, b1    b1
//	path from c      c1 ──┘               2    a1, b2, c1 ...
//
// A path stays in order, as in any run; which path is next is what the network leaves open.
type Turns interface {
	// Holds reports whether messages of a kind wait for a turn. It is a pure function of its kind.
	Holds(kind uint16) bool
	// Choose picks one of the messages that are first on their paths to a process, in the order
	// in which their paths began to wait. It is asked even where there is one only. What it is
	// shown is its to read until it returns.
	Choose(to ProcessID, waiting []Waiting) int
}

// Waiting is the first message on a path to a process: the path is a connection, or whoever
// posts, with NoConnection.
type Waiting struct {
	Connection ConnectionID
	Origin     ProcessID
	From, To   ActorID
	Message    *Message
}

// turnPath is a path on which something waits for its turn, in order.
type turnPath struct {
	path    turnKey
	waiting []transit
}

// turnKey tells the paths to a process apart: connections, and posts by their origin.
type turnKey struct {
	connection ConnectionID
	origin     ProcessID
}

// turns is what waits for a process's turns, in the order in which paths began to wait.
type turns struct {
	paths []turnPath
	heads []Waiting // of the turn in hand
	due   bool      // a turn is scheduled
}

func (t *turns) find(key turnKey) int {
	for i := range t.paths {
		if t.paths[i].path == key {
			return i
		}
	}
	return -1
}

// takesTurn holds a message that is about to land, and reports whether it did.
func (k *Kernel) takesTurn(t *transit) bool {
	p := k.processes[t.target]
	key := turnKey{NoConnection, t.origin}
	if t.medium == mediumConnection {
		key.connection = t.connection
	}
	at := p.turns.find(key)
	if t.unordered || at < 0 && (t.final || !k.options.Turns.Holds(t.message.Kind)) {
		return false
	}
	if at < 0 {
		at = len(p.turns.paths)
		p.turns.paths = append(p.turns.paths, turnPath{path: key})
	}
	p.turns.paths[at].waiting = append(p.turns.paths[at].waiting, *t)
	k.countStalled(t, 1)
	k.scheduleTurn(t.target)
	return true
}

// scheduleTurn has the process's next turn at the next multiple of TurnNanos.
func (k *Kernel) scheduleTurn(id ProcessID) {
	p := k.processes[id]
	if p.turns.due || len(p.turns.paths) == 0 {
		return
	}
	p.turns.due = true
	k.At((k.now/k.options.TurnNanos+1)*k.options.TurnNanos, func() {
		p.turns.due = false
		k.turn(id)
		k.scheduleTurn(id)
	})
}

// turn hands over the first message of one path, and what is behind it up to the next one
// that is held. If there is one, its path begins to wait now.
func (k *Kernel) turn(id ProcessID) {
	p := k.processes[id]
	heads := p.turns.heads[:0]
	for i := range p.turns.paths {
		path := &p.turns.paths[i]
		first := &path.waiting[0]
		heads = append(heads, Waiting{path.path.connection, path.path.origin, first.from, first.to, &first.message})
	}
	p.turns.heads = heads
	at := k.options.Turns.Choose(id, heads)
	if at < 0 || at >= len(heads) {
		k.failf("path %d of %d was chosen at a turn of %s", at, len(heads), p.options.Name)
	}
	chosen := p.turns.paths[at]
	p.turns.paths = append(p.turns.paths[:at], p.turns.paths[at+1:]...)
	released := 1
	for released < len(chosen.waiting) && !k.options.Turns.Holds(chosen.waiting[released].message.Kind) {
		released++
	}
	for i := range chosen.waiting[:released] {
		k.release(&chosen.waiting[i])
	}
	if chosen.waiting = chosen.waiting[released:]; len(chosen.waiting) > 0 {
		p.turns.paths = append(p.turns.paths, chosen)
	}
}

// release delivers what has waited for its turn, unless its way is gone by now.
func (k *Kernel) release(t *transit) {
	k.countStalled(t, -1)
	lost := k.isCut(k.NodeOf(t.origin), k.NodeOf(t.target))
	if t.medium == mediumConnection {
		lost = !k.network.connections[t.connection].at(t.target).open
	}
	if !lost {
		k.deliver(k.now+1, t)
	}
}
