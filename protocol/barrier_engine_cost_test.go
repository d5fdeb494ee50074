package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// completeCheckpoint feeds barrier id to every channel of a machine.
func completeCheckpoint(m Machine, name Name, channels int, id CheckpointID, out *Effects) {
	b := Options(name, CheckpointRequest{ID: id, TriggerNanos: int64(id), AlignedTimeoutNanos: 5})
	for ch := range channels {
		out.Reset()
		in := Input{Channel: ChannelIndex(ch), Barrier: b, NowNanos: int64(id)}
		if b.Timeoutable() {
			in.Kind = InputAnnouncement
			m.Step(in, out)
		}
		in.Kind = InputBarrier
		m.Step(in, out)
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	const channels = 1000
	for _, name := range Names() {
		if name == None {
			continue
		}
		m := NewMachine(name, TaskShape{Channels: channels})
		out := &Effects{List: make([]Effect, 0, 2*channels+8)}
		id := CheckpointID(0)
		require.Zero(t, testing.AllocsPerRun(20, func() {
			id += 3
			m.Step(Input{Kind: InputAborted, Checkpoint: id - 1}, out)
			m.Step(Input{Kind: InputCancelMarker, Checkpoint: id - 2}, out)
			completeCheckpoint(m, name, channels, id, out)
			if id == 30 {
				m.(Resetter).Reset()
			}
		}), "%s", name)
		require.NotEmpty(t, out.List)
	}
}

func TestThousandsOfChannelsAreEachResumedOnce(t *testing.T) {
	const channels = 3000
	engine := NewBarrierEngine(PolicyOf(Aligned), TaskShape{Channels: channels})
	b := Options(Aligned, CheckpointRequest{ID: 1})
	var out Effects
	for ch := channels - 1; ch >= 0; ch-- { // the last channel first
		out.Reset()
		engine.Step(Input{Kind: InputBarrier, Channel: ChannelIndex(ch), Barrier: b}, &out)
	}
	resumed := ChannelIndex(0)
	for _, effect := range out.List {
		if effect.Kind == EffectResume {
			require.Equal(t, resumed, effect.Channel)
			resumed++
		}
	}
	require.Equal(t, ChannelIndex(channels), resumed)
}

func TestResetMachineBehavesAsNew(t *testing.T) {
	for _, name := range Names() {
		if name == None {
			continue
		}
		used, fresh := NewMachine(name, TaskShape{Channels: 3}), NewMachine(name, TaskShape{Channels: 3})
		var out, fromUsed, fromFresh Effects
		used.Step(Input{Kind: InputEndOfPartition, Channel: 2}, &out)
		used.Step(Input{Kind: InputBarrier, Channel: 1,
			Barrier: Options(name, CheckpointRequest{ID: 9, AlignedTimeoutNanos: 5})}, &out)
		used.Step(Input{Kind: InputAborted, Checkpoint: 11}, &out)
		used.(Resetter).Reset()
		completeCheckpoint(used, name, 3, 11, &fromUsed)
		completeCheckpoint(fresh, name, 3, 11, &fromFresh)
		require.Equal(t, fromFresh.String(), fromUsed.String(), "%s", name)
		require.Contains(t, fromUsed.String(), "checkpoint=11")
	}
}

func TestProtocolWithoutCheckpointsPanicsOnSignsOfOne(t *testing.T) {
	m := NewMachine(None, TaskShape{Task: 3, Channels: 1})
	var out Effects
	m.Step(Input{Kind: InputEndOfPartition}, &out)
	require.Empty(t, out.List)
	require.Panics(t, func() { m.Step(Input{Kind: InputBarrier, Barrier: Barrier{ID: 1}}, &out) })
	require.Panics(t, func() { NewBarrierEngine(PolicyOf(None), TaskShape{}) })
	require.Panics(t, func() { NewMachine("two-phase", TaskShape{}) })
}
