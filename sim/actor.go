package sim

// actor is what the kernel knows of one actor. It outlives its incarnations.
type actor struct {
	receiver    Actor
	address     uint64
	ordinal     uint64 // meaningful events so far
	digest      uint64
	process     ProcessID
	node        NodeID
	incarnation int32
	alive       bool
	held        bool // its process is paused
	exiting     bool
	// Where the actor's last CPU work ended, exactly: what begins in that instant goes on
	// from there, so that the rounding of end times does not add up.
	workEnd   int64
	workEndAt int64
	name      string
}

// addActor makes a new actor, or the next incarnation of a dead one of that name.
func (k *Kernel) addActor(name string, receiver Actor, p ProcessID, n NodeID) ActorID {
	if id, known := k.names[name]; known {
		a := k.actors[id]
		if a.alive {
			k.failf("actor %s is spawned while it lives", name)
		}
		a.receiver, a.process, a.node, a.alive = receiver, p, n, true
		a.held, a.exiting, a.workEndAt = false, false, -1
		a.incarnation++
		return id
	}
	id := ActorID(len(k.actors))
	a := k.spareActor()
	address := addressOf(name)
	*a = actor{receiver: receiver, address: address, digest: mix(address), process: p, node: n,
		alive: receiver != nil, workEndAt: -1, name: name}
	k.actors = append(k.actors, a)
	k.names[name] = id
	return id
}

func (k *Kernel) spareActor() *actor {
	if n := len(k.spares); n > 0 {
		a := k.spares[n-1]
		k.spares = k.spares[:n-1]
		return a
	}
	return new(actor)
}

// kill ends an actor: what is under way to it, its timers and its CPU work are dropped.
func (k *Kernel) kill(id ActorID) {
	a := k.actors[id]
	if !a.alive {
		return
	}
	k.bury(a)
	k.dropWhere(func(s *slot) bool { return s.receiver == id })
	k.nodes[a.node].cpu.abandon(func(w *work) bool { return w.actor == id })
	k.abandonRequests(func(r *request) bool { return r.caller == id }, false)
}

// bury marks an actor dead. If it is the one that is running, what it still tries to do
// in this Receive is ignored.
func (k *Kernel) bury(a *actor) {
	a.alive, a.held, a.exiting, a.receiver = false, false, false, nil
	if k.context.actor == a {
		k.context.muted = true
	}
}

// Lookup finds an actor by name, dead or alive.
func (k *Kernel) Lookup(name string) (ActorID, bool) {
	id, ok := k.names[name]
	return id, ok
}

// ActorName is the name under which an actor was spawned.
func (k *Kernel) ActorName(id ActorID) string { return k.actors[id].name }

// ActorCount is the number of actors known, dead ones included: ids are 0 to ActorCount-1.
func (k *Kernel) ActorCount() int { return len(k.actors) }

// Alive is whether the actor lives.
func (k *Kernel) Alive(id ActorID) bool { return k.actors[id].alive }

// ActorAddress is what draws about an actor are addressed by: it follows from its name.
func (k *Kernel) ActorAddress(id ActorID) uint64 { return k.actors[id].address }

// ProcessOf is the process that the actor lives or last lived in.
func (k *Kernel) ProcessOf(id ActorID) ProcessID { return k.actors[id].process }

// Incarnation counts how often the actor was spawned again, from 0.
func (k *Kernel) Incarnation(id ActorID) int32 { return k.actors[id].incarnation }
