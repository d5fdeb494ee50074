package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

func TestCrashDropsEverythingVolatile(t *testing.T) {
	h := newHouse(sim.Options{})
	victims, witness := &log{}, &log{}
	var victim, survivor sim.ActorID
	p := h.process("victim", func(b *sim.Boot) {
		victim = b.Spawn("victim", reactor(func(c *sim.Context, m sim.Message) {
			if m.Kind == 1 {
				c.After(50, sim.Message{A: 1})
				c.Send(c.Self(), 60, sim.Message{A: 2})
				c.CPU().Begin(c, 70, sim.Message{A: 3})
				c.Send(survivor, 80, sim.Message{A: 4})
				return
			}
			victims.Receive(c, m)
		}))
	})
	h.process("survivor", func(b *sim.Boot) {
		survivor = b.Spawn("survivor", reactor(func(c *sim.Context, m sim.Message) {
			if m.Kind == 1 {
				c.Post(victim, 10, sim.Message{A: 5})
				return
			}
			witness.Receive(c, m)
		}))
	})
	h.Inject(victim, 1, sim.Message{Kind: 1})
	h.Inject(survivor, 1, sim.Message{Kind: 1})
	h.RunUntil(20)
	require.Equal(t, 5, h.Pending().Events)
	h.Crash(p)
	require.False(t, h.Running(p))
	require.False(t, h.Alive(victim))
	require.Equal(t, 1, h.Pending().Events, "only what the victim had sent to another process is left")
	h.Restart(p)
	h.RunUntil(1_000_000)
	require.Empty(t, victims.got)
	require.Equal(t, []int64{4}, witness.got)
	require.EqualValues(t, 1, h.Incarnation(victim))
}

func TestOnlyDurableThingsSurviveACrash(t *testing.T) {
	type volatile struct{ count int }
	key, lost := sim.ObjectKey{Kind: 1, A: 7}, sim.ObjectKey{Kind: 1, A: 8}
	for _, loses := range []bool{false, true} {
		h := newHouse(sim.Options{})
		var seen []any
		var states []*volatile
		p := h.AddProcess(sim.ProcessOptions{Name: "p", Node: h.node, LoseUnsynced: loses, Boot: func(b *sim.Boot) {
			state := &volatile{}
			states = append(states, state)
			value, found := b.Durable().Read(key)
			unsynced, kept := b.Durable().Read(lost)
			seen = append(seen, value, found, unsynced, kept)
			b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) {
				state.count++
				c.Durable().Write(key, 42)
				c.Durable().Sync()
				c.Durable().Write(lost, 43)
			}))
		}})
		h.Inject(h.id(t, "a"), 1, sim.Message{})
		h.RunUntil(10)
		h.Crash(p)
		h.Restart(p)
		require.Equal(t, []any{nil, false, nil, false}, seen[:4])
		require.Equal(t, []any{42, true}, seen[4:6])
		require.Equal(t, !loses, seen[7])
		require.Equal(t, []int{1, 0}, []int{states[0].count, states[1].count})
	}
}

func TestDurableReadsItsOwnWritesAndDeletes(t *testing.T) {
	d := &sim.Durable{}
	a, b := sim.ObjectKey{A: 1}, sim.ObjectKey{A: 2}
	d.Write(b, "b")
	d.Write(a, "a")
	require.Equal(t, []sim.ObjectKey{a, b}, d.Keys())
	d.Sync()
	d.Write(a, "A")
	d.Delete(b)
	value, found := d.Read(a)
	require.Equal(t, []any{"A", true}, []any{value, found})
	_, found = d.Read(b)
	require.False(t, found)
	require.Equal(t, []sim.ObjectKey{a}, d.Keys())
	d.Sync()
	require.Equal(t, []sim.ObjectKey{a}, d.Keys())
}

func TestWhatACrashingActorStillDoesIsIgnored(t *testing.T) {
	var h *house
	var p sim.ProcessID
	h = newHouse(sim.Options{Observer: func(e *sim.Event) {
		if e.Kind == 1 {
			h.Crash(p)
		}
	}})
	other := &log{}
	q := h.process("other", func(b *sim.Boot) { b.Spawn("other", other) })
	store := h.AddStore(sim.StoreOptions{Name: "s", Node: sim.NoNode})
	p = h.process("p", func(b *sim.Boot) {
		require.Empty(t, b.Durable().Keys())
		a := b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) {
			to := h.id(t, "other")
			c.Send(to, 1, sim.Message{A: 1})
			c.Emit(1, 0, 0, 0, 0, 0, 0) // the observer crashes the process at this step
			require.True(t, c.Crashed())
			c.Send(to, 1, sim.Message{A: 2})
			c.Post(to, 1, sim.Message{A: 3})
			c.Emit(2, 0, 0, 0, 0, 0, 0)
			c.Durable().Write(sim.ObjectKey{}, 1)
			require.Equal(t, sim.NoTimer, c.After(1, sim.Message{}))
			require.Equal(t, sim.NoWork, c.CPU().Begin(c, 1, sim.Message{}))
			require.Equal(t, sim.NoActor, c.Spawn("child", other))
			require.Equal(t, sim.NoConnection, c.Open(q, c.Self(), to, sim.Message{}))
			require.Equal(t, sim.NoRequest, c.Store(store).Put(sim.ObjectKey{}, 1, nil, sim.Message{}))
		}))
		b.Send(a, 1, sim.Message{})
	})
	h.RunUntil(1_000_000)
	require.Equal(t, []int64{1}, other.got)
	require.EqualValues(t, 1, h.EventCount())
	require.Equal(t, sim.Pending{}, h.Pending())
	h.Restart(p)
}

func TestAnActorThatEndedCanBeSpawnedAgainButNotALivingOne(t *testing.T) {
	h := newHouse(sim.Options{})
	child := &log{}
	h.process("p", func(b *sim.Boot) {
		parent := b.Spawn("parent", reactor(func(c *sim.Context, m sim.Message) {
			switch m.Kind {
			case 1:
				id := c.Spawn("child", child)
				c.Send(id, 1, sim.Message{A: 1})
				c.Send(id, 20, sim.Message{A: 2})
				c.After(10, sim.Message{Kind: 2})
			case 2:
				id, _ := c.Lookup("child")
				c.Kill(id)
				require.Equal(t, id, c.Spawn("child", child))
				c.Send(id, 1, sim.Message{A: 3})
				c.After(10, sim.Message{Kind: 3})
			case 3:
				c.Spawn("child", child)
			}
		}))
		b.Send(parent, 1, sim.Message{Kind: 1})
	})
	require.PanicsWithValue(t, "sim: at 21 ns: actor child is spawned while it lives",
		func() { h.RunUntil(100) })
	require.Equal(t, []int64{1, 3}, child.got)
}

func TestExitEndsAnActorAfterItsReceive(t *testing.T) {
	h := newHouse(sim.Options{})
	other := &log{}
	h.process("p", func(b *sim.Boot) {
		to := b.Spawn("other", other)
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			c.After(5, sim.Message{})
			c.Exit()
			c.Send(to, 1, m)
		}))
		b.Send(a, 1, sim.Message{A: 1})
		b.Send(a, 2, sim.Message{A: 2})
	})
	h.RunUntil(100)
	require.Equal(t, []int64{1}, other.got)
	require.False(t, h.Alive(h.id(t, "a")))
}

func TestAPauseHoldsWhatArrivesAndKeepsItsOrder(t *testing.T) {
	h := newHouse(sim.Options{})
	type gotAt struct{ at, what int64 }
	var got []gotAt
	p := h.process("p", func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			got = append(got, gotAt{c.NowNanos(), m.A})
			if m.A == 1 {
				c.After(30, sim.Message{A: 5})
				c.CPU().Begin(c, 20, sim.Message{A: 9})
			}
		}))
		for i := range int64(4) {
			b.Send(a, 10+10*i, sim.Message{A: i + 1})
		}
	})
	h.At(15, func() { h.PauseProcess(p, 85) })
	h.At(20, func() { h.PauseProcess(p, 10) }) // ends within the longer one
	h.RunUntil(50)
	require.True(t, h.Paused(p))
	require.Equal(t, []gotAt{{10, 1}}, got)
	h.RunUntil(1000)
	require.Equal(t, []gotAt{{10, 1}, {100, 2}, {100, 3}, {100, 4}, {100, 5}, {115, 9}}, got)
	require.Equal(t, sim.Pending{}, h.Pending())
}

func TestACrashDuringAPauseDropsWhatWasHeld(t *testing.T) {
	h := newHouse(sim.Options{})
	got := &log{}
	p := h.process("p", func(b *sim.Boot) { b.Send(b.Spawn("a", got), 10, sim.Message{A: 1}) })
	h.Pause(h.node, 0)
	h.RunUntil(100)
	require.Equal(t, 1, h.Pending().Meaningful)
	h.Crash(p)
	require.Equal(t, sim.Pending{}, h.Pending())
	h.Resume(h.node)
	h.Restart(p) // sends the first message again
	h.RunUntil(200)
	require.Equal(t, []int64{1}, got.got)
}

func TestClocksDriftAndTimersFollowThem(t *testing.T) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", ClockOffsetNanos: 5_000, ClockDriftPPM: 100})
	var clock, fired int64
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			if m.A == 1 {
				c.After(1_000_000_000, sim.Message{})
				return
			}
			clock, fired = c.ClockNanos(), c.NowNanos()
		}))
		b.Send(a, 1, sim.Message{A: 1})
	}})
	k.RunUntil(2_000_000_000)
	require.EqualValues(t, 999_900_010+1, fired)
	require.EqualValues(t, 5_001+1_000_000_000, clock)
}

func TestHousekeepingAloneIsRecognised(t *testing.T) {
	h := newHouse(sim.Options{})
	h.process("p", func(b *sim.Boot) {
		beat := b.Spawn("beat", reactor(func(c *sim.Context, m sim.Message) { c.After(10, m) }))
		b.Send(beat, 1, sim.Message{Housekeeping: true})
		b.Send(b.Spawn("a", &log{}), 95, sim.Message{})
	})
	h.RunUntil(90)
	require.Equal(t, sim.Pending{Events: 2, Meaningful: 1}, h.Pending())
	h.RunUntil(1000)
	require.True(t, h.Pending().OnlyHousekeeping())
	require.EqualValues(t, 95, h.ActiveNanos())
}
