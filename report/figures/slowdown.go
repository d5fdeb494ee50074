package figures

import (
	"math"
	"math/big"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/report/cells"
	"simrun/report/stats"
)

const slowdownLabel = "Slowdown: offered rate × service time ÷ sink parallelism"

// sweep is a figure of one metric against slowdown, as it is being made.
type sweep struct {
	summary  *cells.Summary
	workload int
	xs       []float64
	quantity quantity
	series   []*series
	curves   []*curve
	rows     shareRows
	levels   []level
	legend   []entry
}

func newSweep(s *cells.Summary, workload int, q quantity) *sweep {
	return &sweep{summary: s, workload: workload, quantity: q, xs: positions(s.Comparison.Slowdowns)}
}

// estimator takes from a cell what a figure shows; N is 0 where there is nothing.
type estimator func(*cells.Cell) stats.Estimate

func estimateOf(m cells.Metric) estimator {
	return func(c *cells.Cell) stats.Estimate { return c.Estimates[m] }
}

// dodge moves the p-th of n protocols aside, the same way in all figures.
func dodge(p, n int) vg.Length { return vg.Points(4) * vg.Length(float64(p)-float64(n-1)/2) }

// add draws what of takes for each protocol that has anything.
func (w *sweep) add(of estimator) *sweep {
	names := w.summary.Comparison.Protocols
	for p, name := range names {
		one := &series{style: styleOf(name), dodge: dodge(p, len(names))}
		for l, x := range w.xs {
			e := of(w.summary.Cell(w.workload, l, p))
			if e.N > 0 && !e.Median.IsUnknown() {
				one.points = append(one.points, point{x, e})
			}
		}
		if len(one.points) > 0 {
			w.series = append(w.series, one)
			w.legend = append(w.legend, protocolEntry(name))
		}
	}
	w.addLowerBoundEntry()
	return w
}

// addCurves draws a closed form for each protocol for which it says anything.
func (w *sweep) addCurves(text string, of estimator, line func(style) draw.LineStyle) *sweep {
	before := len(w.curves)
	for p, name := range w.summary.Comparison.Protocols {
		k := &curve{line: line(styleOf(name)), xs: w.xs, dodge: dodge(p, len(w.summary.Comparison.Protocols))}
		known := 0
		for l := range w.xs {
			y := math.NaN()
			if e := of(w.summary.Cell(w.workload, l, p)); e.N > 0 {
				y = e.Median.Low
				known++
			}
			k.ys = append(k.ys, y)
		}
		if known > 0 {
			w.curves = append(w.curves, k)
		}
	}
	if len(w.curves) > before {
		w.legend = append(w.legend, lineEntry(text, line(style{colour: ink})))
	}
	return w
}

// addShares writes the share of failed checkpoints above the data, where there are any.
func (w *sweep) addShares() *sweep {
	for p, name := range w.summary.Comparison.Protocols {
		row := shareRow{style: styleOf(name)}
		for l, x := range w.xs {
			if c := w.summary.Cell(w.workload, l, p); c.Failed > 0 {
				row.xs = append(row.xs, x)
				row.texts = append(row.texts, percent(c.FailedShare()))
			}
		}
		if len(row.xs) > 0 {
			w.rows.rows = append(w.rows.rows, row)
		}
	}
	if len(w.rows.rows) > 0 {
		w.legend = append(w.legend, textEntry("failed or expired", "00 %"))
	}
	return w
}

// addTimeout draws the checkpoint timeout if the data comes near it.
func (w *sweep) addTimeout() *sweep {
	timeout := float64(w.summary.Comparison.TimeoutNanos)
	_, high, _ := positiveRange(w.values())
	if timeout > 0 && high >= timeout/20 {
		w.addLevel(timeout, "timeout "+tickNanos(timeout))
	}
	return w
}

// addLevel draws a horizontal line and says in the legend what it is.
func (w *sweep) addLevel(y float64, text string) {
	w.levels = append(w.levels, level{y})
	w.legend = append(w.legend, lineEntry(text, levelLine()))
}

// addLowerBoundEntry explains hollow markers, if there are any.
func (w *sweep) addLowerBoundEntry() {
	if w.cutOff() {
		w.legend = append(w.legend, lowerBoundEntry())
	}
}

// cutOff reports whether any point is a lower bound.
func (w *sweep) cutOff() bool {
	for _, s := range w.series {
		for _, pt := range s.points {
			if !pt.estimate.Median.IsExact() {
				return true
			}
		}
	}
	return false
}

// values are all that the vertical axis must hold.
func (w *sweep) values() (values []float64) {
	for _, s := range w.series {
		for _, pt := range s.points {
			values = append(values, pt.values()...)
		}
	}
	for _, k := range w.curves {
		for _, y := range k.ys {
			if !math.IsNaN(y) {
				values = append(values, y)
			}
		}
	}
	for _, l := range w.levels {
		values = append(values, l.y)
	}
	return values
}

// logPlot is the finished plot, both axes logarithmic.
func (w *sweep) logPlot() *plot.Plot {
	p := newPlot()
	head := w.rows.headroom()
	if head == 0 && w.cutOff() {
		head = arrowHeadroom
	}
	floor := logAxis(&p.Y, w.values(), head, w.quantity)
	for _, s := range w.series {
		s.floor = floor
	}
	for _, k := range w.curves {
		k.floor = floor
	}
	w.finish(p)
	return p
}

// linearPlot is the finished plot with a linear vertical axis up to largest.
func (w *sweep) linearPlot(largest float64) *plot.Plot {
	p := newPlot()
	linearAxis(&p.Y, largest, 0, w.quantity)
	w.finish(p)
	return p
}

// finish sets the horizontal axis and adds everything in drawing order.
func (w *sweep) finish(p *plot.Plot) {
	p.X.Scale = plot.LogScale{}
	p.X.Min, p.X.Max = w.xs[0]/1.45, w.xs[len(w.xs)-1]*1.45
	p.X.Tick.Marker = slowdownTicks(w.summary.Comparison.Slowdowns, w.xs)
	p.Add(horizontalGrid{})
	for _, l := range w.levels {
		p.Add(l)
	}
	for _, s := range w.series {
		p.Add(medianLine{s})
	}
	for _, k := range w.curves {
		p.Add(k)
	}
	for _, s := range w.series {
		p.Add(s)
	}
	p.Add(w.rows)
}

func slowdownTicks(labels []string, xs []float64) plot.ConstantTicks {
	ticks := make(plot.ConstantTicks, len(xs))
	for i, x := range xs {
		ticks[i] = plot.Tick{Value: x, Label: labels[i] + "x"}
	}
	return ticks
}

// positions are where slowdowns lie on a logarithmic axis. Zero, no backpressure at all, is
// set apart to the left; what is no number at all takes its place in the list.
func positions(slowdowns []string) []float64 {
	xs := make([]float64, len(slowdowns))
	smallest := math.Inf(1)
	for i, text := range slowdowns {
		ratio, ok := new(big.Rat).SetString(text)
		if !ok {
			return ordinals(len(slowdowns))
		}
		xs[i], _ = ratio.Float64()
		if xs[i] > 0 {
			smallest = min(smallest, xs[i])
		}
	}
	for i := range xs {
		if xs[i] <= 0 {
			xs[i] = smallest / 3
		}
		if i > 0 && xs[i] <= xs[i-1] || math.IsInf(xs[i], 0) {
			return ordinals(len(slowdowns))
		}
	}
	return xs
}

// ordinals are evenly spread on a logarithmic axis.
func ordinals(n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = math.Pow(2, float64(i))
	}
	return xs
}
