package sim

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// modelQueue is the plain form of the queue: a slice that is kept sorted.
type modelQueue []entry

func (m *modelQueue) push(e entry) {
	i, _ := slices.BinarySearchFunc(*m, e, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.slot, b.slot))
	})
	*m = slices.Insert(*m, i, e)
}

// drawDelay prefers equal and near times, and reaches up to the far end of time.
func drawDelay(t *rapid.T) int64 {
	switch rapid.IntRange(0, 3).Draw(t, "scale") {
	case 0:
		return int64(rapid.IntRange(0, 3).Draw(t, "near"))
	case 1:
		return rapid.Int64Range(0, 1000).Draw(t, "middle")
	case 2:
		return rapid.Int64Range(0, 1<<40).Draw(t, "far")
	}
	return int64(1) << rapid.IntRange(0, 61).Draw(t, "power")
}

// popInstant takes all entries of the earliest instant out of both queues.
func popInstant(t *rapid.T, q *radixQueue, m *modelQueue) int64 {
	first, ok := q.peek()
	require.Equal(t, len(*m) > 0, ok)
	if !ok {
		return -1
	}
	var got, want []int32
	for more := true; more; more = q.holds(first.time) {
		e, _ := q.peek()
		require.Equal(t, first.time, e.time)
		q.pop()
		got = append(got, e.slot)
	}
	for len(*m) > 0 && (*m)[0].time == first.time {
		want = append(want, (*m)[0].slot)
		*m = (*m)[1:]
	}
	require.ElementsMatch(t, want, got, "at %d", first.time)
	return first.time
}

func TestQueueIsSortedByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q radixQueue
		var m modelQueue
		now, slot := int64(0), int32(0)
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				for range rapid.IntRange(1, 120).Draw(t, "count") {
					e := entry{now + drawDelay(t)>>1, slot}
					slot++
					q.push(e)
					m.push(e)
				}
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(1, 60).Draw(t, "count") {
					if at := popInstant(t, &q, &m); at >= 0 && at < 1<<61 {
						now = at
					}
				}
			},
			"sweep": func(t *rapid.T) {
				modulus := int32(rapid.IntRange(1, 5).Draw(t, "modulus"))
				q.sweep(func(slot int32) bool { return slot%modulus != 0 })
				m = slices.DeleteFunc(m, func(e entry) bool { return e.slot%modulus == 0 })
			},
			"": func(t *rapid.T) {
				require.Equal(t, len(m), q.size)
				if len(m) == 0 {
					q.rewind(now)
				}
			},
		})
	})
}

// A caller may look ahead, stop, and then push what comes before everything it saw.
func TestQueueTakesEntriesBeforeItsFloor(t *testing.T) {
	var q radixQueue
	for i := range int32(100) {
		q.push(entry{1_000_000 + int64(i)*7, i})
	}
	_, ok := q.peek()
	require.True(t, ok)
	for i := range int32(200) {
		q.push(entry{int64(i%50) + 1, 100 + i})
	}
	last := int64(0)
	for q.size > 0 {
		e, _ := q.peek()
		require.GreaterOrEqual(t, e.time, last)
		last = e.time
		q.pop()
	}
	require.EqualValues(t, 1_000_000+99*7, last)
}
