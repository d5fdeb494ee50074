package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// trackerModel is at-least-once tracking told naively: what was heard of every id.
type trackerModel struct {
	open      map[ChannelIndex]bool
	heard     map[CheckpointID]map[ChannelIndex]bool
	target    map[CheckpointID]int
	aborted   map[CheckpointID]bool
	latest    CheckpointID
	snapshots []CheckpointID
	declines  []CheckpointID
}

// pending lists the ids that are still counted, ascending.
func (m *trackerModel) pending() []CheckpointID {
	var ids []CheckpointID
	for id := CheckpointID(1); id <= m.latest; id++ {
		if m.heard[id] != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *trackerModel) forgetThrough(last CheckpointID) {
	for _, id := range m.pending() {
		if id <= last {
			delete(m.heard, id)
		}
	}
}

func (m *trackerModel) hear(id CheckpointID, ch ChannelIndex) {
	if m.heard[id] == nil {
		if id <= m.latest {
			return
		}
		m.latest = id
		m.heard[id] = map[ChannelIndex]bool{}
		m.target[id] = len(m.open)
	}
	m.heard[id][ch] = true
}

// completeNewest ends the newest id that everybody was heard of.
func (m *trackerModel) completeNewest() {
	pending := m.pending()
	for i := len(pending) - 1; i >= 0; i-- {
		id := pending[i]
		if len(m.heard[id]) == m.target[id] {
			m.forgetThrough(id)
			if !m.aborted[id] {
				m.snapshots = append(m.snapshots, id)
			}
			return
		}
	}
}

func (m *trackerModel) abort(id CheckpointID) {
	if !m.aborted[id] {
		m.aborted[id] = true
		m.declines = append(m.declines, id)
	}
}

func (m *trackerModel) cancel(id CheckpointID, ch ChannelIndex) {
	for _, older := range m.pending() {
		if older < id {
			m.abort(older)
			delete(m.heard, older)
		}
	}
	if m.heard[id] == nil && id <= m.latest {
		return
	}
	m.hear(id, ch)
	m.abort(id)
	m.completeNewest()
}

func TestTrackerDoesWhatItsModelSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.IntRange(1, 4).Draw(t, "channels")
		tracker := NewBarrierTracker(TaskShape{Channels: channels})
		m := &trackerModel{open: map[ChannelIndex]bool{}, heard: map[CheckpointID]map[ChannelIndex]bool{},
			target: map[CheckpointID]int{}, aborted: map[CheckpointID]bool{}}
		for ch := range channels {
			m.open[ChannelIndex(ch)] = true
		}
		var out Effects
		channel := func(t *rapid.T) ChannelIndex {
			ch := ChannelIndex(rapid.IntRange(0, channels-1).Draw(t, "channel"))
			if !m.open[ch] {
				t.Skip("ended")
			}
			return ch
		}
		id := func(t *rapid.T) CheckpointID {
			ahead := rapid.SampledFrom([]CheckpointID{0, 0, 1, 1, -1, -2, 2}).Draw(t, "id")
			return max(1, m.latest+ahead)
		}
		barrier := func(t *rapid.T) {
			ch, id := channel(t), id(t)
			m.hear(id, ch)
			m.completeNewest()
			tracker.Step(Input{Kind: InputBarrier, Channel: ch,
				Barrier: Options(AtLeastOnce, CheckpointRequest{ID: id})}, &out)
		}
		t.Repeat(map[string]func(*rapid.T){
			"barrier": barrier, "another-barrier": barrier,
			"cancel": func(t *rapid.T) {
				ch, id := channel(t), id(t)
				m.cancel(id, ch)
				tracker.Step(Input{Kind: InputCancelMarker, Channel: ch, Checkpoint: id}, &out)
			},
			"end-of-partition": func(t *rapid.T) {
				ch := channel(t)
				delete(m.open, ch)
				for _, id := range m.pending() {
					m.heard[id][ch] = true
				}
				m.completeNewest()
				tracker.Step(Input{Kind: InputEndOfPartition, Channel: ch}, &out)
			},
			"": func(t *rapid.T) {
				snapshots, declines := decided(out.List)
				require.Equal(t, m.snapshots, snapshots)
				require.Equal(t, m.declines, declines)
			},
		})
	})
}

func decided(effects []Effect) (snapshots, declines []CheckpointID) {
	for _, effect := range effects {
		switch effect.Kind {
		case EffectSnapshot:
			snapshots = append(snapshots, effect.Checkpoint)
		case EffectDecline:
			declines = append(declines, effect.Checkpoint)
		}
	}
	return snapshots, declines
}

func TestTrackerForgetsTheOldestOfTooManyCheckpoints(t *testing.T) {
	tracker := NewBarrierTracker(TaskShape{Channels: 2})
	var out Effects
	for id := CheckpointID(1); id <= maxTrackedCheckpoints+1; id++ {
		tracker.Step(Input{Kind: InputBarrier,
			Barrier: Options(AtLeastOnce, CheckpointRequest{ID: id})}, &out)
	}
	for _, id := range []CheckpointID{1, 2} {
		tracker.Step(Input{Kind: InputBarrier, Channel: 1,
			Barrier: Options(AtLeastOnce, CheckpointRequest{ID: id})}, &out)
	}
	snapshots, declines := decided(out.List)
	require.Equal(t, []CheckpointID{2}, snapshots)
	require.Empty(t, declines)
}

func TestTooManyRememberedAbortsForgetTheOldest(t *testing.T) {
	l := newLocalSnapshots(0)
	for id := CheckpointID(maxRecordedAborts + 1); id > 1; id-- {
		l.notifyAborted(id)
	}
	require.True(t, l.isAborted(2))
	l.notifyAborted(1) // older than all that are kept
	require.False(t, l.isAborted(1))
	l.notifyAborted(maxRecordedAborts + 2)
	require.False(t, l.isAborted(2))
	require.True(t, l.isAborted(3))
	require.Len(t, l.aborted, maxRecordedAborts)
	require.IsIncreasing(t, l.aborted)
}
