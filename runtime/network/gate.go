package network

import "simrun/protocol"

// Grant is a number of credits for a channel's sender.
type Grant struct {
	Channel protocol.ChannelIndex
	Credits int32
}

// Gate is the receiver's side of an edge: its channels, the floating buffers that they
// share, and the rotation in which they are read (Flink: SingleInputGate).
type Gate struct {
	Channels  []*InputChannel
	exclusive int32
	floating  int32 // free ones
	waiting   []*InputChannel
	rotation  ring
	inGate    bool // the gate waits in its input's rotation
	// Grants collects credits to announce; the caller sends and empties it.
	Grants []Grant
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug protocol.Bug
}

// NewGate gives a gate with the exclusive buffers per channel and floating ones, in the
// memory of the arena.
func NewGate(arena *Arena, channels []*InputChannel, exclusive, floating int32) *Gate {
	g := arena.gates.New()
	*g = Gate{
		Channels: channels, exclusive: exclusive, floating: floating,
		rotation: ring{items: arena.counts.Room(len(channels))}, Grants: arena.grants.Room(len(channels)),
	}
	for _, c := range channels {
		c.gate, c.queue = g, arena.newQueue()
		c.exclusiveFree, c.required = exclusive, exclusive
	}
	return g
}

// Gate is the channel's gate.
func (c *InputChannel) Gate() *Gate { return c.gate }

// OnBacklog requests floating buffers for a channel whose sender has backlog more
// buffers waiting (Flink: BufferManager.requestFloatingBuffers).
func (g *Gate) OnBacklog(c *InputChannel, backlog int32) {
	c.required = backlog + g.exclusive
	granted := int32(0)
	for c.Credits() < c.required && !c.waiting {
		if g.floating == 0 {
			c.waiting = true
			g.waiting = append(g.waiting, c)
			break
		}
		g.floating--
		c.floatingFree++
		granted++
	}
	g.grant(c, granted)
}

// NoteBacklog notes what waits at the sender of a local channel, which has no credit.
func (g *Gate) NoteBacklog(c *InputChannel, backlog int32) { c.required = backlog + g.exclusive }

// Recycle takes back the buffer that b occupied (Flink: BufferManager.recycle).
func (g *Gate) Recycle(c *InputChannel, b *Buffer) {
	if c.Local || b.Recovered || !b.IsData() {
		return
	}
	if b.Floating {
		g.putFloating()
		return
	}
	c.exclusiveFree++
	if c.Credits() > c.required && c.floatingFree > 0 {
		c.floatingFree--
		g.putFloating()
		return
	}
	g.grant(c, 1)
}

// putFloating gives a floating buffer to the first channel that waits for one.
func (g *Gate) putFloating() {
	for len(g.waiting) > 0 {
		c := g.waiting[0]
		g.waiting = append(g.waiting[:0], g.waiting[1:]...)
		c.waiting = false
		if c.ended || c.Credits() >= c.required {
			continue
		}
		c.floatingFree++
		g.grant(c, 1)
		if c.Credits() < c.required {
			c.waiting = true
			g.waiting = append(g.waiting, c)
		}
		return
	}
	g.floating++
}

func (g *Gate) grant(c *InputChannel, credits int32) {
	if credits > 0 && !c.ended {
		g.Grants = append(g.Grants, Grant{c.Index, credits})
	}
}

// Retire returns the floating buffers of a channel that has ended.
func (g *Gate) Retire(c *InputChannel) {
	for ; c.floatingFree > 0; c.floatingFree-- {
		g.putFloating()
	}
}

// Stopped gives back the credit of a channel whose sender has just stopped behind a
// blocking event, and says how much that was: without exclusive buffers it would pin
// floating ones that the other channels need for their own barriers (FLINK-16641).
func (g *Gate) Stopped(c *InputChannel) (credits int32) {
	if g.exclusive > 0 || c.Local || g.Bug == protocol.BugFloatingBuffersPinned {
		return 0
	}
	credits, c.required = c.floatingFree, 0
	g.Retire(c)
	return credits
}

// FloatingFree is the number of floating buffers that nobody holds.
func (g *Gate) FloatingFree() int32 { return g.floating }

// BuffersInUse counts the buffers in which the gate's data lies: those that wait here and
// those that senders said they hold back, for debloating (Flink: getBuffersInUseCount).
func (g *Gate) BuffersInUse() int32 {
	n := int32(0)
	for _, c := range g.Channels {
		if !c.ended {
			n += int32(c.queue.size()) + max(0, c.required-g.exclusive)
		}
	}
	return n
}
