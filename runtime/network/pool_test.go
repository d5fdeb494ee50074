package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// poolModel is a pool as a list of who holds what.
type poolModel struct {
	target, per, overdraft int
	held                   []int32 // the subpartition of every segment in use
}

func (m *poolModel) of(sub int32) int {
	n := 0
	for _, holder := range m.held {
		if holder == sub {
			n++
		}
	}
	return n
}

func (m *poolModel) available(subpartitions int) bool {
	for sub := range subpartitions {
		if m.of(int32(sub)) >= m.per {
			return false
		}
	}
	return len(m.held) < m.target
}

func (m *poolModel) put(sub int32) bool {
	for i, holder := range m.held {
		if holder == sub {
			m.held = append(m.held[:i], m.held[i+1:]...)
			return true
		}
	}
	return false
}

func TestPoolKeepsItsLimitsAndItsOverdraft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subs := rapid.IntRange(1, 4).Draw(t, "subpartitions")
		m := poolModel{
			target: rapid.IntRange(1, 12).Draw(t, "target"), per: rapid.IntRange(1, 5).Draw(t, "per"),
			overdraft: rapid.IntRange(0, 5).Draw(t, "overdraft"),
		}
		p := (&Arena{}).newPool(subs, int32(m.target), int32(m.per), int32(m.overdraft))
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			sub := int32(rapid.IntRange(0, subs-1).Draw(t, "sub"))
			if rapid.Bool().Draw(t, "take") {
				free := len(m.held) < m.target+m.overdraft
				require.Equal(t, free, p.CanTake())
				require.Equal(t, free, p.take(sub))
				if free {
					m.held = append(m.held, sub)
				}
			} else if m.put(sub) {
				p.put(sub)
			}
			require.EqualValues(t, len(m.held), p.InUse())
			require.EqualValues(t, max(0, len(m.held)-m.target), p.Overdrawn())
			require.Equal(t, m.available(subs), p.Available(), "%v of %+v", m.held, m)
		}
		inUse := int32(0)
		for _, change := range p.Changes {
			if inUse--; change.Taken {
				inUse += 2
			}
			require.Equal(t, inUse, change.InUse)
		}
		p.Abandon()
		require.Zero(t, p.InUse())
		require.True(t, p.Available())
	})
}

func TestOverdraftFinishesARecordButStartsNone(t *testing.T) {
	p := (&Arena{}).newPool(1, 2, 10, 1)
	require.True(t, p.take(0))
	require.True(t, p.Available())
	require.True(t, p.take(0))
	require.False(t, p.Available(), "a record must not be started on overdraft")
	require.True(t, p.take(0), "the record in hand may take one more")
	require.EqualValues(t, 1, p.Overdrawn())
	require.False(t, p.take(0), "then the task blocks")
	p.put(0)
	require.False(t, p.Available(), "what comes back pays the overdraft first")
	p.put(0)
	require.True(t, p.Available())
}

func TestPoolTakesRecoveredDataBeyondItsLimits(t *testing.T) {
	p := (&Arena{}).newPool(1, 1, 1, 0)
	for range 5 {
		p.force(0)
	}
	require.EqualValues(t, 5, p.InUse())
	require.False(t, p.CanTake())
	for range 4 {
		p.put(0)
		require.False(t, p.Available())
	}
	p.put(0)
	require.True(t, p.Available())
}

func TestSegmentReturnedTwicePanics(t *testing.T) {
	p := (&Arena{}).newPool(2, 4, 4, 0)
	require.True(t, p.take(0))
	p.put(0)
	require.Panics(t, func() { p.put(0) })
}
