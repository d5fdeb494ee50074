package operator_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/operator"
)

func TestValvePutsOutTheMinimumOverItsChannels(t *testing.T) {
	v := operator.NewValve(2)
	require.False(t, v.Watermark(0, 9).HasWatermark)
	require.Equal(t, operator.ValveEvent{WatermarkNanos: 5, HasWatermark: true}, v.Watermark(1, 5))
	require.False(t, v.Watermark(1, 5).HasWatermark)
	require.EqualValues(t, 9, v.Watermark(1, 12).WatermarkNanos)
}

func TestIdleChannelsDoNotHoldTheWatermarkBack(t *testing.T) {
	v := operator.NewValve(2)
	v.Watermark(0, 5)
	v.Watermark(1, 9)
	require.Equal(t, operator.ValveEvent{WatermarkNanos: 9, HasWatermark: true}, v.Status(0, true))
	require.False(t, v.Watermark(0, 100).HasWatermark, "an idle channel's watermarks are ignored")
	require.Equal(t, operator.ValveEvent{HasStatus: true, StatusIdle: true}, v.Status(1, true))
	require.True(t, v.Idle())
	require.Equal(t, operator.ValveEvent{HasStatus: true}, v.Status(0, false))
	require.False(t, v.Watermark(0, 8).HasWatermark, "not aligned: it is behind what was put out")
	require.EqualValues(t, 10, v.Watermark(0, 10).WatermarkNanos)
}

func TestChannelThatIsBehindDoesNotHoldTheOthersBack(t *testing.T) {
	v := operator.NewValve(2)
	v.Watermark(0, 5)
	v.Watermark(1, 9)
	v.Status(0, true)
	v.Status(0, false)
	require.False(t, v.Watermark(0, 8).HasWatermark)
	require.EqualValues(t, 12, v.Watermark(1, 12).WatermarkNanos, "9 was put out: channel 0 is not aligned")
	require.False(t, v.Watermark(0, 12).HasWatermark)
	require.False(t, v.Watermark(1, 20).HasWatermark, "now it is")
	require.EqualValues(t, 15, v.Watermark(0, 15).WatermarkNanos)
}

func TestLastChannelToTurnIdleFlushesTheHighestWatermark(t *testing.T) {
	v := operator.NewValve(2)
	v.Watermark(0, 5)
	v.Watermark(1, 9)
	require.False(t, v.Status(1, true).HasWatermark)
	require.Equal(t, operator.ValveEvent{
		WatermarkNanos: 9, HasWatermark: true, HasStatus: true, StatusIdle: true,
	}, v.Status(0, true))
}

func TestValveIsMonotoneAndRollsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.IntRange(1, 4).Draw(t, "channels")
		v, reference := operator.NewValve(channels), operator.NewValve(channels)
		input := func(to ...*operator.Valve) {
			channel := rapid.IntRange(0, channels-1).Draw(t, "channel")
			nanos := rapid.Int64Range(-5, 30).Draw(t, "nanos")
			for _, valve := range to {
				before := valve.WatermarkNanos()
				if nanos < 0 {
					valve.Status(channel, nanos%2 == 0)
				} else if event := valve.Watermark(channel, nanos); event.HasWatermark {
					require.Greater(t, event.WatermarkNanos, before)
				}
				require.GreaterOrEqual(t, valve.WatermarkNanos(), before)
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "before") {
			input(v, reference)
		}
		v.Begin()
		mark := v.Mark()
		for range rapid.IntRange(0, 10).Draw(t, "ahead") {
			input(v)
		}
		v.Rollback(mark)
		v.Commit()
		require.Equal(t, reference.WatermarkNanos(), v.WatermarkNanos())
		require.Equal(t, reference.Idle(), v.Idle())
		for range rapid.IntRange(0, 10).Draw(t, "after") {
			input(v, reference)
			require.Equal(t, reference.WatermarkNanos(), v.WatermarkNanos())
			require.Equal(t, reference.Idle(), v.Idle())
		}
	})
}
