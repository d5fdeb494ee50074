package sim

// Partition cuts two nodes off from each other: what is posted between them is lost, also
// what was on its way; what is sent on connections waits, and after the break timeout
// both ends hear that the connection is lost.
func (k *Kernel) Partition(a, b NodeID) {
	k.PartitionOneWay(a, b)
	k.PartitionOneWay(b, a)
}

// PartitionOneWay cuts the way from one node to another. Connections between them break
// after the break timeout, since nothing is acknowledged on them any more. Partitions are
// counted: the way is back when each of them has been healed.
func (k *Kernel) PartitionOneWay(from, to NodeID) {
	if from == to {
		return
	}
	l := k.link(from, to)
	if l.cuts++; l.cuts > 1 {
		return
	}
	l.cutSince = k.sequence
	k.sequence++
	k.forgetHeld(l)
	k.dropWhere(func(s *slot) bool {
		return s.medium == mediumPost && k.actors[s.sender].node == from && k.actors[s.receiver].node == to
	})
	k.connectionsBetween(from, to, k.breakAfterTimeout)
}

// Heal ends one partition of two nodes.
func (k *Kernel) Heal(a, b NodeID) {
	k.HealOneWay(a, b)
	k.HealOneWay(b, a)
}

// HealOneWay ends one partition in one direction. When it was the last, what waited on
// connections goes out.
func (k *Kernel) HealOneWay(from, to NodeID) {
	if !k.isCut(from, to) {
		return
	}
	l := k.link(from, to)
	if l.cuts--; l.cuts == 0 && l.holds == 0 {
		k.flushAll(from, to)
	}
}

// flushAll sends what waited on connections for the way from one node to another.
func (k *Kernel) flushAll(from, to NodeID) {
	k.connectionsBetween(from, to, func(n *connection) {
		for i := range n.ends {
			if e := &n.ends[i]; k.NodeOf(e.process) == to {
				k.flush(e)
			}
		}
		if n.unanswered {
			k.checkOpened(n, k.causeOutside())
		}
	})
}

// HealAll ends all partitions.
func (k *Kernel) HealAll() {
	for from := range k.nodes {
		for to := range k.nodes {
			for k.isCut(NodeID(from), NodeID(to)) {
				k.HealOneWay(NodeID(from), NodeID(to))
			}
		}
	}
}

// Cut is whether the way from one node to another is cut.
func (k *Kernel) Cut(from, to NodeID) bool { return k.isCut(from, to) }

func (k *Kernel) isCut(from, to NodeID) bool { return from != to && k.link(from, to).cuts > 0 }

// cutSince identifies the partition that cuts the way, or is -1.
func (k *Kernel) cutSince(from, to NodeID) int64 {
	if !k.isCut(from, to) {
		return -1
	}
	return int64(k.link(from, to).cutSince)
}

// connectionsBetween calls f for the connections between two nodes that are not wholly
// closed.
func (k *Kernel) connectionsBetween(a, b NodeID, f func(*connection)) {
	for _, n := range k.network.connections {
		x, y := k.NodeOf(n.ends[0].process), k.NodeOf(n.ends[1].process)
		if (x == a && y == b || x == b && y == a) && (n.ends[0].open || n.ends[1].open) {
			f(n)
		}
	}
}
