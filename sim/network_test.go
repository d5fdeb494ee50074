package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// arrival is a message as it reached an actor.
type arrival struct{ at, what int64 }

const (
	kindData uint16 = iota
	kindStart
	kindLost
)

// pair is two processes on two nodes, an actor each, and a connection from left to right.
type pair struct {
	*sim.Kernel
	nodes      [2]sim.NodeID
	processes  [2]sim.ProcessID
	actors     [2]sim.ActorID
	got        [2][]arrival
	lost       [2][]int64
	connection sim.ConnectionID
	onStart    func(c *sim.Context, side int, m sim.Message)
}

func newPair(o sim.Options, nicBytesPerSecond int64) *pair {
	p := &pair{Kernel: sim.New(o), connection: sim.NoConnection}
	for side := range 2 {
		p.nodes[side] = p.AddNode(sim.NodeOptions{Name: fmt.Sprintf("node-%d", side),
			NICBytesPerSecond: nicBytesPerSecond})
		p.processes[side] = p.AddProcess(sim.ProcessOptions{Name: fmt.Sprintf("process-%d", side),
			Node: p.nodes[side], Boot: func(b *sim.Boot) {
				p.actors[side] = b.Spawn(fmt.Sprintf("actor-%d", side), reactor(func(c *sim.Context, m sim.Message) {
					p.receive(c, side, m)
				}))
			}})
	}
	return p
}

func (p *pair) receive(c *sim.Context, side int, m sim.Message) {
	switch m.Kind {
	case kindStart:
		p.onStart(c, side, m)
	case kindLost:
		p.lost[side] = append(p.lost[side], c.NowNanos())
	default:
		p.got[side] = append(p.got[side], arrival{c.NowNanos(), m.A})
	}
}

// at has an actor do something at a time.
func (p *pair) at(nanos int64, side int, f func(c *sim.Context)) {
	p.At(nanos-1, func() {
		p.onStart = func(c *sim.Context, _ int, m sim.Message) { m.Body.(func(*sim.Context))(c) }
		p.Inject(p.actors[side], 1, sim.Message{Kind: kindStart, Body: f})
	})
}

// open opens the connection from left to right.
func (p *pair) open(nanos int64) {
	p.at(nanos, 0, func(c *sim.Context) {
		p.connection = c.Open(p.processes[1], p.actors[0], p.actors[1], sim.Message{Kind: kindLost})
	})
}

func (p *pair) transmit(nanos int64, side int, size, what int64) {
	p.at(nanos, side, func(c *sim.Context) {
		c.Transmit(p.connection, p.actors[1-side], size, sim.Message{A: what})
	})
}

func latency(nanos int64) sim.Options {
	return sim.Options{Link: sim.LinkOptions{LatencyNanos: sim.Constant(nanos)}, BreakTimeoutNanos: 10_000}
}

func TestPostTakesTheLatencyOfTheLinkAndOneNanoAtHome(t *testing.T) {
	p := newPair(latency(500), 0)
	p.at(10, 0, func(c *sim.Context) {
		c.Post(p.actors[1], 100, sim.Message{A: 1})
		c.Post(c.Self(), 100, sim.Message{A: 2})
	})
	p.RunUntil(10_000)
	require.Equal(t, []arrival{{510, 1}}, p.got[1])
	require.Equal(t, []arrival{{11, 2}}, p.got[0])
}

func TestLoopbackIsUsedOnOneNode(t *testing.T) {
	h := newHouse(sim.Options{LoopbackLatency: sim.Constant(70)})
	got := int64(0)
	h.process("a", func(b *sim.Boot) {
		b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) { got = c.NowNanos() }))
	})
	h.process("b", func(b *sim.Boot) {
		b.Send(b.Spawn("b", reactor(func(c *sim.Context, _ sim.Message) {
			c.Post(h.id(t, "a"), 1, sim.Message{})
		})), 10, sim.Message{})
	})
	h.RunUntil(1000)
	require.EqualValues(t, 80, got)
}

func TestPostsAndConnectionsKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := sim.Options{Seed: rapid.Uint64().Draw(t, "seed")}
		o.Link.LatencyNanos = sim.Uniform(1, 1000)
		o.Link.BytesPerSecond = rapid.SampledFrom([]int64{0, 1_000_000_000, 20_000_000_000}).Draw(t, "link")
		p := newPair(o, rapid.SampledFrom([]int64{0, 1_000_000_000}).Draw(t, "nic"))
		p.open(1)
		n := int64(rapid.IntRange(1, 40).Draw(t, "messages"))
		now := int64(10)
		for i := range n {
			now += rapid.Int64Range(0, 100).Draw(t, "gap")
			size := rapid.Int64Range(0, 2000).Draw(t, "size")
			p.at(now, 0, func(c *sim.Context) {
				c.Post(p.actors[1], size, sim.Message{A: i})
				c.Transmit(p.connection, p.actors[1], size, sim.Message{A: n + i})
			})
		}
		p.RunUntil(1_000_000)
		var posted, transmitted []arrival
		for _, a := range p.got[1] {
			if a.what < n {
				posted = append(posted, a)
			} else {
				transmitted = append(transmitted, a)
			}
		}
		for _, stream := range [][]arrival{posted, transmitted} {
			require.Len(t, stream, int(n))
			require.True(t, slices.IsSortedFunc(stream, func(a, b arrival) int {
				require.NotEqual(t, a.at, b.at)
				return int(a.what - b.what)
			}), "%v", stream)
		}
		require.Equal(t, sim.Pending{}, p.Pending())
	})
}

func TestBandwidthIsThatOfTheNarrowestPlace(t *testing.T) {
	for _, test := range []struct {
		name      string
		link, nic int64
		want      int64 // arrival of the second of two messages of 1000 bytes, without latency
	}{
		{"unlimited", 0, 0, 1},
		{"link", 1_000_000_000, 0, 2001},
		{"nic", 0, 1_000_000_000, 2001},
		{"nic narrower than link", 4_000_000_000, 1_000_000_000, 2001},
		{"link narrower than nic", 1_000_000_000, 4_000_000_000, 2001},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := latency(100)
			o.Link.BytesPerSecond = test.link
			p := newPair(o, test.nic)
			p.open(1)
			p.at(10, 0, func(c *sim.Context) {
				c.Transmit(p.connection, p.actors[1], 1000, sim.Message{A: 1})
				c.Transmit(p.connection, p.actors[1], 1000, sim.Message{A: 2})
			})
			p.RunUntil(100_000)
			require.Len(t, p.got[1], 2)
			require.EqualValues(t, 110+test.want, p.got[1][1].at)
		})
	}
}

func TestANICIsSharedByAllItsConnections(t *testing.T) {
	// Two nodes send 1000 bytes each to a third, whose NIC takes 1 byte a nanosecond.
	k := sim.New(latency(100))
	var at []int64
	target := k.AddNode(sim.NodeOptions{Name: "target", NICBytesPerSecond: 1_000_000_000})
	k.AddProcess(sim.ProcessOptions{Name: "target", Node: target, Boot: func(b *sim.Boot) {
		b.Spawn("target", reactor(func(c *sim.Context, _ sim.Message) { at = append(at, c.NowNanos()) }))
	}})
	to, _ := k.Lookup("target")
	for i := range 2 {
		name := fmt.Sprintf("source-%d", i)
		node := k.AddNode(sim.NodeOptions{Name: name})
		k.AddProcess(sim.ProcessOptions{Name: name, Node: node, Boot: func(b *sim.Boot) {
			b.Send(b.Spawn(name, reactor(func(c *sim.Context, _ sim.Message) {
				c.Post(to, 1000, sim.Message{})
			})), 10, sim.Message{})
		}})
	}
	k.RunUntil(100_000)
	require.Equal(t, []int64{1110, 2110}, at)
}

func TestLatencyDependsOnAddressAndNotOnOtherTraffic(t *testing.T) {
	arrivals := func(extra bool) []arrival {
		o := sim.Options{Seed: 5}
		o.Link.LatencyNanos = sim.Uniform(100, 200)
		p := newPair(o, 0)
		p.open(1)
		for i := range int64(20) {
			p.at(1000+i*1000, 0, func(c *sim.Context) {
				c.TransmitAddressed(p.connection, p.actors[1], 10, 77, uint64(i), sim.Message{A: i})
			})
			if extra {
				p.transmit(1500+i*1000, 0, 5, -1)
			}
		}
		p.RunUntil(1_000_000)
		return slices.DeleteFunc(p.got[1], func(a arrival) bool { return a.what < 0 })
	}
	require.Equal(t, arrivals(false), arrivals(true))
}

func TestManyActorsOfAProcessHearThatAConnectionIsLost(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	heard := &log{}
	p.at(10, 1, func(c *sim.Context) {
		id := c.Spawn("channel", reactor(func(c *sim.Context, m sim.Message) {
			if m.Kind == kindStart {
				c.Watch(p.connection, sim.Message{A: 9})
				return
			}
			heard.Receive(c, m)
		}))
		c.Send(id, 1, sim.Message{Kind: kindStart})
	})
	p.At(50, func() { p.CrashNode(p.nodes[0]) })
	p.RunUntil(2000)
	require.Equal(t, []int64{550}, p.lost[1])
	require.Equal(t, []int64{9}, heard.got)
}
