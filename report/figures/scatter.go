package figures

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// Fidelity is predicted against measured time of every cell, both axes logarithmic; the
// durations of whole checkpoints are large markers on top.
func Fidelity(f *result.Fidelity) *Figure {
	s := newScatter(f)
	figure := &Figure{
		Name: "fidelity", Title: "Predicted against measured",
		Subtitle: "every time of every run, subtask minimum, average and maximum · " + f.Source,
		XLabel:   "Measured", YLabel: "Predicted",
		Caption: "Large markers are end-to-end durations of whole checkpoints, small ones all other times.",
		Reading: "On the line a time is predicted exactly; the dashed lines are 10 % off, the dotted ones a " +
			"factor of two. What was measured as less than 1 ms is drawn at 1 ms.",
		height: figureWidth,
	}
	p := newPlot()
	logAxis(&p.X, s.values, 0, timeQuantity)
	logAxis(&p.Y, s.values, 0, timeQuantity)
	p.Add(horizontalGrid{}, diagonal{}, s)
	figure.Plot = p
	for _, name := range s.protocols {
		figure.legend = append(figure.legend, protocolEntry(name))
	}
	figure.legend = append(figure.legend,
		lineEntry("10 % off", dashed(muted)), lineEntry("factor 2", dotted(muted)))
	return figure
}

// scatter is a plotter of pairs of times.
type scatter struct {
	points    []pairPoint
	values    []float64
	protocols []protocol.Name
}

type pairPoint struct {
	measured, predicted float64 // nanoseconds
	style               style
	whole               bool
}

// shortestNanos is what measurements resolve.
const shortestNanos = 1e6

func newScatter(f *result.Fidelity) *scatter {
	s := &scatter{}
	of := map[string]protocol.Name{}
	for _, run := range f.Runs {
		of[run.Name] = protocol.Name(run.Protocol)
	}
	seen := map[protocol.Name]bool{}
	for i := range f.Figures {
		x := &f.Figures[i]
		if !x.Time || x.Missing || x.Measured == 0 && x.Predicted*1e6 < shortestNanos {
			continue
		}
		point := pairPoint{
			measured: max(x.Measured*1e6, shortestNanos), predicted: max(x.Predicted*1e6, shortestNanos),
			style: styleOf(of[x.Run]), whole: x.Vertex == "",
		}
		s.points = append(s.points, point)
		s.values = append(s.values, point.measured, point.predicted)
		seen[of[x.Run]] = true
	}
	for _, name := range protocol.Names() {
		if seen[name] {
			s.protocols = append(s.protocols, name)
		}
	}
	return s
}

// Plot implements plot.Plotter: whole checkpoints last, on top.
func (s *scatter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, whole := range []bool{false, true} {
		for _, point := range s.points {
			if point.whole != whole {
				continue
			}
			radius := markerRadius * 0.45
			if whole {
				radius = markerRadius
			}
			point.style.mark(&c, vg.Point{X: x(point.measured), Y: y(point.predicted)}, radius, false)
		}
	}
}

// diagonal is where predicted equals measured, with bounds beside it.
type diagonal struct{}

// Plot implements plot.Plotter.
func (diagonal) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	low, high := math.Max(p.X.Min, p.Y.Min), math.Min(p.X.Max, p.Y.Max)
	line := func(factor float64, ls draw.LineStyle) {
		from, to := low, high
		if factor > 1 {
			to /= factor
		} else {
			from /= factor
		}
		c.StrokeLine2(ls, x(from), y(from*factor), x(to), y(to*factor))
	}
	line(1, draw.LineStyle{Color: ink, Width: vg.Points(0.8)})
	for _, factor := range []float64{1.1, 1 / 1.1} {
		line(factor, dashed(muted))
	}
	for _, factor := range []float64{2, 0.5} {
		line(factor, dotted(muted))
	}
}
