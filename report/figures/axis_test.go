package figures

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
)

func labels(ticks []plot.Tick) (all []string) {
	for _, t := range ticks {
		all = append(all, t.Label)
	}
	return all
}

func logLabels(q quantity, head float64, values ...float64) []string {
	p := newPlot()
	logAxis(&p.Y, values, head, q)
	return labels(p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max))
}

func TestLogarithmicAxisIsLabelledWithRoundNumbers(t *testing.T) {
	require.Equal(t, []string{"10 ms", "100 ms", "1 s", "10 s", "100 s"},
		logLabels(timeQuantity, 0, 8e6, 90e9))
	require.Equal(t, []string{"10 s", "20 s", "50 s", "100 s"}, logLabels(timeQuantity, 0, 9e9, 100e9))
	require.Equal(t, []string{"1 KB", "10 KB", "100 KB", "1 MB"}, logLabels(byteQuantity, 0, 1000, 1<<20))
	require.Equal(t, []string{"1 ns", "100 ns", "10 µs", "1 ms", "100 ms", "10 s"},
		logLabels(timeQuantity, 0, 1, 20e9), "every second one where there are many")
}

func TestZeroHasItsOwnPlaceOnALogarithmicAxis(t *testing.T) {
	require.Equal(t, []string{"10 ms", "100 ms", "1 s", "0"}, logLabels(timeQuantity, 0, 0, 10e6, 1e9))
}

func TestRoomForWordsHasNoLabels(t *testing.T) {
	require.Equal(t, logLabels(timeQuantity, 0, 8e6, 90e9), logLabels(timeQuantity, 0.3, 8e6, 90e9))
}

func TestLinearAxisHasThreeToEightSteps(t *testing.T) {
	for _, largest := range []float64{0, 0.7, 1, 3, 9.9, 10, 175e9} {
		p := newPlot()
		linearAxis(&p.X, largest, 0, timeQuantity)
		ticks := p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max)
		require.GreaterOrEqual(t, len(ticks), 4, "%v", largest)
		require.LessOrEqual(t, len(ticks), 9, "%v", largest)
		require.Zero(t, ticks[0].Value)
	}
}

func TestSlowdownsThatAreNoNumbersStandInOrder(t *testing.T) {
	require.Equal(t, []float64{1, 2, 4}, positions([]string{"low", "medium", "high"}))
	require.Equal(t, []float64{0.5, 1, 50}, positions([]string{"0.5", "1", "50"}))
	require.Less(t, positions([]string{"0", "0.5"})[0], 0.5)
	require.Equal(t, []float64{1, 2}, positions([]string{"0", "0"}))
}

func TestPercentNeverRoundsToNoneOrAll(t *testing.T) {
	require.Equal(t, []string{"0 %", "<1 %", "57 %", ">99 %", "100 %"},
		[]string{percent(0), percent(0.001), percent(0.571), percent(0.999), percent(1)})
}
