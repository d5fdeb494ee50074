package budgets_test

import (
	"bytes"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"simrun/scenarios/trial"
)

var (
	measureGrowth = flag.Bool("growth", false, "measure how cost grows with the size of a job")
	rewrite       = flag.Bool("rewrite", false, "draw docs/pictures/memory.svg, and with -growth growth.svg")
)

// growthPicture is where the figure of docs/performance.md is.
const growthPicture = "../../docs/pictures/growth.svg"

// dimension is one way in which a job grows.
type dimension struct {
	name  string
	units string
	sizes []int64
	shape func(size int64) shape
	look  color.NRGBA
	glyph draw.GlyphDrawer
}

// recordsPerChannel is what each of the p x p channels of an exchange carries.
const recordsPerChannel = 40

// dimensions let one thing grow and hold the others. With the channels grow the records
// that go through them, and with the depth those that operators handle.
func dimensions() []dimension {
	return []dimension{
		{"records", "records", []int64{1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20}, func(n int64) shape {
			return shape{records: n, parallelism: 2, depth: 1, interval: 3600e9}
		}, color.NRGBA{0x00, 0x72, 0xb2, 0xff}, draw.CircleGlyph{}},
		{"channels of an exchange (p x p)", "channels", []int64{2, 4, 8, 16, 32, 64, 100}, func(p int64) shape {
			return shape{records: recordsPerChannel * p * p, parallelism: int(p), depth: 1, interval: 20e6}
		}, color.NRGBA{0xd5, 0x5e, 0x00, 0xff}, draw.SquareGlyph{}},
		{"depth (operators in a row)", "operators", []int64{1, 2, 4, 8, 16}, func(n int64) shape {
			return shape{records: 1 << 16, parallelism: 2, depth: int(n), interval: 3600e9}
		}, color.NRGBA{0x00, 0x9e, 0x73, 0xff}, draw.TriangleGlyph{}},
		{"checkpoints", "checkpoints", []int64{10, 30, 100, 300, 1000}, func(n int64) shape {
			return shape{records: 100 * n, parallelism: 2, depth: 1, interval: 20e6, cpuNanos: 400_000}
		}, color.NRGBA{0xcc, 0x79, 0xa7, 0xff}, draw.PyramidGlyph{}},
	}
}

// grown is the cost of a job of one size.
type grown struct {
	x    float64
	took time.Duration
}

// sizeOf is what the cost is drawn over.
func (d *dimension) sizeOf(size int64) float64 {
	if d.units == "channels" {
		return float64(size * size)
	}
	return float64(size)
}

func (d *dimension) measure(t *testing.T) []grown {
	var points []grown
	for _, size := range d.sizes {
		tr, c := trial.New(), checked(pipeline(d.shape(size)))
		took := inTurns(3, func() { mustRun(t, tr, c) })[0]
		points = append(points, grown{d.sizeOf(size), took})
	}
	return points
}

// slope is the exponent of the cost over the upper half of the sizes: 1 is linear.
func slope(points []grown) float64 {
	from, to := points[len(points)/2], points[len(points)-1]
	return math.Log(float64(to.took)/float64(from.took)) / math.Log(to.x/from.x)
}

// TestGrowth measures how cost grows; a job twice as large may cost little more than twice
// as much.
func TestGrowth(t *testing.T) {
	if !*measureGrowth {
		t.Skip("measures for a minute: -growth")
	}
	p := newGrowthChart()
	for _, d := range dimensions() {
		points := d.measure(t)
		var table strings.Builder
		for _, g := range points {
			fmt.Fprintf(&table, "%10.0f %-10s %12v %10.0f ns each\n", g.x, d.units, g.took, float64(g.took)/g.x)
		}
		t.Logf("%s: exponent %.2f over the upper half\n%s", d.name, slope(points), table.String())
		draws(t, p, &d, points)
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(growthPicture, svg(t, p), 0o644))
	}
}

func newGrowthChart() *plot.Plot {
	p := plot.New()
	p.Title.Text = "CPU time of a run with all checkers on"
	p.X.Label.Text, p.Y.Label.Text = "size: records, channels, operators, checkpoints", "CPU time, ms"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 1, 2e6, 0.5, 2e4
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{0xe0}, color.Gray{0xe0}
	p.Add(grid)
	for _, s := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label,
		&p.Legend.TextStyle,
	} {
		s.Font.Variant = "Sans"
	}
	return p
}

// draws adds a dimension, and a dashed line of slope 1 through its largest size.
func draws(t *testing.T, p *plot.Plot, d *dimension, points []grown) {
	t.Helper()
	var at plotter.XYs
	for _, g := range points {
		at = append(at, plotter.XY{X: g.x, Y: float64(g.took) / 1e6})
	}
	l, s, err := plotter.NewLinePoints(at)
	require.NoError(t, err)
	l.Color, s.Color, s.Shape, s.Radius = d.look, d.look, d.glyph, vg.Points(3)
	last := at[len(at)-1]
	linear, err := plotter.NewLine(plotter.XYs{{X: at[0].X, Y: last.Y * at[0].X / last.X}, last})
	require.NoError(t, err)
	linear.Color, linear.Dashes = d.look, []vg.Length{vg.Points(2), vg.Points(3)}
	p.Add(linear, l, s)
	p.Legend.Add(fmt.Sprintf("%s, exponent %.2f", d.name, slope(points)), l, s)
}

func svg(t *testing.T, p *plot.Plot) []byte {
	t.Helper()
	canvas := vgsvg.New(620, 420)
	p.Draw(draw.Crop(draw.New(canvas), 10, -10, 10, -10))
	var b bytes.Buffer
	_, err := canvas.WriteTo(&b)
	require.NoError(t, err)
	return bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;font-variant:normal;"),
		[]byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
}
