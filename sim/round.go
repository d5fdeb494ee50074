package sim

import (
	"cmp"
	"slices"
)

// round is one instant: everything that is due in it, in addressed order. Messages take
// at least 1 ns, so all of it is known before its first event runs; what an actor tells
// itself for the same instant waits in own, which is emptied at the end of that actor's
// part of the round.
type round struct {
	system   []int32 // controls and cores, which come before all actors
	systemAt int
	order    []int32
	at       int
	keys     []roundKey
	own      []int32
	ownAt    int
	ownCount int // delay-free messages in this instant
	receiver ActorID
}

// roundKey is the place of an event in its instant.
type roundKey struct {
	receiverHash, receiver uint64
	class                  class
	senderHash, sender     uint64
	sequence               uint64
	slot                   int32
}

func compareKeys(a, b roundKey) int {
	if a.receiverHash != b.receiverHash {
		return cmp.Compare(a.receiverHash, b.receiverHash)
	}
	if a.receiver != b.receiver {
		return cmp.Compare(a.receiver, b.receiver)
	}
	if a.class != b.class {
		return cmp.Compare(a.class, b.class)
	}
	if a.senderHash != b.senderHash {
		return cmp.Compare(a.senderHash, b.senderHash)
	}
	if a.sender != b.sender {
		return cmp.Compare(a.sender, b.sender)
	}
	return cmp.Compare(a.sequence, b.sequence)
}

func (r *round) clear() {
	r.reset()
	r.ownCount, r.receiver = 0, NoActor
}

// reset makes room for the next round.
func (r *round) reset() {
	r.system, r.order, r.own = r.system[:0], r.order[:0], r.own[:0]
	r.systemAt, r.at, r.ownAt = 0, 0, 0
}

// gather takes the other entries of the instant of first out of the queue, without the
// cancelled ones, and brings them into order.
func (k *Kernel) gather(first entry) {
	k.sort(first.slot)
	for k.queue.holds(first.time) {
		e, _ := k.queue.peek()
		k.queue.pop()
		k.sort(e.slot)
	}
	if len(k.round.order) == 0 && len(k.round.system) == 0 {
		return
	}
	k.enter(first.time)
	if len(k.round.system) > 0 {
		k.deferActors()
	}
	k.sortRound()
}

// sort puts an event with the others of its sort.
func (k *Kernel) sort(index int32) {
	s := &k.slots.all[index]
	switch {
	case s.state == slotCancelled:
		k.slots.release(index)
	case s.class >= classControl:
		k.round.system = append(k.round.system, index)
	default:
		k.round.order = append(k.round.order, index)
	}
}

// deferActors puts the actors' events back while there are controls and cores to run,
// since those may add to the instant.
func (k *Kernel) deferActors() {
	r := &k.round
	for _, index := range r.order {
		k.queue.push(entry{k.now, index})
	}
	r.order = r.order[:0]
	slices.SortFunc(r.system, func(a, b int32) int {
		x, y := &k.slots.all[a], &k.slots.all[b]
		if x.class != y.class {
			return cmp.Compare(x.class, y.class)
		}
		return cmp.Compare(x.sequence, y.sequence)
	})
}

// sortRound brings the instant into addressed order.
func (k *Kernel) sortRound() {
	r := &k.round
	if len(r.order) < 2 {
		return
	}
	r.keys = r.keys[:0]
	salt := mix(k.options.Seed ^ uint64(k.now)*saltTime)
	for _, index := range r.order {
		s := &k.slots.all[index]
		key := roundKey{receiver: k.actors[s.receiver].address, class: s.class, sequence: s.sequence, slot: index}
		key.receiverHash = fold(salt^key.receiver, saltReceiver)
		if s.class != classHeld {
			key.sender = k.actors[s.sender].address
			key.senderHash = fold(key.receiverHash^key.sender, saltSender)
		}
		r.keys = append(r.keys, key)
	}
	slices.SortFunc(r.keys, compareKeys)
	for i := range r.keys {
		r.order[i] = r.keys[i].slot
	}
}
