package table

import (
	"fmt"
	"io"
	"strings"

	"simrun/report/cells"
	"simrun/report/columns"
	"simrun/report/stats"
	"simrun/report/units"
)

// Comparison writes a table for each workload, then what a reader must know of vacuous
// cells, what intervals mean, and how to do it all again.
func Comparison(w io.Writer, s *cells.Summary) error {
	for i, name := range s.Comparison.Workloads {
		if _, err := fmt.Fprintf(w, "%s\n", name); err != nil {
			return err
		}
		if err := columns.Write(w, headings(), rows(s, i)); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, foot(s))
	return err
}

func headings() []columns.Column {
	return []columns.Column{
		{Title: "slow"}, {Title: "protocol"}, {Title: "time", Right: true}, {Title: "low..high"},
		{Title: "fail", Right: true}, {Title: "delay", Right: true}, {Title: "align", Right: true},
		{Title: "ckpted", Right: true}, {Title: "persist", Right: true}, {Title: "rec/s", Right: true},
		{Title: "p99", Right: true}, {Title: "recovery"},
	}
}

// rows name a slowdown in its first row only.
func rows(s *cells.Summary, workload int) (all [][]string) {
	for l, slowdown := range s.Comparison.Slowdowns {
		label := slowdown + "x"
		for p := range s.Comparison.Protocols {
			all = append(all, row(label, s.Cell(workload, l, p)))
			label = ""
		}
	}
	return all
}

func row(label string, c *cells.Cell) []string {
	name := string(c.Protocol)
	if c.Vacuous {
		name += " !"
	}
	r := []string{label, name, median(c, cells.Duration), interval(c.Estimates[cells.Duration]), failed(c)}
	for m := cells.StartDelay; m < cells.RecoveryTime; m++ {
		r = append(r, median(c, m))
	}
	return append(r, recovery(c))
}

// median is written without the blank before its unit, to save width.
func median(c *cells.Cell, m cells.Metric) string {
	e := c.Estimates[m]
	if e.N == 0 {
		return "–"
	}
	return compact(e.Median, m.Format)
}

// compact writes the lower bound alone where only bounds are known: there is no room for
// more, and an upper bound that is known besides is in cells.csv.
func compact(v stats.Value, format units.Format) string {
	if !v.IsExact() && v.Low > 0 {
		v = stats.AtLeast(v.Low)
	}
	return tight(units.Value(v, format))
}

func tight(text string) string { return strings.ReplaceAll(text, " ", "") }

// interval is "1.2s..1.3s".
func interval(e stats.Estimate) string {
	if e.N < 2 || e.Median.IsUnknown() {
		return ""
	}
	return compact(e.Low, units.Nanos) + ".." + compact(e.High, units.Nanos)
}

func failed(c *cells.Cell) string {
	if c.Measured == 0 {
		return "–"
	}
	return tight(units.Percent(c.FailedShare()))
}

// recovery is the median and the parts, in seconds, of the run nearest to it.
func recovery(c *cells.Cell) string {
	e, r := c.Estimates[cells.RecoveryTime], c.Recovery
	if e.N == 0 || r == nil {
		return "–"
	}
	var parts []string
	for _, nanos := range []int64{r.RestartNanos, r.RestoreNanos, r.ReplayNanos, r.CatchUpNanos} {
		parts = append(parts, seconds(nanos))
	}
	return compact(e.Median, units.Nanos) + "=" + strings.Join(parts, "+")
}

// seconds has one decimal, and none from ten on; no zero before the point, to save width.
func seconds(nanos int64) string {
	if nanos >= 9_950_000_000 {
		return fmt.Sprintf("%.0f", float64(nanos)/1e9)
	}
	return strings.TrimPrefix(fmt.Sprintf("%.1f", float64(nanos)/1e9), "0")
}
