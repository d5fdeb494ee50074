package sim

// HoldOneWay keeps whatever one node sends to another from now on: posts, and what goes on
// connections, which do not break. Holds are counted.
func (k *Kernel) HoldOneWay(from, to NodeID) {
	if from != to {
		k.link(from, to).holds++
	}
}

// ReleaseOneWay ends one hold. When it was the last, what was kept sets out, in order on
// each path, unless the way is cut.
func (k *Kernel) ReleaseOneWay(from, to NodeID) {
	l := k.heldLink(from, to)
	if l == nil {
		return
	}
	if l.holds--; l.holds > 0 || l.cuts > 0 {
		return
	}
	held := l.held
	l.held = nil
	for i := range held {
		k.countStalled(&held[i], -1)
		k.launch(&held[i])
	}
	k.flushAll(from, to)
}

// heldLink is the link from one node to another if it is held.
func (k *Kernel) heldLink(from, to NodeID) *link {
	if from == to {
		return nil
	}
	if l := k.link(from, to); l.holds > 0 {
		return l
	}
	return nil
}

// isShut is whether what one node sends to another has to wait.
func (k *Kernel) isShut(from, to NodeID) bool {
	if from == to {
		return false
	}
	l := k.link(from, to)
	return l.cuts > 0 || l.holds > 0
}

// forgetHeld loses the posts that a hold kept: the way is cut now.
func (k *Kernel) forgetHeld(l *link) {
	for i := range l.held {
		k.countStalled(&l.held[i], -1)
	}
	l.held = nil
}

// ResetConnections breaks the connections between two nodes at once: what is on its way is
// lost, and both ends hear in this instant. It returns how many there were.
func (k *Kernel) ResetConnections(a, b NodeID) int {
	count, cause := 0, k.causeOutside()
	k.connectionsBetween(a, b, func(n *connection) {
		count++
		for i := range n.ends {
			if e := &n.ends[i]; e.open {
				k.breakEnd(n, e, cause)
			}
		}
	})
	return count
}
