package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

// last picks the path that has waited least; kinds above 1 wait for no turn.
type last struct {
	paths []int
	first []int64
}

func (l *last) Holds(kind uint16) bool { return kind == 1 }

func (l *last) Choose(_ sim.ProcessID, waiting []sim.Waiting) int {
	for _, w := range waiting {
		l.first = append(l.first, w.Message.A)
	}
	l.paths = append(l.paths, len(waiting))
	return len(waiting) - 1
}

type hears struct{ heard []int64 }

func (h *hears) Receive(_ *sim.Context, m sim.Message) { h.heard = append(h.heard, m.A) }

type posts struct {
	to   sim.ActorID
	kind []uint16
	base int64
}

func (p *posts) Receive(c *sim.Context, _ sim.Message) {
	for i, kind := range p.kind {
		c.Post(p.to, 1, sim.Message{Kind: kind, A: p.base + int64(i)})
	}
}

// Two processes post to a third. One message is handed over at each turn, with what is behind
// it and waits for none; each path stays in order.
func TestTurnsDecideWhichPathIsNext(t *testing.T) {
	turns, listener := &last{}, &hears{}
	k := sim.New(sim.Options{Turns: turns})
	node := k.AddNode(sim.NodeOptions{Name: "node"})
	spawn := func(name string, r sim.Actor) (id sim.ActorID) {
		boot := func(b *sim.Boot) { id = b.Spawn(name+"-actor", r) }
		k.AddProcess(sim.ProcessOptions{Name: name, Node: node, Boot: boot})
		return id
	}
	to := spawn("listener", listener)
	first := spawn("first", &posts{to, []uint16{1, 2, 1}, 10})
	second := spawn("second", &posts{to, []uint16{2, 1, 2}, 20})
	k.Inject(first, 0, sim.Message{})
	k.Inject(second, 1_000_000, sim.Message{})
	require.Equal(t, sim.StopEmpty, k.RunUntil(1e9))
	require.Equal(t, []int64{20, 21, 22, 10, 11, 12}, listener.heard)
	require.Equal(t, []int{2, 1, 1}, turns.paths)
	require.Equal(t, []int64{10, 21, 10, 12}, turns.first)
	require.Zero(t, k.Pending().Events)
}
