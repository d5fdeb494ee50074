package sim_test

import (
	"fmt"

	"simrun/sim"
)

// pinger posts to its peer and waits for the answer; it gives up after a timeout.
type pinger struct {
	peer    sim.ActorID
	timeout sim.TimerID
}

const (
	messageStart uint16 = iota
	messagePing
	messagePong
	messageTimeout
)

func (p *pinger) Receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case messageStart:
		c.Post(p.peer, 100, sim.Message{Kind: messagePing})
		p.timeout = c.After(5_000_000, sim.Message{Kind: messageTimeout})
	case messagePong:
		c.Cancel(p.timeout)
		fmt.Println("answered after", sim.FormatNanos(c.NowNanos()))
	case messageTimeout:
		fmt.Println("no answer after", sim.FormatNanos(c.NowNanos()))
	}
}

// echo answers after some work.
type echo struct{ asker sim.ActorID }

func (e *echo) Receive(c *sim.Context, m sim.Message) {
	if m.Kind == messagePing {
		e.asker = c.From()
		c.CPU().Begin(c, 50_000, sim.Message{Kind: messagePong})
		return
	}
	c.Post(e.asker, 100, m)
}

// Two processes on two nodes: one asks, the other one answers, unless it crashes before.
func Example() {
	for _, crash := range []bool{false, true} {
		k := sim.New(sim.Options{Seed: 1})
		k.SetDefaultLink(sim.LinkOptions{LatencyNanos: sim.Constant(200_000)})
		left, right := k.AddNode(sim.NodeOptions{Name: "left"}), k.AddNode(sim.NodeOptions{Name: "right"})

		var server sim.ActorID
		process := k.AddProcess(sim.ProcessOptions{Name: "server", Node: right, Boot: func(b *sim.Boot) {
			server = b.Spawn("echo", &echo{})
		}})
		k.AddProcess(sim.ProcessOptions{Name: "client", Node: left, Boot: func(b *sim.Boot) {
			b.Send(b.Spawn("pinger", &pinger{peer: server}), 1_000_000, sim.Message{Kind: messageStart})
		}})
		if crash {
			k.At(1_220_000, func() { k.Crash(process) })
		}
		k.RunUntil(10_000_000)
	}
	// Output:
	// answered after 1450us
	// no answer after 6ms
}
