package figures

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/report/stats"
)

const (
	markerRadius  = 3.6 * vg.Length(1)
	arrowLength   = 13 * vg.Length(1)
	arrowHeadroom = 0.05
)

// series are one protocol's medians with their intervals, at dodge beside their true place
// so that bars of several protocols stand next to each other.
type series struct {
	style  style
	points []point
	dodge  vg.Length
	floor  float64 // values at or below are drawn there; 0 on a linear axis
}

// point is an estimate at x.
type point struct {
	x        float64
	estimate stats.Estimate
}

// values are all that the axis must hold of the point.
func (pt point) values() []float64 {
	median, direction := drawn(pt.estimate.Median)
	if direction < 0 {
		return []float64{median}
	}
	low, high := pt.interval()
	return []float64{low, median, high}
}

// interval is where the interval's ends are drawn; an end of which nothing is known is at
// the median.
func (pt point) interval() (low, high float64) {
	median, _ := drawn(pt.estimate.Median)
	low, high = median, median
	if !pt.estimate.Low.IsUnknown() {
		low, _ = drawn(pt.estimate.Low)
	}
	if !pt.estimate.High.IsUnknown() {
		high, _ = drawn(pt.estimate.High)
	}
	return low, high
}

// drawn is where a value is drawn, and the direction in which the truth lies from there: up
// from a lower bound, down from an upper one.
func drawn(v stats.Value) (at float64, direction vg.Length) {
	switch {
	case v.IsExact():
		return v.Low, 0
	case v.Low <= 0:
		return v.High, -1
	}
	return v.Low, 1
}

// place is where the median at a point is drawn.
func (s *series) place(c *draw.Canvas, p *plot.Plot, x, value float64) vg.Point {
	toX, toY := p.Transforms(c)
	return vg.Point{X: toX(x) + s.dodge, Y: toY(max(value, s.floor))}
}

// medianLine is the line through a series' medians: pale, so that a closed form on top of it
// stays visible. It does not go on to lower bounds, which lie on no line.
type medianLine struct{ *series }

// Plot implements plot.Plotter.
func (m medianLine) Plot(c draw.Canvas, p *plot.Plot) {
	pale := draw.LineStyle{Color: m.style.pale(), Width: vg.Points(2.2)}
	for i := 1; i < len(m.points); i++ {
		from, to := m.points[i-1], m.points[i]
		if from.estimate.Median.IsExact() && to.estimate.Median.IsExact() {
			c.StrokeLines(pale, []vg.Point{
				m.place(&c, p, from.x, from.estimate.Median.Low),
				m.place(&c, p, to.x, to.estimate.Median.Low),
			})
		}
	}
}

// Plot implements plot.Plotter: the intervals, and on top of them the markers.
func (s *series) Plot(c draw.Canvas, p *plot.Plot) {
	for _, pt := range s.points {
		if _, direction := drawn(pt.estimate.Median); direction >= 0 {
			low, high := pt.interval()
			s.bar(&c, s.place(&c, p, pt.x, low), s.place(&c, p, pt.x, high))
		}
	}
	for _, pt := range s.points {
		value, direction := drawn(pt.estimate.Median)
		at := s.place(&c, p, pt.x, value)
		if direction != 0 {
			s.arrow(&c, at, direction*arrowLength)
		}
		s.style.mark(&c, at, markerRadius, direction != 0)
	}
}

// bar is the interval, with caps.
func (s *series) bar(c *draw.Canvas, low, high vg.Point) {
	ls := draw.LineStyle{Color: s.style.colour, Width: vg.Points(1)}
	c.StrokeLine2(ls, low.X, low.Y, high.X, high.Y)
	const half = 2.5
	for _, end := range []vg.Point{low, high} {
		c.StrokeLine2(ls, end.X-half, end.Y, end.X+half, end.Y)
	}
}

// arrow says "at least" or "at most": from a marker upwards, or down by a negative length.
func (s *series) arrow(c *draw.Canvas, from vg.Point, length vg.Length) {
	ls := draw.LineStyle{Color: s.style.colour, Width: vg.Points(1.2)}
	tip := vg.Point{X: from.X, Y: from.Y + length}
	c.StrokeLine2(ls, from.X, from.Y, tip.X, tip.Y)
	back := vg.Length(3.5)
	if length < 0 {
		back = -back
	}
	c.StrokeLines(ls, []vg.Point{{X: tip.X - 2.5, Y: tip.Y - back}, tip, {X: tip.X + 2.5, Y: tip.Y - back}})
}

// curve is a line through points given in data units; NaN values leave a gap.
type curve struct {
	line   draw.LineStyle
	xs, ys []float64
	dodge  vg.Length
	floor  float64
}

// Plot implements plot.Plotter.
func (k *curve) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var run []vg.Point
	flush := func() {
		if len(run) > 1 {
			c.StrokeLines(k.line, c.ClipLinesXY(run)...)
		}
		run = nil
	}
	for i := range k.xs {
		if math.IsNaN(k.ys[i]) {
			flush()
			continue
		}
		run = append(run, vg.Point{X: x(k.xs[i]) + k.dodge, Y: y(max(k.ys[i], k.floor))})
	}
	flush()
}

// level is a horizontal line over the whole width; the legend says what it means.
type level struct{ y float64 }

// Plot implements plot.Plotter.
func (l level) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	at := y(l.y)
	c.StrokeLine2(levelLine(), c.Min.X, at, c.Max.X, at)
}

func levelLine() draw.LineStyle { return draw.LineStyle{Color: muted, Width: vg.Points(0.9)} }

// shareRows writes shares above the data: a row for each protocol, from the top.
type shareRows struct{ rows []shareRow }

type shareRow struct {
	style style
	xs    []float64
	texts []string
}

const shareRowHeight = 11.5 * vg.Length(1)

// Plot implements plot.Plotter.
func (r shareRows) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	for i, row := range r.rows {
		s := boldStyle(8.5, row.style.colour)
		s.XAlign, s.YAlign = draw.XCenter, draw.YTop
		for j := range row.xs {
			at := vg.Point{X: x(row.xs[j]), Y: c.Max.Y - shareRowHeight*vg.Length(i)}
			c.FillText(s, at, row.texts[j])
		}
	}
}

// headroom is the share of the plot's height that the rows need.
func (r shareRows) headroom() float64 {
	if len(r.rows) == 0 {
		return 0
	}
	const plotHeight = 225
	return min(0.4, float64(shareRowHeight)*(float64(len(r.rows))+0.6)/plotHeight)
}
