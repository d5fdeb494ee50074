package sim

import "slices"

// nic is the network card of a node: a server for what leaves and one for what comes in,
// each in first-come order. What reaches one of them in one instant is served in addressed
// order:
//
//	actors ──launch──▶ leaving ──depart──▶ link ──▶ ingress ──land──▶ receiver
//	       instant t           t+1, all at once     an actor
//
// What is launched in an instant reaches the card 1 ns later, so when the instant is over
// all of it is known, and needs no event of its own.
type nic struct {
	bytesPerSecond int64
	egress         ActorID // whose address orders what leaves
	ingress        ActorID
	egressFree     int64 // when the last byte accepted will have left
	ingressFree    int64
	leaving        []int32 // transfers of this instant
	receiver       ingressActor
}

type ingressActor struct {
	k    *Kernel
	node *node
}

func (n *nic) init(k *Kernel, of *node, bytesPerSecond int64) {
	n.bytesPerSecond = bytesPerSecond
	n.receiver = ingressActor{k, of}
	n.egress = k.addActor("nic-egress:"+of.name, nil, NoProcess, of.number)
	n.ingress = k.addActor("nic-ingress:"+of.name, &n.receiver, NoProcess, of.number)
}

// SetNIC changes what a node can send, and receive, from now on. 0: unlimited.
func (k *Kernel) SetNIC(n NodeID, bytesPerSecond int64) {
	k.nodes[n].nic.bytesPerSecond = bytesPerSecond
}

// leave hands a message to the NIC of its node, or to the link behind it.
func (k *Kernel) leave(from NodeID, t *transit) {
	n := &k.nodes[from].nic
	if len(n.leaving) == 0 {
		k.network.departing = append(k.network.departing, from)
	}
	n.leaving = append(n.leaving, k.network.keep(t))
	k.countStalled(t, 1)
}

// depart serves what leaves in this instant, which is over. It reports false if there is
// nothing.
func (k *Kernel) depart() bool {
	if len(k.network.departing) == 0 {
		return false
	}
	for _, from := range k.network.departing {
		n := &k.nodes[from].nic
		if len(n.leaving) > 1 {
			k.sortLeaving(n)
		}
		for _, index := range n.leaving {
			k.egress(from, n, index)
		}
		n.leaving = n.leaving[:0]
	}
	k.network.departing = k.network.departing[:0]
	return true
}

// sortLeaving brings what reaches the NIC in the next instant into addressed order.
func (k *Kernel) sortLeaving(n *nic) {
	r := &k.round
	r.ties = r.ties[:0]
	receiver := k.receiverHash(k.instantSalt(k.now+1), n.egress)
	for i, index := range n.leaving {
		sender := k.actors[k.network.transfers[index].from].address
		r.ties = append(r.ties, senderKey{sender: sender, hash: fold(receiver^sender, saltSender),
			sequence: uint64(i), slot: index})
	}
	slices.SortFunc(r.ties, compareSenders)
	for i := range r.ties {
		n.leaving[i] = r.ties[i].slot
	}
}

// egress serves what leaves the node: by the NIC and then the link, which pass bytes on
// as they come.
func (k *Kernel) egress(from NodeID, n *nic, index int32) {
	t := &k.network.transfers[index]
	k.countStalled(t, -1)
	if !k.passes(t) {
		k.network.forget(index)
		return
	}
	to := k.NodeOf(t.target)
	begin, end := serve(&n.egressFree, k.now+1, k.now+1, t.sizeBytes, n.bytesPerSecond)
	l := k.link(from, to)
	begin, end = serve(&l.free, begin, end, t.sizeBytes, k.linkBytesPerSecond(from, to))
	k.arrive(begin+t.latency, end+t.latency, index)
}

// passes is whether a message still has a way and a receiver.
func (k *Kernel) passes(t *transit) bool {
	if t.medium == mediumConnection {
		return k.network.connections[t.connection].at(t.target).open
	}
	return !k.isCut(k.NodeOf(t.origin), k.NodeOf(t.target))
}

// Receive serves what comes into the node.
func (i *ingressActor) Receive(_ *Context, m Message) {
	k, n := i.k, &i.node.nic
	t := &k.network.transfers[m.A]
	if k.passes(t) {
		_, end := serve(&n.ingressFree, k.now, t.last, t.sizeBytes, n.bytesPerSecond)
		k.land(max(end, k.now+1), t)
	}
	k.network.forget(int32(m.A))
}

// serve passes a message, whose bytes come from first to last, through a server that is
// free from *free on, and gives when its bytes leave. A rate of 0 is no limit.
func serve(free *int64, first, last, sizeBytes, bytesPerSecond int64) (begin, end int64) {
	if bytesPerSecond <= 0 {
		return first, last
	}
	begin = max(first, *free)
	end = max(last, begin+scaleUp(uint64(sizeBytes), 1_000_000_000, uint64(bytesPerSecond)))
	*free = end
	return begin, end
}
