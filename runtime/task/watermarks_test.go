package task

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/operator"
)

// lowestByScan is the minimum by its definition.
func lowestByScan(t *Task, input int) (nanos int64, anyActive bool) {
	nanos = operator.EndOfTime
	for i := range t.in {
		if end := &t.in[i]; end.input == input && !end.idle && !end.Ended() {
			nanos, anyActive = min(nanos, end.watermark), true
		}
	}
	return nanos, anyActive
}

func TestTheLowestWatermarkIsThatOfTheActiveChannels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		task := &Task{in: make([]inputEnd, rapid.IntRange(1, 5).Draw(t, "channels")), lowest: make([]lowestWatermark, 2)}
		for i := range task.in {
			task.in[i].watermark, task.in[i].input = operator.NoWatermark, i%2
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			end := &task.in[rapid.IntRange(0, len(task.in)-1).Draw(t, "channel")]
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				task.setIdle(end, true)
			case 1:
				task.setIdle(end, false)
			case 2:
				task.endChannel(end)
			case 3:
				task.setWatermark(end, operator.EndOfTime)
			default:
				task.setWatermark(end, rapid.Int64Range(0, 4).Draw(t, "watermark"))
			}
			wanted, wantedActive := lowestByScan(task, end.input)
			got, active := task.lowestOf(end.input)
			require.Equal(t, wantedActive, active)
			require.Equal(t, wanted, got)
		}
	})
}
