package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

// TestMisusePanicsWithNamesAndTime: what only a wrong program can do is reported at once.
func TestMisusePanicsWithNamesAndTime(t *testing.T) {
	for _, test := range []struct {
		name, want string
		do         func(c *sim.Context, other sim.ActorID)
	}{
		{"unknown actor", "message 3 from a to actor 99, which does not exist",
			func(c *sim.Context, _ sim.ActorID) { c.Send(99, 1, sim.Message{Kind: 3}) }},
		{"post to unknown actor", "a posts message 3 to actor 99, which does not exist",
			func(c *sim.Context, _ sim.ActorID) { c.Post(99, 1, sim.Message{Kind: 3}) }},
		{"timer in the past", "a sets a timer 5 ns in the past",
			func(c *sim.Context, _ sim.ActorID) { c.After(-5, sim.Message{}) }},
		{"kill in another process", "a kills b of another process",
			func(c *sim.Context, other sim.ActorID) { c.Kill(other) }},
		{"connection to itself", "a opens a connection to its own process",
			func(c *sim.Context, _ sim.ActorID) {
				c.Open(c.Process(), c.Self(), c.Self(), sim.Message{})
			}},
		{"negative work", "a begins CPU work of -1 ns",
			func(c *sim.Context, _ sim.ActorID) { c.CPU().Begin(c, -1, sim.Message{}) }},
		{"control in the past", "At 3 ns, which is past",
			func(c *sim.Context, _ sim.ActorID) { c.Kernel().At(3, func() {}) }},
		{"injection in the past", "Inject with a delay of -1 ns",
			func(c *sim.Context, other sim.ActorID) { c.Kernel().Inject(other, -1, sim.Message{}) }},
		{"clock that stands still", "a drift of -1000000 ppm makes the clock of node node stand still",
			func(c *sim.Context, _ sim.ActorID) { c.Kernel().SetClock(c.Node(), 0, -1_000_000) }},
		{"second process of a name", "process p is added twice",
			func(c *sim.Context, _ sim.ActorID) {
				c.Kernel().AddProcess(sim.ProcessOptions{Name: "p", Node: c.Node()})
			}},
		{"process without node", "process x is put on node 7, which does not exist",
			func(c *sim.Context, _ sim.ActorID) {
				c.Kernel().AddProcess(sim.ProcessOptions{Name: "x", Node: 7})
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(sim.Options{})
			var other sim.ActorID
			h.process("q", func(b *sim.Boot) { other = b.Spawn("b", &log{}) })
			h.process("p", func(b *sim.Boot) {
				b.Send(b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) { test.do(c, other) })), 7, sim.Message{})
			})
			require.PanicsWithValue(t, "sim: at 7 ns: "+test.want, func() { h.RunUntil(10) })
		})
	}
}

func TestATimerBelongsToItsActor(t *testing.T) {
	h := newHouse(sim.Options{})
	var timer sim.TimerID
	var work sim.WorkID
	h.process("p", func(b *sim.Boot) {
		b.Send(b.Spawn("owner", reactor(func(c *sim.Context, _ sim.Message) {
			timer = c.After(100, sim.Message{})
			work = c.CPU().Begin(c, 100, sim.Message{})
		})), 1, sim.Message{})
		thief := b.Spawn("thief", reactor(func(c *sim.Context, m sim.Message) {
			if m.A == 1 {
				c.Cancel(timer)
			}
			c.CPU().Abort(c, work)
		}))
		b.Send(thief, 10, sim.Message{A: 1})
		b.Send(thief, 20, sim.Message{A: 2})
	})
	require.PanicsWithValue(t, "sim: at 10 ns: thief cancels a timer of owner", func() { h.RunUntil(10) })
	require.PanicsWithValue(t, "sim: at 20 ns: thief aborts CPU work of owner", func() { h.RunUntil(20) })
}

func TestKillingAnActorDropsItsWorkAndItsRequests(t *testing.T) {
	s := newShop(withLatencies(outside), 0)
	victim := &log{}
	s.AddProcess(sim.ProcessOptions{Name: "p", Node: s.node, Boot: func(b *sim.Boot) {
		id := b.Spawn("victim", reactor(func(c *sim.Context, m sim.Message) {
			if m.A == 1 {
				c.CPU().Begin(c, 500, sim.Message{A: 2})
				c.Store(s.store).Put(keyA, 10, nil, sim.Message{A: 3})
			}
			victim.Receive(c, m)
		}))
		b.Send(id, 1, sim.Message{A: 1})
		b.Send(b.Spawn("killer", reactor(func(c *sim.Context, _ sim.Message) { c.Kill(id) })), 50, sim.Message{})
	}})
	s.finish(t)
	require.Equal(t, []int64{1}, victim.got)
	require.Empty(t, s.StoreAt(s.store).Objects())
	require.EqualValues(t, 1, s.StoreAt(s.store).Stats().Aborted)
}

func TestWhatIsAskedOfAKernelIsWhatWasPutIn(t *testing.T) {
	k := sim.New(sim.Options{Seed: 12})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: 3})
	p := k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) {
			require.Equal(t, []any{b.Process(), b.Node(), int32(0), 3},
				[]any{c.Process(), c.Node(), c.Incarnation(), c.CPU().Cores()})
			require.Equal(t, sim.Outside, c.From())
			require.Equal(t, sim.NoActor, c.Cause().Actor)
		}))
		b.Send(a, 1, sim.Message{})
		require.Zero(t, b.Incarnation())
		require.Zero(t, b.NowNanos())
	}})
	id := k.AddStore(sim.StoreOptions{Name: "s", Node: sim.NoNode})
	k.StoreAt(id).Seed(keyA, 5, "restored")
	info, found := k.StoreAt(id).Peek(keyA)
	require.True(t, found)
	require.Equal(t, "1/1/0/0", info.Key.String())
	require.Equal(t, "s", k.StoreAt(id).Name())
	require.Equal(t, []any{uint64(12), "n", 1, "p", 1, int32(0)},
		[]any{k.Seed(), k.NodeName(node), k.NodeCount(), k.ProcessName(p), k.ProcessCount(), k.ProcessIncarnation(p)})
	require.False(t, k.Cut(node, node))
	require.Equal(t, "asked", k.Run(func() bool { return true }).String())
	require.Equal(t, "time", k.RunUntil(0).String())
	require.Equal(t, "empty", k.RunUntil(10).String())
	require.False(t, k.Step())
	require.Equal(t, sim.Uniform(3, 9), sim.Uniform(1, 3).Times(sim.Ratio{Num: 3, Den: 1}))
}

func TestAClockCanBeSetDuringARun(t *testing.T) {
	h := newHouse(sim.Options{})
	var shown []int64
	h.process("p", func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) { shown = append(shown, c.ClockNanos()) }))
		b.Send(a, 1000, sim.Message{})
		b.Send(a, 3000, sim.Message{})
	})
	h.At(2000, func() { h.SetClock(h.node, -500, -100_000) })
	h.RunUntil(4000)
	require.Equal(t, []int64{1000, 3000 - 500 - 100}, shown)
}
