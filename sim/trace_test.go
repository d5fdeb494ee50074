package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

// counting runs a countdown between two actors and shows its events; wrong makes one
// event differ.
func counting(wrong int64) sim.Run {
	return func(observe func(*sim.Event)) {
		h := newHouse(sim.Options{Seed: 3, Observer: observe})
		h.process("p", func(b *sim.Boot) {
			var ids [2]sim.ActorID
			for i := range ids {
				ids[i] = b.Spawn(fmt.Sprintf("a%d", i), reactor(func(c *sim.Context, m sim.Message) {
					value := m.A
					if m.A == wrong {
						value = -1
					}
					c.Emit(1, value, 0, 0, 0, 0, 0)
					if m.A > 0 {
						c.Send(ids[1-i], 7, sim.Message{A: m.A - 1})
					}
				}))
			}
			b.Send(ids[0], 1, sim.Message{A: 20})
		})
		h.RunUntil(1000)
	}
}

func describe(e *sim.Event) string {
	return fmt.Sprintf("%d ns actor %d kind %d value %d", e.TimeNanos, e.Actor, e.Kind, e.Args[0])
}

func TestFirstDivergenceNamesTheEvent(t *testing.T) {
	_, differs := sim.FirstDivergence(counting(-5), counting(-5))
	require.False(t, differs)

	d, differs := sim.FirstDivergence(counting(-5), counting(13))
	require.True(t, differs)
	require.Equal(t, `the runs are equal for 7 events, the last of them:
    15 ns actor 3 kind 1 value 18
    22 ns actor 4 kind 1 value 17
    29 ns actor 3 kind 1 value 16
    36 ns actor 4 kind 1 value 15
    43 ns actor 3 kind 1 value 14
then the first run has 50 ns actor 4 kind 1 value 13
    caused by event 4 of actor 3
then the second run has 50 ns actor 4 kind 1 value -1
    caused by event 4 of actor 3
`, d.Describe(describe))
}

func TestFirstDivergenceSeesARunThatEndsEarly(t *testing.T) {
	short := func(observe func(*sim.Event)) {
		n := 0
		counting(-5)(func(e *sim.Event) {
			if n++; n <= 4 {
				observe(e)
			}
		})
	}
	d, differs := sim.FirstDivergence(counting(-5), short)
	require.True(t, differs)
	require.Equal(t, 4, d.Index)
	require.Nil(t, d.B)
	require.Contains(t, d.Describe(describe), "then the second run has no more events")
}

// emitters runs n events, of which the one with number wrong differs.
func emitters(n, wrong int64) *house {
	h := newHouse(sim.Options{Seed: 3})
	h.process("p", func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			value := m.A
			if m.A == wrong {
				value = -1
			}
			c.Emit(1, value, 0, 0, 0, 0, 0)
			if m.A < n {
				c.After(1, sim.Message{A: m.A + 1})
			}
		}))
		b.Send(a, 1, sim.Message{A: 1})
	})
	h.Run(func() bool { return false })
	return h
}

func TestTrailPlacesADivergence(t *testing.T) {
	const n = 10_000
	right := emitters(n, n+1)
	require.EqualValues(t, n, right.EventCount())
	require.LessOrEqual(t, len(right.Trail()), 128)
	require.Greater(t, len(right.Trail()), 60)
	_, _, differs := sim.FirstDifference(right.Trail(), emitters(n, n+1).Trail())
	require.False(t, differs)

	wrong := emitters(n, 7001)
	require.NotEqual(t, right.Digest(), wrong.Digest())
	from, to, differs := sim.FirstDifference(right.Trail(), wrong.Trail())
	require.True(t, differs)
	require.LessOrEqual(t, from, uint64(7001))
	require.GreaterOrEqual(t, to, uint64(6999))
	require.LessOrEqual(t, to-from, uint64(256))
}

func TestOrdinalsAndDigestsGoOnOverIncarnations(t *testing.T) {
	var events []sim.Event
	h := newHouse(sim.Options{Observer: func(e *sim.Event) { events = append(events, *e) }})
	p := h.process("p", func(b *sim.Boot) {
		b.Send(b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) {
			c.Emit(1, 0, 0, 0, 0, 0, 0)
		})), 1, sim.Message{})
	})
	h.RunUntil(5)
	before := h.ActorDigest(h.id(t, "a"))
	h.Crash(p)
	h.Restart(p)
	h.RunUntil(10)
	require.NotEqual(t, before, h.ActorDigest(h.id(t, "a")))
	require.Len(t, events, 2)
	require.Equal(t, events[0].Actor, events[1].Actor)
	require.EqualValues(t, 2, events[1].Ordinal)
	require.EqualValues(t, 1, events[1].Incarnation)
}

func TestEventsKnowTheirCause(t *testing.T) {
	var events []sim.Event
	h := newHouse(sim.Options{Observer: func(e *sim.Event) { events = append(events, *e) }})
	h.process("p", func(b *sim.Boot) {
		last := b.Spawn("last", reactor(func(c *sim.Context, m sim.Message) { c.Emit(3, m.A, 0, 0, 0, 0, 0) }))
		relay := b.Spawn("relay", reactor(func(c *sim.Context, m sim.Message) {
			if m.A == 0 {
				c.Emit(2, 0, 0, 0, 0, 0, 0) // long before it passes the message on
				return
			}
			c.Send(last, 1, m)
		}))
		first := b.Spawn("first", reactor(func(c *sim.Context, m sim.Message) {
			c.Emit(1, 0, 0, 0, 0, 0, 0)
			c.Send(relay, 1, sim.Message{A: 1})
		}))
		b.Send(relay, 1, sim.Message{})
		b.Send(first, 5, sim.Message{})
	})
	h.RunUntil(100)
	require.Len(t, events, 3)
	require.Equal(t, sim.Cause{Actor: sim.NoActor}, events[0].Cause)
	require.Equal(t, sim.Cause{Actor: h.id(t, "first"), Ordinal: 1}, events[2].Cause)
}

func TestTheWorldsEventsAreCausedByTheActorThatLedToThem(t *testing.T) {
	var h *house
	var events []sim.Event
	h = newHouse(sim.Options{Observer: func(e *sim.Event) {
		events = append(events, *e)
		if e.Kind == 1 {
			h.Emit(8, 0, 0, 0, 0, 0, 0)
		}
	}})
	h.process("p", func(b *sim.Boot) {
		b.Send(b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) {
			c.Emit(1, 0, 0, 0, 0, 0, 0)
		})), 1, sim.Message{})
	})
	h.Emit(9, 0, 0, 0, 0, 0, 0)
	h.RunUntil(5)
	require.Len(t, events, 3)
	require.Equal(t, sim.NoActor, events[0].Cause.Actor)
	require.Equal(t, sim.Outside, events[2].Actor)
	require.Equal(t, sim.Cause{Actor: h.id(t, "a"), Ordinal: 1}, events[2].Cause)
}

func TestTraceKeepsTheLatestEvents(t *testing.T) {
	h := newHouse(sim.Options{TraceWindow: 3})
	for i := range int64(5) {
		h.Emit(1, i, 0, 0, 0, 0, 0)
	}
	var kept []int64
	for _, e := range h.Trace() {
		kept = append(kept, e.Args[0])
	}
	require.Equal(t, []int64{2, 3, 4}, kept)
}
