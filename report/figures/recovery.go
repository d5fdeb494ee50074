package figures

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/stats"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// part is one of the four that a recovery is made of. Their hue is no protocol's.
type part struct {
	name  string
	fill  color.NRGBA
	text  color.NRGBA
	nanos func(*result.Recovery) int64
}

func parts() []part {
	// Words inside the bars keep their colours on a dark page, as the bars do.
	light, dark := color.NRGBA{0xfd, 0xfd, 0xfd, 0xff}, color.NRGBA{0x22, 0x22, 0x22, 0xff}
	return []part{
		{"restart", color.NRGBA{0x3f, 0x2d, 0x6b, 0xff}, light, restartNanos},
		{"restore", color.NRGBA{0x7a, 0x63, 0xb0, 0xff}, light, restoreNanos},
		{"replay", color.NRGBA{0xb3, 0xa3, 0xd6, 0xff}, dark, replayNanos},
		{"catch-up", color.NRGBA{0xe0, 0xd9, 0xf0, 0xff}, dark, catchUpNanos},
	}
}

func restartNanos(r *result.Recovery) int64 { return r.RestartNanos }
func restoreNanos(r *result.Recovery) int64 { return r.RestoreNanos }
func replayNanos(r *result.Recovery) int64  { return r.ReplayNanos }
func catchUpNanos(r *result.Recovery) int64 { return r.CatchUpNanos }

// recoveryBar is one protocol's.
type recoveryBar struct {
	name     protocol.Name
	recovery *result.Recovery
	total    stats.Estimate
}

// RecoveryParts stacks the four parts of recovery, a bar for each protocol, at the largest
// slowdown at which every protocol recovered.
func RecoveryParts(s *cells.Summary, workload int) *Figure {
	some := func(l int) bool { return len(recoveryBars(s, workload, l)) > 0 }
	l := largestSlowdown(s, func(l int) bool { return some(l) && everyCell(s, workload, l, recovered) })
	if l < 0 {
		l = largestSlowdown(s, some)
	}
	if l < 0 {
		return nil
	}
	bars := recoveryBars(s, workload, l)
	f := &Figure{
		Name:  fileName(s, workload, "recovery-parts"),
		Title: "What recovery is made of",
		Subtitle: fmt.Sprintf("%s at %sx · the run with the median total; bar over all seeds",
			s.Comparison.Workloads[workload], s.Comparison.Slowdowns[l]),
		XLabel: "Virtual time since the crash", YLabel: "Protocol",
		Plot:   recoveryPlot(bars),
		height: vg.Points(118 + 34*float64(len(bars))),
	}
	for _, part := range parts() {
		f.legend = append(f.legend, boxEntry(part.name, part.fill))
	}
	f.Caption = "Shorter checkpoints leave less to replay; in-flight data in the checkpoint makes " +
		"restoring longer."
	f.Reading = "Restart: failure until tasks are deployed. Restore: until state and in-flight data are " +
		"back. Replay: until the sources are where they were. Catch-up: until backpressure is as before. " +
		"Parts are of one run, so they add up."
	return f
}

func recovered(c *cells.Cell) bool {
	return c.Recovery != nil && c.Estimates[cells.RecoveryTime].Median.IsExact()
}

func recoveryBars(s *cells.Summary, workload, slowdown int) (bars []recoveryBar) {
	for p, name := range s.Comparison.Protocols {
		if c := s.Cell(workload, slowdown, p); c.Recovery != nil {
			bars = append(bars, recoveryBar{name, c.Recovery, c.Estimates[cells.RecoveryTime]})
		}
	}
	return bars
}

// largestSlowdown is the index of the last slowdown for which ok holds; -1 if none.
func largestSlowdown(s *cells.Summary, ok func(slowdown int) bool) int {
	for l := len(s.Comparison.Slowdowns) - 1; l >= 0; l-- {
		if ok(l) {
			return l
		}
	}
	return -1
}

// everyCell reports whether ok holds under every protocol that takes checkpoints.
func everyCell(s *cells.Summary, workload, slowdown int, ok func(*cells.Cell) bool) bool {
	for p, name := range s.Comparison.Protocols {
		if name != protocol.None && !ok(s.Cell(workload, slowdown, p)) {
			return false
		}
	}
	return true
}

// recoveryPlot lays bars from the top down along a linear time axis.
func recoveryPlot(bars []recoveryBar) *plot.Plot {
	p := newPlot()
	var largest float64
	ticks := make(plot.ConstantTicks, len(bars))
	for i, b := range bars {
		largest = max(largest, float64(b.recovery.TotalNanos()), b.total.High.Low)
		ticks[i] = plot.Tick{Value: float64(len(bars) - 1 - i), Label: string(b.name)}
	}
	linearAxis(&p.X, largest, 0.13, timeQuantity)
	p.X.Min = 0
	p.Y.Min, p.Y.Max = -0.5, float64(len(bars))-0.5
	p.Y.Tick.Marker = ticks
	p.Add(verticalGrid{})
	for i := range bars {
		p.Add(stackedBar{bars[i], float64(len(bars) - 1 - i)})
	}
	return p
}

// verticalGrid draws a line at each tick of the horizontal axis.
type verticalGrid struct{}

// Plot implements plot.Plotter.
func (verticalGrid) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		at := x(t.Value)
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: vg.Points(0.7)}, at, c.Min.Y, at, c.Max.Y)
	}
}

// stackedBar draws one recovery as a row.
type stackedBar struct {
	recoveryBar
	row float64
}

// Plot implements plot.Plotter.
func (b stackedBar) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	middle, half := y(b.row), (y(1)-y(0))*0.27
	var end int64
	for _, part := range parts() {
		from := x(float64(end))
		end += part.nanos(b.recovery)
		to := x(float64(end))
		c.FillPolygon(part.fill, []vg.Point{
			{X: from, Y: middle - half}, {X: to, Y: middle - half},
			{X: to, Y: middle + half}, {X: from, Y: middle + half},
		})
		b.label(&c, part, from, to, middle)
	}
	whisker := draw.LineStyle{Color: ink, Width: vg.Points(1)}
	low, high := x(b.total.Low.Low), x(b.total.High.Low)
	under := middle - half - vg.Points(3.5)
	c.StrokeLine2(whisker, low, under, high, under)
	c.StrokeLine2(whisker, low, under-2, low, under+2)
	c.StrokeLine2(whisker, high, under-2, high, under+2)
	s := boldStyle(9.5, ink)
	s.YAlign = draw.YCenter
	right := max(x(float64(end)), high)
	c.FillText(s, vg.Point{X: right + vg.Points(5), Y: middle + vg.Points(1.2)}, b.totalText())
}

// totalText is the total, or what is known of it.
func (b stackedBar) totalText() string {
	text := units.Nanos(float64(b.recovery.TotalNanos()))
	if !b.recovery.Complete {
		return "≥ " + text
	}
	return text
}

// label writes the part's time into it where there is room.
func (b stackedBar) label(c *draw.Canvas, part part, from, to, middle vg.Length) {
	s := textStyle(8.5, part.text)
	s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
	text := units.Nanos(float64(part.nanos(b.recovery)))
	if s.Width(text)+vg.Points(4) <= to-from {
		c.FillText(s, vg.Point{X: (from + to) / 2, Y: middle + vg.Points(1.2)}, text)
	}
}
