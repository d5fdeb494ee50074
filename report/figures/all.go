package figures

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/stats"
	"simrun/report/units"
)

var (
	timeQuantity  = quantity{tickNanos, 1000}
	byteQuantity  = quantity{tickBytes, 1024}
	countQuantity = quantity{number, 1000}
	ratioQuantity = quantity{func(x float64) string { return number(x) + "x" }, 1000}
	shareQuantity = quantity{percent, 1000}
)

func tickBytes(x float64) string { return units.Bytes(x) }

// All are the figures of one workload, in the order of a report: what the comparison is
// about first, its causes and prices after.
func All(s *cells.Summary, workload int) []*Figure {
	all := []*Figure{
		Duration(s, workload), SpeedUp(s, workload), FailedShare(s, workload),
		StartDelay(s, workload), Alignment(s, workload),
		Persisted(s, workload), Checkpointed(s, workload),
		Throughput(s, workload), Latency(s, workload),
		Recovery(s, workload), RecoveryParts(s, workload),
		Course(s, workload), Age(s, workload),
	}
	var drawn []*Figure
	for _, f := range all {
		if f != nil {
			drawn = append(drawn, f)
		}
	}
	return drawn
}

// subtitle says of what a figure is, and what its bars are.
func subtitle(s *cells.Summary, workload int) string {
	n := len(s.Comparison.Seeds)
	_, _, coverage := stats.IntervalRanks(max(n, 1))
	name := s.Comparison.Workloads[workload]
	switch {
	case n <= 1:
		return name + " · one seed, no interval"
	case coverage >= 0.95:
		return fmt.Sprintf("%s · median over %d seeds with 95 %% interval", name, n)
	}
	return fmt.Sprintf("%s · median over %d seeds, bars from smallest to largest (a %s interval)",
		name, n, units.Percent(coverage))
}

// figureOf puts a finished sweep into a figure.
func (w *sweep) figureOf(name, title, yLabel string) *Figure {
	return &Figure{
		Name:  fileName(w.summary, w.workload, name),
		Title: title, Subtitle: subtitle(w.summary, w.workload), legend: w.legend,
		XLabel: slowdownLabel, YLabel: yLabel,
	}
}

// fileName has nothing in it that a file system or a link could take amiss.
func fileName(s *cells.Summary, workload int, name string) string {
	return Slug(s.Comparison.Workloads[workload]) + "-" + name
}

// Slug is a name as part of file names and links: letters, digits, dots, dashes and
// underscores; anything else is a dash.
func Slug(name string) string {
	return strings.Map(func(r rune) rune {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if letter || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
}

// Duration is what the comparison is about: checkpoint duration against slowdown, with the
// closed forms through the points. Nil if nothing was measured, like all of these.
func Duration(s *cells.Summary, workload int) *Figure {
	w := newSweep(s, workload, timeQuantity).add(estimateOf(cells.Duration))
	w.addCurves("closed form", func(c *cells.Cell) stats.Estimate { return c.Theory },
		func(s style) draw.LineStyle { return dashed(s.colour) })
	w.addCurves("bound from buffer counts", alignedBound,
		func(s style) draw.LineStyle { return dotted(s.colour) })
	w.addTimeout().addShares()
	if len(w.series) == 0 {
		return nil
	}
	f := w.figureOf("duration", "Checkpoint duration against slowdown", "End-to-end duration")
	f.Plot = w.logPlot()
	f.Caption = durationCaption(s, workload)
	f.Reading = "Points are medians over seeds; the pale line joins them. A hollow point with an arrow is " +
		"a lower bound: at least half of the checkpoints behind it were cut off by the timeout."
	f.Formula = "Dashed: aligned T = trigger + Σ latency + max over sinks of the service time of what was " +
		"in flight for it + sync + store; unaligned T ≤ trigger + Σ (latency + record in service) + sync + " +
		"L₀ + (V + S)/B; hybrid-out the same after its timeout τ with V(τ) = V (1 − τ/T). Dotted: the " +
		"aligned form with every buffer full."
	return f
}

// alignedBound is drawn for aligned alone: the others' bounds say nothing new.
func alignedBound(c *cells.Cell) stats.Estimate {
	if c.Protocol != protocol.Aligned {
		return stats.Estimate{}
	}
	return c.Bound
}

// metricFigure is a metric against slowdown without anything else.
func metricFigure(
	s *cells.Summary, workload int, m cells.Metric, q quantity, name, title, yLabel string,
) *Figure {
	w := newSweep(s, workload, q).add(estimateOf(m))
	if len(w.series) == 0 {
		return nil
	}
	f := w.figureOf(name, title, yLabel)
	f.Plot = w.logPlot()
	return f
}
