package task

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

func TestThrowHitsAtItsOrdinalOfEachSubtask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const parallelism = 3
		throw := Throw{Subtask: rapid.IntRange(-1, parallelism-1).Draw(t, "subtask"),
			Ordinal: rapid.Int64Range(1, 5).Draw(t, "ordinal"), Always: rapid.Bool().Draw(t, "always")}
		var visits [parallelism]int64
		thrown := false
		for range 30 {
			subtask := rapid.IntRange(0, parallelism-1).Draw(t, "visitor")
			meant := throw.Subtask < 0 || throw.Subtask == subtask
			if meant && (!thrown || throw.Always) {
				visits[subtask]++
			}
			wanted := meant && visits[subtask] >= throw.Ordinal && (!thrown || throw.Always)
			require.Equal(t, wanted, throw.hits(subtask, parallelism))
			thrown = thrown || wanted
			require.Equal(t, thrown, throw.Fired())
		}
	})
}

func TestOnceThrownIsNotThrownAgainByTheNextAttempt(t *testing.T) {
	throw := Throw{Subtask: -1, Ordinal: 2}
	require.False(t, throw.hits(0, 2))
	require.False(t, throw.hits(1, 2))
	require.True(t, throw.hits(1, 2))
	require.False(t, throw.hits(0, 2), "another subtask gets there too late")
	require.False(t, throw.hits(1, 2))
}

func TestSwitchesSlowAndStallOneNode(t *testing.T) {
	f := NewFaultSwitches()
	require.EqualValues(t, 10, f.slowed(0, 1, 10))
	f.Slow(0, -1, sim.Ratio{Num: 5, Den: 2})
	f.Slow(0, 1, sim.Ratio{Num: 2, Den: 1})
	require.EqualValues(t, 50, f.slowed(0, 1, 10), "both strike it")
	require.EqualValues(t, 25, f.slowed(0, 0, 10))
	require.EqualValues(t, 10, f.slowed(1, 1, 10))
	f.Slow(0, -1, sim.Ratio{})
	require.EqualValues(t, 20, f.slowed(0, 1, 10))
	require.EqualValues(t, 10, f.slowed(0, 0, 10))
	f.Stall(1, -1, 99)
	f.Stall(1, 2, 120)
	require.True(t, f.Stalled(1, -1))
	require.False(t, f.Stalled(1, 0), "not on its own account")
	require.EqualValues(t, []int64{99, 120, 0}, []int64{f.stalledUntil(1, 0), f.stalledUntil(1, 2), f.stalledUntil(0, 2)})
	f.Stall(1, -1, 0)
	require.Zero(t, f.stalledUntil(1, 0))
}

func TestMailsComeOutInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var box mailbox
		in, out := int64(0), int64(0)
		for range 100 {
			require.Equal(t, in == out, box.empty())
			if rapid.Bool().Draw(t, "put") || box.empty() {
				box.put(sim.Message{A: in}, sim.ActorID(in))
				in++
				continue
			}
			m := box.take()
			require.Equal(t, out, m.m.A)
			require.EqualValues(t, out, m.from)
			out++
		}
	})
}
