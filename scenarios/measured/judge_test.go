package measured

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/scenarios/result"
)

func judged(metric string, predicted, low, high float64) result.FidelityFigure {
	return figure("r", "", metric, []float64{predicted}, []float64{low, high}, 1000)
}

func TestCellsAreJudgedByTheirBand(t *testing.T) {
	for _, test := range []struct {
		name         string
		figure       result.FidelityFigure
		long, passes bool
	}{
		{"long, 10 % off", judged("e2e_ms", 110, 100, 100), true, true},
		{"long, 11 % off", judged("e2e_ms", 111, 100, 100), true, false},
		{"long, within its spread", judged("e2e_ms", 120, 90, 110), true, true},
		{"long, beyond its spread", judged("e2e_ms", 121, 90, 110), true, false},
		{"short, twice", judged("e2e_ms", 80, 40, 40), false, true},
		{"short, half", judged("e2e_ms", 20, 40, 40), false, true},
		{"short, more than twice", judged("e2e_ms", 81, 40, 40), false, false},
		{"short, 5 ms off", judged("sync_ms_avg", 5, 0, 0), false, true},
		{"short, 6 ms off", judged("sync_ms_avg", 6, 0, 0), false, false},
		{"bytes, 10 % off", judged("persisted_bytes", 1100, 1000, 1000), true, true},
		{"bytes, 11 % off", judged("persisted_bytes", 1110, 1000, 1000), true, false},
		{"less than a segment, a segment off", judged("processed_bytes", 1900, 900, 900), false, true},
		{"less than a segment, more off", judged("processed_bytes", 1901, 900, 900), false, false},
		{"throughput, 3 % off", judged(columnThroughput, 103, 100, 100), true, true},
		{"throughput, 4 % off", judged(columnThroughput, 104, 100, 100), true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.True(t, test.figure.Judged)
			require.Equal(t, test.long, test.figure.Long)
			require.Equal(t, test.passes, test.figure.Passes)
		})
	}
	require.False(t, func() bool { f := judged("checkpointed_bytes", 1, 9, 9); return f.Judged }())
	require.False(t, func() bool { f := judged(recoveryMetric, 1, 9, 9); return f.Judged }())
}

func TestWithoutPredictionACellFails(t *testing.T) {
	f := figure("r", "", "e2e_ms", nil, []float64{3}, 1000)
	require.True(t, f.Missing)
	require.False(t, f.Passes)
	require.InDelta(t, result.NoBound, f.RelativeError, 0)
}

func TestBarsOfLongTimesAskForBothShares(t *testing.T) {
	band := func(near, off, far int) result.FidelityBand {
		var figures []result.FidelityFigure
		for range near {
			figures = append(figures, judged("e2e_ms", 102, 100, 100))
		}
		for range off {
			figures = append(figures, judged("e2e_ms", 109, 100, 100))
		}
		for range far {
			figures = append(figures, judged("e2e_ms", 150, 100, 100))
		}
		return bands(figures)[0]
	}
	require.True(t, band(5, 4, 1).WithinBar)
	require.False(t, band(4, 5, 1).WithinBar, "less than half within 3 %")
	require.False(t, band(8, 0, 2).WithinBar, "less than nine in ten within 10 %")
	require.InDelta(t, 0.02, band(5, 4, 1).MedianError, 0.04)
}

func TestEveryBarredMetricIsAMetricOrStandsForSeveral(t *testing.T) {
	figures := []result.FidelityFigure{
		judged("e2e_ms", 1, 1, 1), judged("async_ms_max", 200, 200, 200), judged("persisted_bytes", 1, 1, 1),
		judged("alignment_processed_bytes_min", 5000, 5000, 5000), judged(columnThroughput, 1, 1, 1),
	}
	cells := map[string]int{}
	for _, b := range bands(figures) {
		cells[b.Metric] += b.Cells
	}
	require.Equal(t, 2, cells[result.AllTimes])
	require.Equal(t, 2, cells[result.AllBytes])
	require.Equal(t, 1, cells["async_ms_max"])
}

func TestQuantilesLieBetweenNeighbours(t *testing.T) {
	require.InDelta(t, 2.5, median([]float64{4, 1, 2, 3}), 0)
	require.InDelta(t, 9, quantile([]float64{0, 10}, 90), 1e-9)
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(rapid.Float64Range(0, 1e6), 1, 50).Draw(rt, "list")
		percent := rapid.IntRange(0, 100).Draw(rt, "percent")
		q, below := quantile(list, percent), 0
		for _, v := range list {
			if v <= q+1e-9 {
				below++
			}
		}
		require.GreaterOrEqual(rt, 100*below, percent*(len(list)-1))
	})
}
