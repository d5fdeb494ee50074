package state_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/state"
)

// model is the state as plain text: what entries, rows, timers and items there are.
type model []string

func describe(b *state.Backend) (m model) {
	k := b.Keyed
	k.Each(func(e state.Entry) bool {
		text := fmt.Sprintf("%d/%d:", k.Key(e), k.Namespace(e))
		text += fmt.Sprint(k.Get(e, 0), k.Get(e, 1), k.Get(e, 2))
		for r := k.First(e); r != state.NoRow; r = k.Next(r) {
			text += fmt.Sprint(" [", k.RowValue(r, 0), ",", k.RowValue(r, 1), "]")
		}
		m = append(m, text+fmt.Sprint(" #", k.Rows(e)))
		return true
	})
	for list := range lists {
		for at := range b.Operator.Len(list) {
			m = append(m, fmt.Sprint("item ", list, b.Operator.Item(list, at)))
		}
	}
	return append(m, fmt.Sprintf("%+v size %d timers %d %d entries %d", b.Point(), b.SizeBytes(),
		b.Timers.Len(state.EventTime), b.Timers.Len(state.ProcessingTime), k.Len()))
}

var lists = []state.ListSpec{
	{Name: "offsets", Redistribution: state.SplitDistribute, Columns: 1},
	{Name: "all", Redistribution: state.Union, Columns: 2},
	{Name: "rules", Redistribution: state.Broadcast, Columns: 2},
}

func everything() state.Spec {
	return state.Spec{
		Operator: 7, Timers: true, Lists: lists,
		Keyed: &state.KeyedSpec{Columns: 3, Ghosts: 1, RowColumns: 2, RowGhosts: 1},
	}
}

func newBackend(subtask, parallelism int) (*state.Backend, *state.Journal) {
	journal := new(state.Journal)
	place := state.Place{Subtask: subtask, Parallelism: parallelism, MaxParallelism: 128}
	return state.NewBackend(everything(), place, journal), journal
}

// write is one write, as data.
type write struct {
	kind, column     int
	key              uint64
	namespace, value int64
}

func drawWrite(t *rapid.T) write {
	return write{
		kind: rapid.IntRange(0, 12).Draw(t, "write"), column: rapid.IntRange(0, 2).Draw(t, "column"),
		key:       rapid.Uint64Range(0, 150).Draw(t, "key"),
		namespace: rapid.Int64Range(-1, 1).Draw(t, "namespace"),
		value:     rapid.Int64Range(-5, 5).Draw(t, "value"),
	}
}

func (w write) to(b *state.Backend) {
	k := b.Keyed
	timer := state.Timer{
		Domain: state.Domain(w.value & 1), TimeNanos: w.value, Key: w.key, Namespace: w.namespace,
	}
	switch w.kind {
	case 0, 1:
		e, _ := k.At(w.key, w.namespace)
		k.Add(e, w.column, w.value)
	case 2:
		if e, ok := k.Find(w.key, w.namespace); ok {
			k.Delete(e)
		}
	case 3, 4:
		e, _ := k.At(w.key, w.namespace)
		k.Append(e, w.value, w.value+1)
	case 5:
		if e, ok := k.Find(w.key, w.namespace); ok {
			k.Clear(e)
		}
	case 6, 7:
		b.Timers.Register(timer)
	case 8:
		b.Timers.Remove(timer)
	case 9:
		b.Timers.PopDue(timer.Domain, w.value)
	case 10:
		b.Operator.Add(0, w.value)
		b.Operator.Update(1, []int64{w.value, int64(w.key)})
	case 11:
		b.Operator.Put(2, int64(w.key%4), w.value)
	case 12:
		b.Operator.Delete(2, int64(w.key%4))
	}
	b.Apply(w.key)
}

// mutate carries out one random write.
func mutate(t *rapid.T, backends ...*state.Backend) {
	w := drawWrite(t)
	for _, b := range backends {
		w.to(b)
	}
}

// Whether a task runs ahead, takes some of it back and goes on does not show in its state.
func TestRunningAheadLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ahead, journal := newBackend(0, 1)
		plain, _ := newBackend(0, 1)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			journal.Begin()
			for range rapid.IntRange(0, 12).Draw(t, "kept") {
				mutate(t, ahead, plain)
			}
			mark := journal.Mark()
			for range rapid.IntRange(0, 6).Draw(t, "taken back") {
				mutate(t, ahead)
			}
			journal.Rollback(mark)
			journal.Commit()
			require.Equal(t, describe(plain), describe(ahead))
		}
	})
}

func TestRollbackBringsBackExactlyTheMarkedState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, journal := newBackend(0, 1)
		for range rapid.IntRange(0, 60).Draw(t, "before") {
			mutate(t, b)
		}
		journal.Begin()
		var marks []state.Mark
		var states []model
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			marks, states = append(marks, journal.Mark()), append(states, describe(b))
			for range rapid.IntRange(0, 8).Draw(t, "writes") {
				mutate(t, b)
			}
		}
		for len(marks) > 0 {
			at := rapid.IntRange(0, len(marks)-1).Draw(t, "mark")
			journal.Rollback(marks[at])
			require.Equal(t, states[at], describe(b))
			marks, states = marks[:at], states[:at]
		}
		journal.Commit()
		mutate(t, b)
	})
}

func TestSnapshotsKeepTheirContentWhileProcessingGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, journal := newBackend(0, 1)
		var images []*state.Image
		var states []model
		for range rapid.IntRange(1, 6).Draw(t, "snapshots") {
			for range rapid.IntRange(0, 60).Draw(t, "writes") {
				mutate(t, b)
			}
			rolledBack(t, b, journal)
			images, states = append(images, b.Image()), append(states, describe(b))
			if restore := rapid.IntRange(0, 3).Draw(t, "restore"); restore < len(images) {
				b.Restore(images[restore])
				require.Equal(t, states[restore], describe(b))
			}
		}
		for i := range images {
			fresh, _ := newBackend(0, 1)
			fresh.Restore(images[i])
			require.Equal(t, states[i], describe(fresh))
			require.Equal(t, fresh.Point(), images[i].Point)
			require.Equal(t, fresh.SizeBytes(), images[i].SizeBytes)
		}
	})
}

// rolledBack runs ahead and takes it back: it may not touch what snapshots share.
func rolledBack(t *rapid.T, b *state.Backend, journal *state.Journal) {
	journal.Begin()
	mark := journal.Mark()
	for range rapid.IntRange(0, 10).Draw(t, "ahead") {
		mutate(t, b)
	}
	journal.Rollback(mark)
	journal.Commit()
}

func TestDigestDependsOnContentOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, _ := newBackend(0, 1)
		for range rapid.IntRange(0, 60).Draw(t, "writes") {
			mutate(t, b)
		}
		copied, _ := newBackend(0, 1)
		image := b.Image()
		copied.RestoreParts([]*state.Image{image})
		require.Equal(t, b.Point(), copied.Point())
		e, _ := copied.Keyed.At(rapid.Uint64Range(0, 150).Draw(t, "key"), 0)
		before := copied.Point().Content
		copied.Keyed.Add(e, rapid.IntRange(0, 1).Draw(t, "column"), rapid.Int64Range(1, 9).Draw(t, "delta"))
		require.NotEqual(t, before, copied.Point().Content)
		before = copied.Point().Content
		copied.Keyed.Add(e, 2, 1)
		require.Equal(t, before, copied.Point().Content, "ghost columns are no content")
	})
}

func TestDigestSeesValuesThatChangePlaces(t *testing.T) {
	digest := func(place func(k *state.Keyed)) uint64 {
		k := state.NewKeyed(state.KeyedSpec{Columns: 2}, new(state.Journal))
		place(k)
		return k.Digest()
	}
	set := func(k *state.Keyed, key uint64, namespace int64, a, b int64) {
		e, _ := k.At(key, namespace)
		k.Set(e, 0, a)
		k.Set(e, 1, b)
	}
	seen := map[uint64]int{}
	for i, place := range []func(k *state.Keyed){
		func(k *state.Keyed) { set(k, 1, 0, 5, 6); set(k, 2, 0, 7, 8) },
		func(k *state.Keyed) { set(k, 1, 0, 7, 6); set(k, 2, 0, 5, 8) },
		func(k *state.Keyed) { set(k, 1, 0, 6, 5); set(k, 2, 0, 7, 8) },
		func(k *state.Keyed) { set(k, 1, 0, 6, 5); set(k, 2, 0, 8, 7) },
		func(k *state.Keyed) { set(k, 1, 1, 5, 6); set(k, 2, 0, 7, 8) },
		func(k *state.Keyed) { set(k, 1, 0, 5, 6); set(k, 2, 0, 7, 8); set(k, 3, 0, 0, 0) },
	} {
		sum := digest(place)
		require.NotContains(t, seen, sum, "state %d", i)
		seen[sum] = i
	}
}

func TestRescalingKeepsEveryEntryTimerAndItemOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		former := rapid.IntRange(1, 4).Draw(t, "former")
		assignment := state.NewAssignment(former, 128)
		backends := make([]*state.Backend, former)
		for subtask := range backends {
			backends[subtask], _ = newBackend(subtask, former)
		}
		for key := range uint64(rapid.IntRange(0, 80).Draw(t, "keys")) {
			b := backends[assignment.Subtask(key)]
			e, _ := b.Keyed.At(key, 0)
			b.Keyed.Set(e, 0, int64(key)+1)
			b.Keyed.Append(e, 1, 2)
			b.Timers.Register(state.Timer{TimeNanos: int64(key % 7), Key: key})
			b.Operator.Add(0, int64(key))
			b.Apply(key)
		}
		images := make([]*state.Image, former)
		content, count := uint64(0), int64(0)
		for i, b := range backends {
			images[i] = b.Image()
			content, count = content+b.Point().Content, count+b.Point().Applied.Count
		}
		parallelism := rapid.IntRange(1, 4).Draw(t, "parallelism")
		for subtask := range parallelism {
			b, _ := newBackend(subtask, parallelism)
			b.RestoreParts(images)
			content, count = content-b.Point().Content, count-b.Point().Applied.Count
		}
		require.Zero(t, content)
		require.Zero(t, count)
	})
}
