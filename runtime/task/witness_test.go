package task

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

// element is one element of an input channel.
type element struct {
	channel protocol.ChannelIndex
	ordinal int64
}

// unrolled are the elements that turns stand for, in order.
func unrolled(w turns) (all []element) {
	for i := range w.elements {
		switch {
		case w.other == protocol.NoChannel:
			all = append(all, element{w.channel, w.first + i})
		case i&1 == 0:
			all = append(all, element{w.channel, w.first + i/2})
		default:
			all = append(all, element{w.other, w.otherFirst + i/2})
		}
	}
	return all
}

func TestTurnsTellEveryOrderOfElements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var next [4]int64
		var taken, told []element
		var w turns
		for range rapid.IntRange(0, 60).Draw(t, "elements") {
			channel := rapid.IntRange(0, len(next)-1).Draw(t, "channel")
			e := element{protocol.ChannelIndex(channel), next[channel]}
			next[channel]++
			taken = append(taken, e)
			if !w.extend(e.channel, e.ordinal) {
				told = append(told, unrolled(w)...)
				w = turns{}
				require.True(t, w.extend(e.channel, e.ordinal))
			}
		}
		require.Equal(t, taken, append(told, unrolled(w)...))
	})
}

func TestTurnsGoOnForAsLongAsTwoChannelsAlternate(t *testing.T) {
	var w turns
	for i := range int64(50) {
		require.True(t, w.extend(2, 10+i))
		require.True(t, w.extend(5, 20+i))
	}
	require.Equal(t, turns{channel: 2, other: 5, first: 10, otherFirst: 20, elements: 100}, w)
	require.False(t, w.extend(5, 70), "it was the other's turn")
	w = turns{}
	for i := range int64(50) {
		require.True(t, w.extend(2, i))
	}
	require.False(t, w.extend(3, 0))
}
