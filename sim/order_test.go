package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// reactor is an actor made of a function.
type reactor func(c *sim.Context, m sim.Message)

func (r reactor) Receive(c *sim.Context, m sim.Message) { r(c, m) }

// house is a kernel with one node and one process, whose actors are made by name.
type house struct {
	*sim.Kernel
	node sim.NodeID
}

func newHouse(o sim.Options) *house {
	k := sim.New(o)
	return &house{k, k.AddNode(sim.NodeOptions{Name: "node"})}
}

// process adds a process that boots with f.
func (h *house) process(name string, f func(b *sim.Boot)) sim.ProcessID {
	return h.AddProcess(sim.ProcessOptions{Name: name, Node: h.node, Boot: f})
}

func (h *house) id(t require.TestingT, name string) sim.ActorID {
	id, ok := h.Lookup(name)
	require.True(t, ok, name)
	return id
}

// gossip sets up actors that all speak to each other in the same instants, spawned and
// started in the given order, and runs them. What each actor does depends on what it
// heard before, in order.
func gossip(t require.TestingT, seed uint64, order []int, strangers int) *house {
	h := newHouse(sim.Options{Seed: seed})
	n := len(order)
	peers := make([]sim.ActorID, n)
	h.process("gossip", func(b *sim.Boot) {
		for range strangers {
			name := fmt.Sprintf("stranger-%d", b.Kernel().ActorCount())
			id := b.Spawn(name, reactor(func(c *sim.Context, m sim.Message) {
				c.Emit(9, c.NowNanos(), 0, 0, 0, 0, 0)
				if m.A > 0 {
					c.After(1, sim.Message{A: m.A - 1})
				}
			}))
			b.Send(id, 1, sim.Message{A: 20})
		}
		for _, i := range order {
			heard := int64(0)
			peers[i] = b.Spawn(fmt.Sprintf("actor-%d", i), reactor(func(c *sim.Context, m sim.Message) {
				heard = heard*31 + m.A
				c.Emit(1, heard, m.B, 0, 0, 0, 0)
				if m.B == 0 {
					return
				}
				for j := range 3 {
					to := peers[(int64(j)+heard&0xffff)%int64(n)]
					c.Send(to, 1+int64(j%2)*(heard&1), sim.Message{A: heard & 0xff, B: m.B - 1, Mail: heard&2 != 0})
				}
			}))
		}
		for _, i := range order {
			b.Send(peers[i], 1, sim.Message{A: int64(i), B: 5})
		}
	})
	h.RunUntil(1000)
	require.Equal(t, sim.Pending{}, h.Pending())
	return h
}

func TestOrderDoesNotDependOnOrderOfInsertion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		n := rapid.IntRange(2, 12).Draw(t, "actors")
		sorted := make([]int, n)
		for i := range sorted {
			sorted[i] = i
		}
		shuffled := rapid.Permutation(sorted).Draw(t, "order")
		a, b := gossip(t, seed, sorted, 0), gossip(t, seed, shuffled, 0)
		require.Equal(t, a.Digest(), b.Digest())
		for i := range n {
			name := fmt.Sprintf("actor-%d", i)
			require.Equal(t, a.ActorDigest(a.id(t, name)), b.ActorDigest(b.id(t, name)))
		}
	})
}

func TestSeedChangesTheOrder(t *testing.T) {
	order := []int{0, 1, 2, 3, 4}
	digests := map[uint64]bool{}
	for seed := range uint64(20) {
		digests[gossip(t, seed, order, 0).Digest()] = true
	}
	require.Len(t, digests, 20)
}

func TestAnUnrelatedActorChangesNoOtherDigest(t *testing.T) {
	order := []int{0, 1, 2, 3}
	alone, among := gossip(t, 7, order, 0), gossip(t, 7, order, 5)
	for i := range order {
		name := fmt.Sprintf("actor-%d", i)
		require.NotEqual(t, alone.id(t, name), among.id(t, name))
		require.Equal(t, alone.ActorDigest(alone.id(t, name)), among.ActorDigest(among.id(t, name)))
	}
}

// log is an actor that notes what it gets.
type log struct{ got []int64 }

func (l *log) Receive(_ *sim.Context, m sim.Message) { l.got = append(l.got, m.A) }

func TestWithinAnInstantRecordEndsComeFirstThenArrivalsThenMails(t *testing.T) {
	for seed := range uint64(50) {
		h := newHouse(sim.Options{Seed: seed})
		var got []int64
		h.process("p", func(b *sim.Boot) {
			task := b.Spawn("task", reactor(func(c *sim.Context, m sim.Message) {
				if m.Kind == 1 { // start
					c.After(99, sim.Message{A: 40})
					c.AfterRecord(99, sim.Message{A: 10})
					c.Send(c.Self(), 99, sim.Message{A: 41})
					c.CPU().Begin(c, 99, sim.Message{A: 11})
					return
				}
				if m.A == 10 {
					c.Send(c.Self(), 0, sim.Message{A: 50})
				}
				if m.A == 40 {
					c.Send(c.Self(), 0, sim.Message{A: 51})
				}
				got = append(got, m.A)
			}))
			other := b.Spawn("other", reactor(func(c *sim.Context, _ sim.Message) {
				c.Send(task, 50, sim.Message{A: 30, Mail: true})
				c.Send(task, 50, sim.Message{A: 20})
				c.Send(task, 50, sim.Message{A: 21})
			}))
			b.Send(task, 1, sim.Message{Kind: 1})
			b.Send(other, 50, sim.Message{})
		})
		h.RunUntil(200)
		require.Equal(t, []int64{10, 11, 20, 21}, got[:4])
		mails := slices.Clone(got[4:7])
		slices.Sort(mails)
		require.Equal(t, []int64{30, 40, 41}, mails)
		require.Less(t, slices.Index(got, 40), slices.Index(got, 41))
		require.Equal(t, []int64{50, 51}, got[7:])
	}
}

func TestSendingWithoutDelayIsForOneselfOnly(t *testing.T) {
	h := newHouse(sim.Options{})
	h.process("p", func(b *sim.Boot) {
		quiet := b.Spawn("quiet", &log{})
		hasty := b.Spawn("hasty", reactor(func(c *sim.Context, _ sim.Message) { c.Send(quiet, 0, sim.Message{}) }))
		b.Send(hasty, 5, sim.Message{})
	})
	require.PanicsWithValue(t, "sim: at 5 ns: hasty sends to quiet with a delay of 0 ns, below 1",
		func() { h.RunUntil(10) })
}

func TestAnEndlessInstantPanics(t *testing.T) {
	h := newHouse(sim.Options{InstantLimit: 1000})
	h.process("p", func(b *sim.Boot) {
		loop := b.Spawn("loop", reactor(func(c *sim.Context, m sim.Message) { c.Send(c.Self(), 0, m) }))
		b.Send(loop, 3, sim.Message{})
	})
	require.PanicsWithValue(t, "sim: at 3 ns: loop told itself more than 1000 things without delay",
		func() { h.RunUntil(10) })
}

func TestControlsComeBeforeEverythingElseOfTheirInstant(t *testing.T) {
	h := newHouse(sim.Options{})
	got := &log{}
	h.process("p", func(b *sim.Boot) { b.Send(b.Spawn("log", got), 10, sim.Message{A: 2}) })
	h.At(10, func() { got.got = append(got.got, 0) })
	h.At(10, func() {
		got.got = append(got.got, 1)
		h.Inject(h.id(t, "log"), 0, sim.Message{A: 3})
	})
	h.RunUntil(10)
	require.Equal(t, []int64{0, 1, 2, 3}, got.got)
}

func TestACancelledTimerDoesNotFireAndMovesNoClock(t *testing.T) {
	h := newHouse(sim.Options{})
	got := &log{}
	var timer sim.TimerID
	h.process("p", func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			switch m.Kind {
			case 1:
				timer = c.After(1_000, sim.Message{A: 1})
				c.After(10, sim.Message{Kind: 2})
			case 2:
				c.Cancel(timer)
				c.Cancel(timer)
				c.Cancel(sim.NoTimer)
			default:
				got.Receive(c, m)
			}
		}))
		b.Send(a, 1, sim.Message{Kind: 1})
	})
	require.Equal(t, sim.StopEmpty, h.Run(func() bool { return false }))
	require.Empty(t, got.got)
	require.EqualValues(t, 11, h.NowNanos())
	require.Equal(t, sim.Pending{}, h.Pending())
}

func TestCancelledTimersDoNotPileUp(t *testing.T) {
	h := newHouse(sim.Options{})
	h.process("p", func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			c.Cancel(sim.TimerID(m.A))
			timer := c.After(3_600_000_000_000, sim.Message{})
			c.After(10, sim.Message{A: int64(timer)})
		}))
		b.Send(a, 1, sim.Message{})
	})
	h.RunUntil(1_000_000)
	require.Less(t, h.QueueLength(), 1000)
	require.Equal(t, 2, h.Pending().Events)
}
