package page

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/stats"
	"simrun/report/units"
)

// rowView is one cell of the grid as a table row.
type rowView struct {
	First    bool // of its slowdown
	Span     int
	Slowdown string
	Protocol string
	Vacuous  bool
	Values   []valueView
}

// valueView is a median and, smaller, its interval or parts.
type valueView struct{ Main, Detail string }

type noteView struct{ Where, What string }

type protocolView struct{ Name, Meaning string }

// protocolViews say what each protocol does, in a line.
func protocolViews(names []protocol.Name) (views []protocolView) {
	meanings := []protocolView{
		{string(protocol.None), "takes no checkpoints"},
		{string(protocol.Aligned), "blocks each channel behind its barrier until all barriers are there"},
		{string(protocol.AtLeastOnce), "counts barriers and blocks nothing; duplicates after recovery"},
		{string(protocol.ChandyLamport), "snapshots at the first barrier, records what arrives before the " +
			"others"},
		{string(protocol.HybridIn), "aligned at first; after a timeout barriers in input buffers overtake " +
			"(Flink to 1.15)"},
		{string(protocol.HybridOut), "aligned at first; after a timeout barriers overtake, in output " +
			"buffers too (Flink from 1.16)"},
		{string(protocol.Unaligned), "barriers overtake all data, which is stored with the checkpoint"},
	}
	for _, name := range names {
		view := protocolView{Name: string(name)}
		for _, m := range meanings {
			if m.Name == view.Name {
				view = m
			}
		}
		views = append(views, view)
	}
	return views
}

func headings(s *cells.Summary) []string {
	h := []string{"Duration", "Closed form"}
	if hasBaseline(s) {
		h = append(h, "Aligned ÷ own")
	}
	return append(h, "Failed or expired", "Skipped", "Start delay", "Alignment", "Checkpointed", "Persisted",
		"Records/s", "Latency p99", "Recovery")
}

func hasBaseline(s *cells.Summary) bool {
	all := s.Cells()
	return len(all) > 0 && s.Baseline(&all[0]) != nil
}

// rows are the workload's cells, by slowdown and then protocol.
func rows(s *cells.Summary, workload int) (views []rowView) {
	for l, slowdown := range s.Comparison.Slowdowns {
		for p, name := range s.Comparison.Protocols {
			c := s.Cell(workload, l, p)
			views = append(views, rowView{
				First: p == 0, Span: len(s.Comparison.Protocols), Slowdown: slowdown + "x",
				Protocol: string(name), Vacuous: c.Vacuous, Values: values(s, c),
			})
		}
	}
	return views
}

func values(s *cells.Summary, c *cells.Cell) []valueView {
	v := []valueView{metric(c, cells.Duration), {Main: median(c.Theory, units.Nanos)}}
	switch base := s.Baseline(c); base {
	case nil:
	case c:
		v = append(v, valueView{})
	default:
		v = append(v, estimateView(c.Ratio(cells.Duration, base), units.Times))
	}
	failed := valueView{Main: "–"}
	if c.Measured > 0 {
		failed = valueView{units.Percent(c.FailedShare()), fmt.Sprintf("%d of %d", c.Failed, c.Measured)}
	}
	v = append(v, failed, valueView{Main: fmt.Sprint(c.Skipped)})
	for m := cells.StartDelay; m < cells.RecoveryTime; m++ {
		v = append(v, metric(c, m))
	}
	return append(v, recovery(c))
}

func metric(c *cells.Cell, m cells.Metric) valueView { return estimateView(c.Estimates[m], m.Format) }

func estimateView(e stats.Estimate, format units.Format) valueView {
	v := valueView{Main: median(e, format)}
	if e.N > 1 && !e.Median.IsUnknown() {
		v.Detail = units.Value(e.Low, format) + " … " + units.Value(e.High, format)
	}
	return v
}

func median(e stats.Estimate, format units.Format) string {
	if e.N == 0 {
		return "–"
	}
	return units.Value(e.Median, format)
}

// recovery shows the median and the parts of the run nearest to it.
func recovery(c *cells.Cell) valueView {
	v := valueView{Main: median(c.Estimates[cells.RecoveryTime], units.Nanos)}
	if r := c.Recovery; r != nil {
		var parts []string
		for _, nanos := range []int64{r.RestartNanos, r.RestoreNanos, r.ReplayNanos, r.CatchUpNanos} {
			parts = append(parts, units.Nanos(float64(nanos)))
		}
		v.Detail = strings.Join(parts, " + ")
	}
	return v
}

// notes are those of the workload's cells that have any.
func notes(s *cells.Summary, workload int) (views []noteView) {
	for l := range s.Comparison.Slowdowns {
		for p := range s.Comparison.Protocols {
			if c := s.Cell(workload, l, p); len(c.Notes) > 0 {
				views = append(views, noteView{cellName(c), strings.Join(c.Notes, "; ")})
			}
		}
	}
	return views
}

func cellName(c *cells.Cell) string { return string(c.Protocol) + " at " + c.Slowdown + "x" }

// intervalWords say what an interval over n seeds is.
func intervalWords(n int) string {
	low, high, coverage := stats.IntervalRanks(max(n, 1))
	switch {
	case n <= 1:
		return "With one seed there is no interval."
	case coverage >= 0.95:
		return fmt.Sprintf("Intervals reach from the %d. to the %d. of the %d seeds' values in order, which "+
			"holds the true median with a probability of %s whatever the distribution.",
			low, high, n, percent(coverage))
	}
	return fmt.Sprintf("Intervals reach from the smallest to the largest of the %d seeds' values, which "+
		"holds the true median with a probability of %s whatever the distribution; for 95 %% it "+
		"takes six seeds.", n, percent(coverage))
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
