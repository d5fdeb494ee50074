package sim

// nic is the network card of a node: a server for what leaves and one for what comes in,
// each in first-come order. Both are actors, so that what reaches them in one instant is
// served in addressed order.
type nic struct {
	bytesPerSecond  int64
	egress, ingress ActorID
	egressFree      int64 // when the last byte accepted will have left
	ingressFree     int64
	actors          struct {
		egress  egressActor
		ingress ingressActor
	}
}

type egressActor struct {
	k    *Kernel
	node *node
}

type ingressActor struct {
	k    *Kernel
	node *node
}

func (n *nic) init(k *Kernel, of *node, bytesPerSecond int64) {
	n.bytesPerSecond = bytesPerSecond
	n.actors.egress, n.actors.ingress = egressActor{k, of}, ingressActor{k, of}
	n.egress = k.addActor("nic-egress:"+of.name, &n.actors.egress, NoProcess, of.number)
	n.ingress = k.addActor("nic-ingress:"+of.name, &n.actors.ingress, NoProcess, of.number)
}

// SetNIC changes what a node can send, and receive, from now on. 0: unlimited.
func (k *Kernel) SetNIC(n NodeID, bytesPerSecond int64) {
	k.nodes[n].nic.bytesPerSecond = bytesPerSecond
}

// stage sends a message on to a server of its way.
func (k *Kernel) stage(time int64, server ActorID, t *transit) {
	n := &k.network
	var index int32
	if last := len(n.free) - 1; last >= 0 {
		index = n.free[last]
		n.free = n.free[:last]
	} else {
		n.transfers = append(n.transfers, transit{})
		index = int32(len(n.transfers) - 1)
	}
	n.transfers[index] = *t
	m := Message{A: int64(index), Housekeeping: t.message.Housekeeping}
	if slotIndex, ok := k.schedule(time, server, t.from, t.cause, classArrival, &m); ok {
		k.enqueue(slotIndex)
	}
}

// unstage takes a message that a server has been handed. It reports false if the message
// was lost on the way.
func (k *Kernel) unstage(index int64) (transit, bool) {
	n := &k.network
	t := n.transfers[index]
	n.transfers[index] = transit{}
	n.free = append(n.free, int32(index))
	return t, k.passes(&t)
}

// passes is whether a message still has a way and a receiver.
func (k *Kernel) passes(t *transit) bool {
	if t.medium == mediumConnection {
		return k.network.connections[t.connection].at(t.target).open
	}
	return !k.isCut(k.NodeOf(t.origin), k.NodeOf(t.target))
}

// Receive serves what leaves the node: by the NIC and then the link, which pass bytes on
// as they come.
func (e *egressActor) Receive(_ *Context, m Message) {
	k := e.k
	t, ok := k.unstage(m.A)
	if !ok {
		return
	}
	to := k.NodeOf(t.target)
	begin, end := serve(&e.node.nic.egressFree, k.now, k.now, t.sizeBytes, e.node.nic.bytesPerSecond)
	l := k.link(e.node.number, to)
	begin, end = serve(&l.free, begin, end, t.sizeBytes, k.linkBytesPerSecond(e.node.number, to))
	k.arrive(begin+t.latency, end+t.latency, &t)
}

// Receive serves what comes into the node.
func (i *ingressActor) Receive(_ *Context, m Message) {
	k := i.k
	t, ok := k.unstage(m.A)
	if !ok {
		return
	}
	n := &i.node.nic
	_, end := serve(&n.ingressFree, k.now, t.last, t.sizeBytes, n.bytesPerSecond)
	k.land(max(end, k.now+1), &t)
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
