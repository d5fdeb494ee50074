package state_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/state"
)

func TestUnionAndBroadcastStateReachEverySubtask(t *testing.T) {
	a, _ := newBackend(0, 2)
	b, _ := newBackend(1, 2)
	a.Operator.Add(1, 1, 10)
	b.Operator.Add(1, 2, 20)
	a.Operator.Put(2, 5, 50)
	b.Operator.Put(2, 5, 50)
	for subtask := range 3 {
		c, _ := newBackend(subtask, 3)
		c.RestoreParts([]*state.Image{a.Image(), b.Image()})
		require.Equal(t, 2, c.Operator.Len(1))
		require.Equal(t, []int64{2, 20}, c.Operator.Item(1, 1))
		rule, ok := c.Operator.Lookup(2, 5)
		require.True(t, ok)
		require.Equal(t, []int64{5, 50}, rule)
	}
}

func TestTimersFireInOrderOfTimeKeyAndNamespace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		timers := state.NewTimers(new(state.Journal))
		var want []state.Timer
		for range rapid.IntRange(0, 400).Draw(t, "timers") {
			timer := state.Timer{
				TimeNanos: rapid.Int64Range(-3, 12).Draw(t, "time"),
				Key:       rapid.Uint64Range(0, 12).Draw(t, "key"),
				Namespace: rapid.Int64Range(-1, 2).Draw(t, "namespace"),
			}
			known := slices.Contains(want, timer)
			require.Equal(t, !known, timers.Register(timer))
			if !known {
				want = append(want, timer)
			}
		}
		slices.SortFunc(want, func(a, b state.Timer) int {
			return slices.Compare(
				[]int64{a.TimeNanos, int64(a.Key), a.Namespace},
				[]int64{b.TimeNanos, int64(b.Key), b.Namespace})
		})
		for _, timer := range want {
			if first, _ := timers.First(state.EventTime); timer.TimeNanos > 5 {
				require.Equal(t, timer, first)
				_, due := timers.PopDue(state.EventTime, 5)
				require.False(t, due)
				return
			}
			fired, due := timers.PopDue(state.EventTime, 5)
			require.True(t, due)
			require.Equal(t, timer, fired)
		}
		require.Zero(t, timers.Len(state.EventTime))
		require.Zero(t, timers.Digest())
	})
}

func TestIterationIsInOrderOfKeyAndMayDelete(t *testing.T) {
	k := state.NewKeyed(state.KeyedSpec{Columns: 1}, new(state.Journal))
	for _, key := range []uint64{5, 1 << 63, 3, 9} {
		k.At(key, 1)
		k.At(key, -1)
	}
	var seen []string
	k.Each(func(e state.Entry) bool {
		seen = append(seen, fmt.Sprint(k.Key(e), k.Namespace(e)))
		k.Delete(e)
		return k.Len() > 0
	})
	require.Equal(t, []string{"3 -1", "3 1", "5 -1", "5 1", "9 -1", "9 1",
		"9223372036854775808 -1", "9223372036854775808 1"}, seen)
	require.Zero(t, k.Digest())
}

func TestImageTextShowsItsEntriesIfTheyAreFew(t *testing.T) {
	b, _ := newBackend(0, 1)
	red, _ := state.PackText("red")
	e, _ := b.Keyed.At(red, 0)
	b.Keyed.Set(e, 0, 3)
	b.Keyed.Append(e, 1, 2)
	b.Keyed.At(7, -5)
	require.Equal(t, "7@-5=0,0,[0] red=3,0,[1]", b.Image().Text(2))
	require.Empty(t, b.Image().Text(1))
	require.Equal(t, "0", state.KeyText(0))
}

func TestSnapshotOfUncommittedWritesPanics(t *testing.T) {
	b, journal := newBackend(0, 1)
	require.Panics(t, func() { journal.Mark() })
	journal.Begin()
	b.Apply(1)
	require.PanicsWithValue(t, "state: snapshot with 1 uncommitted writes", func() { b.Image() })
	require.Panics(t, func() { journal.Rollback(5) })
	journal.Commit()
	require.NotPanics(t, func() { b.Image() })
}

func TestResetLeavesNothingBehindAndSparesSnapshots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, _ := newBackend(0, 1)
		for range rapid.IntRange(0, 80).Draw(t, "writes") {
			mutate(t, b)
		}
		image, was := b.Image(), describe(b)
		mutate(t, b)
		b.Reset()
		fresh, _ := newBackend(0, 1)
		require.Equal(t, describe(fresh), describe(b))
		for range rapid.IntRange(0, 80).Draw(t, "again") {
			mutate(t, b)
		}
		b.Restore(image)
		require.Equal(t, was, describe(b))
	})
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	b, journal := newBackend(0, 1)
	k := b.Keyed
	for key := range uint64(1000) {
		k.At(key, 0)
	}
	key := uint64(0)
	write := func() {
		key = (key + 7) % 1000
		journal.Begin()
		mark := journal.Mark()
		e, _ := k.At(key, 0)
		k.Add(e, 0, 1)
		k.Append(e, 1, 2)
		k.Clear(e)
		window, _ := k.At(key, 99)
		k.Delete(window)
		timer := state.Timer{TimeNanos: int64(key), Key: key}
		b.Timers.Register(timer)
		b.Timers.Remove(timer)
		b.Apply(key)
		if key%2 == 0 {
			journal.Rollback(mark)
		}
		journal.Commit()
	}
	b.Timers.Register(state.Timer{TimeNanos: -1})
	for range 2000 {
		write()
	}
	require.Zero(t, testing.AllocsPerRun(1, func() {
		for range 20_000 {
			write()
		}
	}))
}
