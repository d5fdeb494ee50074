package budgets_test

import (
	"encoding/csv"
	"image/color"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// The series is of two campaigns of one worker, a line every minute: campaign, seconds since its
// start, resident kB (VmRSS of /proc/PID/status).
const (
	memorySeries  = "testdata/memory.csv"
	memoryPicture = "../../docs/pictures/memory.svg"
)

// sampled is the resident memory of a campaign at a time.
type sampled struct{ minutes, megabytes float64 }

func readMemorySeries(t *testing.T) (names []string, series [][]sampled) {
	t.Helper()
	file, err := os.Open(memorySeries)
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		seconds, err := strconv.ParseFloat(row[1], 64)
		require.NoError(t, err)
		kilobytes, err := strconv.ParseFloat(row[2], 64)
		require.NoError(t, err)
		at := slices.Index(names, row[0])
		if at < 0 {
			at = len(names)
			names, series = append(names, row[0]), append(series, nil)
		}
		series[at] = append(series[at], sampled{seconds / 60, kilobytes / 1024})
	}
	return names, series
}

// TestCampaignsHoldTheirMemory draws how much memory campaigns had, and holds the second half of the
// latest one to the first.
func TestCampaignsHoldTheirMemory(t *testing.T) {
	names, series := readMemorySeries(t)
	p := newMemoryChart()
	looks := []color.NRGBA{{0xd5, 0x5e, 0x00, 0xff}, {0x00, 0x72, 0xb2, 0xff}}
	for i, name := range names {
		var at plotter.XYs
		for _, s := range series[i] {
			at = append(at, plotter.XY{X: s.minutes, Y: s.megabytes})
		}
		line, err := plotter.NewLine(at)
		require.NoError(t, err)
		line.Color, line.Width = looks[i], vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(name, line)
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(memoryPicture, svg(t, p), 0o644))
	}
	latest := series[len(series)-1]
	settled := slices.IndexFunc(latest, func(s sampled) bool { return s.minutes >= settledMinutes })
	require.Positive(t, settled)
	half := (settled + len(latest)) / 2
	require.LessOrEqual(t, mean(latest[half:]), 1.1*mean(latest[settled:half]))
}

func mean(series []sampled) float64 {
	sum := 0.0
	for _, s := range series {
		sum += s.megabytes
	}
	return sum / float64(len(series))
}

// settledMinutes are enough for runs of all kinds to have come.
const settledMinutes = 2

func newMemoryChart() *plot.Plot {
	p := newGrowthChart()
	p.Title.Text = "Memory of a campaign of one worker"
	p.X.Label.Text, p.Y.Label.Text = "minutes", "resident, MB"
	p.X.Scale, p.Y.Scale = plot.LinearScale{}, plot.LinearScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.DefaultTicks{}, plot.DefaultTicks{}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 60, 0, 300
	return p
}
