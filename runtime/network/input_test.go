package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

// inputOf has so many channels in each gate, numbered flat.
func inputOf(gates ...int) (*Input, []*InputChannel) {
	in, all := &Input{}, []*InputChannel(nil)
	for _, n := range gates {
		var channels []*InputChannel
		for range n {
			c := &InputChannel{Index: protocol.ChannelIndex(len(all))}
			channels, all = append(channels, c), append(all, c)
		}
		in.Gates = append(in.Gates, NewGate(&Arena{}, channels, 2, 8))
	}
	return in, all
}

// rotationModel is two levels of waiting lines, as slices.
type rotationModel struct {
	gates    []int
	channels [][]protocol.ChannelIndex // by gate
}

func (m *rotationModel) offer(gate int, c protocol.ChannelIndex) {
	for _, waiting := range m.channels[gate] {
		if waiting == c {
			return
		}
	}
	if len(m.channels[gate]) == 0 {
		m.gates = append(m.gates, gate)
	}
	m.channels[gate] = append(m.channels[gate], c)
}

func (m *rotationModel) selected() protocol.ChannelIndex {
	if len(m.gates) == 0 {
		return protocol.NoChannel
	}
	gate := m.gates[0]
	m.gates = m.gates[1:]
	c := m.channels[gate][0]
	m.channels[gate] = m.channels[gate][1:]
	if len(m.channels[gate]) > 0 {
		m.gates = append(m.gates, gate)
	}
	return c
}

func TestInputRotatesOverGatesAndChannels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 3).Draw(t, "gates")
		in, channels := inputOf(sizes...)
		m := rotationModel{channels: make([][]protocol.ChannelIndex, len(sizes))}
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "offer") {
				c := channels[rapid.IntRange(0, len(channels)-1).Draw(t, "channel")]
				in.Offer(c)
				m.offer(in.gateIndex(c.Gate()), c.Index)
			} else {
				wanted, got := m.selected(), in.Select()
				if got == nil {
					require.Equal(t, protocol.NoChannel, wanted)
				} else {
					require.Equal(t, wanted, got.Index)
				}
			}
			require.Equal(t, len(m.gates) > 0, in.HasData())
		}
	})
}

// order is in which order channels are served that always have something.
func order(in *Input, channels []*InputChannel, n int) []protocol.ChannelIndex {
	for _, c := range channels {
		in.Offer(c)
	}
	var served []protocol.ChannelIndex
	for range n {
		c := in.Select()
		served = append(served, c.Index)
		in.Offer(c)
	}
	return served
}

func TestEveryChannelOfAGateIsServedInTurn(t *testing.T) {
	in, channels := inputOf(3)
	require.Equal(t, []protocol.ChannelIndex{0, 1, 2, 0, 1, 2, 0}, order(in, channels, 7))
}

func TestGatesOfAUnionTakeTurnsHoweverManyChannelsTheyHave(t *testing.T) {
	in, channels := inputOf(3, 1)
	require.Equal(t, []protocol.ChannelIndex{0, 3, 1, 3, 2, 3, 0, 3}, order(in, channels, 8))
}

func TestForeignGatePanics(t *testing.T) {
	in, _ := inputOf(1)
	_, others := inputOf(1)
	require.Panics(t, func() { in.Offer(others[0]) })
}
