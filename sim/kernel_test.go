package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

// ponger sends a message on as often as it says.
type ponger struct {
	peer sim.ActorID
	seen int
}

func (p *ponger) Receive(c *sim.Context, m sim.Message) {
	p.seen++
	c.Emit(1, m.A, 0, 0, 0, 0, 0)
	if m.A > 0 {
		c.Send(p.peer, 10, sim.Message{A: m.A - 1})
	}
}

func TestActorsExchangeMessages(t *testing.T) {
	k := sim.New(sim.Options{Seed: 1, TraceWindow: 4})
	node := k.AddNode(sim.NodeOptions{Name: "a"})
	left, right := &ponger{}, &ponger{}
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		left.peer = b.Spawn("right", right)
		right.peer = b.Spawn("left", left)
		b.Send(right.peer, 1, sim.Message{A: 10})
	}})
	require.Equal(t, sim.StopEmpty, k.RunUntil(1000))
	require.Equal(t, 6, left.seen)
	require.Equal(t, 5, right.seen)
	require.EqualValues(t, 11, k.EventCount())
	require.Len(t, k.Trace(), 4)
	require.EqualValues(t, 101, k.Trace()[3].TimeNanos)
	require.Equal(t, sim.Pending{}, k.Pending())
}
