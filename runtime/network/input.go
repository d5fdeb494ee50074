package network

// ring is a first-in-first-out list of small integers.
type ring struct {
	items []int32
	head  int
}

func (r *ring) empty() bool { return r.head == len(r.items) }

func (r *ring) push(v int32) {
	if r.head > 32 && r.head*2 > len(r.items) {
		n := copy(r.items, r.items[r.head:])
		r.items, r.head = r.items[:n], 0
	}
	r.items = append(r.items, v)
}

func (r *ring) pop() int32 {
	v := r.items[r.head]
	r.head++
	if r.head == len(r.items) {
		r.items, r.head = r.items[:0], 0
	}
	return v
}

// Input is one input of an operator: one gate, or the union of several. Gates rotate by
// buffer, and within a gate its channels do (Flink: UnionInputGate, SingleInputGate).
type Input struct {
	Gates    []*Gate
	rotation ring
}

// NewInput gives an input of at most so many gates, none of which is there yet.
func (a *Arena) NewInput(gates int) Input {
	return Input{Gates: a.gatePointers.Room(gates), rotation: ring{items: a.counts.Room(gates)}}
}

// Offer puts a channel that has something to read into the rotation.
func (in *Input) Offer(c *InputChannel) {
	g := c.gate
	if !c.ready {
		c.ready = true
		g.rotation.push(int32(c.position()))
	}
	if !g.inGate {
		g.inGate = true
		in.rotation.push(int32(in.gateIndex(g)))
	}
}

// Select takes the next channel out of the rotation; nil: none has anything.
func (in *Input) Select() *InputChannel {
	for !in.rotation.empty() {
		g := in.Gates[in.rotation.pop()]
		g.inGate = false
		if g.rotation.empty() {
			continue
		}
		c := g.Channels[g.rotation.pop()]
		c.ready = false
		if !g.rotation.empty() {
			g.inGate = true
			in.rotation.push(int32(in.gateIndex(g)))
		}
		return c
	}
	return nil
}

// HasData reports whether some channel waits in the rotation.
func (in *Input) HasData() bool { return !in.rotation.empty() }

func (in *Input) gateIndex(g *Gate) int {
	for i, other := range in.Gates {
		if other == g {
			return i
		}
	}
	panic("network: a gate is not part of the input")
}

func (c *InputChannel) position() int {
	return int(c.Index - c.gate.Channels[0].Index)
}
