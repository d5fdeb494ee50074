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
	keys     []receiverKey
	ties     []senderKey
	own      []int32
	ownAt    int
	ownCount int // delay-free messages in this instant
	receiver ActorID
}

// receiverKey orders the events of an instant by receiver.
type receiverKey struct {
	hash uint64
	slot int32
}

// senderKey orders the events of one receiver, or of receivers whose hashes are equal.
type senderKey struct {
	receiver uint64
	class    class
	hash     uint64
	sender   uint64
	sequence uint64
	slot     int32
}

func compareReceivers(a, b receiverKey) int { return cmp.Compare(a.hash, b.hash) }

func compareSenders(a, b senderKey) int {
	if a.receiver != b.receiver {
		return cmp.Compare(a.receiver, b.receiver)
	}
	if a.class != b.class {
		return cmp.Compare(a.class, b.class)
	}
	if a.hash != b.hash {
		return cmp.Compare(a.hash, b.hash)
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
	salt := k.instantSalt(k.now)
	for _, index := range r.order {
		r.keys = append(r.keys, receiverKey{k.receiverHash(salt, k.slots.all[index].receiver), index})
	}
	slices.SortFunc(r.keys, compareReceivers)
	for i := 0; i < len(r.keys); {
		end := i + 1
		for end < len(r.keys) && r.keys[end].hash == r.keys[i].hash {
			end++
		}
		if end == i+1 {
			r.order[i] = r.keys[i].slot
		} else {
			k.sortReceiver(i, end)
		}
		i = end
	}
}

// instantSalt is what the order of an instant is drawn by.
func (k *Kernel) instantSalt(nanos int64) uint64 { return mix(k.options.Seed ^ uint64(nanos)*saltTime) }

// receiverHash is the place of a receiver in the order of an instant.
func (k *Kernel) receiverHash(salt uint64, id ActorID) uint64 {
	return fold(salt^k.actors[id].address, saltReceiver)
}

// sortReceiver orders what one receiver gets, at i to end of the round.
func (k *Kernel) sortReceiver(i, end int) {
	r := &k.round
	r.ties = r.ties[:0]
	for _, key := range r.keys[i:end] {
		s := &k.slots.all[key.slot]
		tie := senderKey{receiver: k.actors[s.receiver].address, class: s.class,
			sequence: s.sequence, slot: key.slot}
		if s.class != classHeld {
			tie.sender = k.actors[s.sender].address
			tie.hash = fold(key.hash^tie.sender, saltSender)
		}
		r.ties = append(r.ties, tie)
	}
	slices.SortFunc(r.ties, compareSenders)
	for j := range r.ties {
		r.order[i+j] = r.ties[j].slot
	}
}
