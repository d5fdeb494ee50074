package sim

// LinkOptions describe the way from one node to another.
type LinkOptions struct {
	// LatencyNanos is the time of the first byte under way.
	LatencyNanos Distribution
	// AddedNanos is added to every latency: a delay that faults bring.
	AddedNanos int64
	// JitterNanos is the most that is added besides, drawn for each message.
	JitterNanos int64
	// BytesPerSecond limits the link in this direction. 0: unlimited.
	BytesPerSecond int64
}

// link is the way from one node to another.
type link struct {
	options  LinkOptions
	set      bool   // SetLink was called; otherwise the default holds
	cuts     int    // partitions that have not been healed
	cutSince uint64 // number of the first of them
	holds    int    // holds that have not been released
	held     []transit
	free     int64 // when the last byte accepted will have left
}

// path is what keeps messages of one kind from one place to another in order: no two of
// them arrive in the same instant, none before one that was sent earlier.
type path struct {
	latestFirst int64 // arrival of the first byte of the latest message
	latestLast  int64 // its delivery
}

// network is the links between nodes, the connections and what is on its way by stages.
type network struct {
	links       [][]link // from node, to node
	connections []*connection
	transfers   []transit // between two stages of their way
	free        []int32
	departing   []NodeID // from which something leaves in this instant
	filter      func(*Post) Verdict
}

func (n *network) clear(k *Kernel) {
	for i := range n.links {
		clear(n.links[i])
		n.links[i] = n.links[i][:0]
	}
	n.links = n.links[:0]
	clear(n.transfers)
	n.connections, n.transfers, n.free = n.connections[:0], n.transfers[:0], n.free[:0]
	n.departing, n.filter = n.departing[:0], nil
}

// keep stores a message between two stages of its way, until forget.
func (n *network) keep(t *transit) (index int32) {
	if last := len(n.free) - 1; last >= 0 {
		index = n.free[last]
		n.free = n.free[:last]
		n.transfers[index] = *t
		return index
	}
	n.transfers = append(n.transfers, *t)
	return int32(len(n.transfers) - 1)
}

func (n *network) forget(index int32) {
	n.transfers[index].message.Body = nil
	n.free = append(n.free, index)
}

// link is the link from one node to another.
func (k *Kernel) link(from, to NodeID) *link {
	n := &k.network
	for int(from) >= len(n.links) {
		n.links = n.anotherRow()
	}
	for int(to) >= len(n.links[from]) {
		n.links[from] = append(n.links[from], link{})
	}
	return &n.links[from][to]
}

// anotherRow adds a row of links: one that an earlier run has left, if there is one.
func (n *network) anotherRow() [][]link {
	if last := len(n.links); last < cap(n.links) {
		return n.links[:last+1]
	}
	return append(n.links, nil)
}

// SetDefaultLink sets the links for which SetLink says nothing.
func (k *Kernel) SetDefaultLink(o LinkOptions) { k.options.Link = o }

// SetLink sets the link between two nodes, in both directions, from now on.
func (k *Kernel) SetLink(a, b NodeID, o LinkOptions) {
	k.SetLinkOneWay(a, b, o)
	k.SetLinkOneWay(b, a, o)
}

// SetLinkOneWay sets the link from one node to another, from now on.
func (k *Kernel) SetLinkOneWay(from, to NodeID, o LinkOptions) {
	l := k.link(from, to)
	l.options, l.set = o, true
}

// LinkOptionsOf are the options that hold for the link from one node to another.
func (k *Kernel) LinkOptionsOf(from, to NodeID) LinkOptions {
	if l := k.link(from, to); l.set {
		return l.options
	}
	return k.options.Link
}

// latency is the time a message needs from one node to another, by its address.
func (k *Kernel) latency(from, to NodeID, address, position uint64) int64 {
	d, added := &k.options.LoopbackLatency, int64(0)
	if from != to {
		d = &k.options.Link.LatencyNanos
		if l := k.link(from, to); l.set {
			d, added = &l.options.LatencyNanos, l.options.AddedNanos+k.jitter(l, address, position)
		}
	}
	if k.branchJitter > 0 {
		added += k.upTo(k.branchJitter, address, position)
	}
	if d.Kind == DistributionConstant {
		return max(d.Low+added, 1)
	}
	return max(d.At(Draw(k.options.Seed, PurposeLinkLatency, address, position, 0))+added, 1)
}

// jitter is what a link adds to the latency of one message.
func (k *Kernel) jitter(l *link, address, position uint64) int64 {
	if l.options.JitterNanos <= 0 {
		return 0
	}
	return k.upTo(l.options.JitterNanos, address, position)
}

// upTo is a time from 0 to nanos, addressed as the message is.
func (k *Kernel) upTo(nanos int64, address, position uint64) int64 {
	draw := Draw(k.options.Seed, PurposeLinkJitter, address, position, 0)
	return int64(Below(draw, uint64(nanos)+1))
}

// transit is a message that is to cross the network.
type transit struct {
	message        Message
	cause          Cause
	from, to       ActorID
	origin, target ProcessID
	incarnation    int32 // of the receiver
	connection     ConnectionID
	medium         medium
	final          bool // not for an actor: it closes the connection at the target
	unordered      bool // others on its path may overtake it, and it them
	sizeBytes      int64
	latency        int64
	last           int64 // when the last byte reaches the receiver's node
}

// launch puts a message on the network: directly, or through the links and NICs that
// limit it. Those are servers in first-come order, so the message goes to them by 1 ns:
// what reaches them in one instant is served in addressed order.
func (k *Kernel) launch(t *transit) {
	from, to := k.NodeOf(t.origin), k.NodeOf(t.target)
	switch {
	case from == to:
		k.land(k.now+t.latency, t)
	case k.nodes[from].nic.bytesPerSecond > 0 || k.linkBytesPerSecond(from, to) > 0:
		k.leave(from, t)
	default:
		k.arrive(k.now+t.latency, k.now+t.latency, k.network.keep(t))
	}
}

func (k *Kernel) linkBytesPerSecond(from, to NodeID) int64 {
	if l := k.link(from, to); l.set {
		return l.options.BytesPerSecond
	}
	return k.options.Link.BytesPerSecond
}

// arrive is what happens to a message whose bytes come to the receiver's node from first
// to last.
func (k *Kernel) arrive(first, last int64, index int32) {
	t := &k.network.transfers[index]
	n := &k.nodes[k.NodeOf(t.target)].nic
	if n.bytesPerSecond <= 0 {
		k.land(last, t)
		k.network.forget(index)
		return
	}
	if p := k.pathOf(t); !t.unordered {
		first = max(first, p.latestFirst+1)
		p.latestFirst = first
	}
	t.last = max(last, first)
	m := Message{A: int64(index), Housekeeping: t.message.Housekeeping}
	if slot, ok := k.schedule(first, n.ingress, t.from, t.cause, classArrival, &m); ok {
		k.enqueue(slot)
	}
}

// land delivers a message, in order on its path, or at its turn.
func (k *Kernel) land(time int64, t *transit) {
	if k.options.Turns == nil || !k.takesTurn(t) {
		k.deliver(time, t)
	}
}

func (k *Kernel) deliver(time int64, t *transit) {
	if p := k.pathOf(t); !t.unordered {
		time = max(time, p.latestLast+1)
		p.latestLast = time
	}
	if t.final {
		k.loseEnd(k.network.connections[t.connection], t.target, time, t.cause)
		return
	}
	if a := k.actors[t.to]; !a.alive || a.incarnation != t.incarnation {
		return
	}
	index, ok := k.schedule(time, t.to, t.from, t.cause, arrivalClass(&t.message), &t.message)
	if !ok {
		return
	}
	s := &k.slots.all[index]
	s.medium, s.connection = t.medium, t.connection
	k.enqueue(index)
}

// pathOf is the path on which a message must stay in order.
func (k *Kernel) pathOf(t *transit) *path {
	if t.medium == mediumConnection {
		return &k.network.connections[t.connection].at(t.target).path
	}
	return k.postPath(t.origin, t.target)
}

func (k *Kernel) postPath(from, to ProcessID) *path {
	p := k.processes[from]
	for int(to) >= len(p.paths) {
		p.paths = append(p.paths, path{})
	}
	return &p.paths[to]
}
