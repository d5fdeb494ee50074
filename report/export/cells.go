package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"simrun/report/cells"
	"simrun/report/stats"
	"simrun/scenarios/result"
)

// CellsCSV writes a line for each cell: every metric as median, low and high; what is only
// a lower bound has 1 in its _at_least column. The ratio columns are aligned over own,
// paired by seed.
func CellsCSV(w io.Writer, s *cells.Summary) error {
	out := csv.NewWriter(w)
	if err := out.Write(cellColumns()); err != nil {
		return err
	}
	all := s.Cells()
	for i := range all {
		if err := out.Write(cellFields(s, &all[i])); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cellColumns() []string {
	columns := []string{"protocol", "workload", "slowdown", "seeds", "interval_coverage", "vacuous",
		"measured", "failed", "expired", "failed_share", "skipped", "censored"}
	for m := range cells.MetricCount {
		for _, part := range []string{"_median", "_low", "_high", "_at_least"} {
			columns = append(columns, m.Key()+part)
		}
	}
	return append(columns, "theory_duration_nanos", "theory_bound_nanos", "theory_persisted_bytes",
		"aligned_over_own_median", "aligned_over_own_low", "aligned_over_own_high",
		"minus_aligned_nanos_median", "minus_aligned_nanos_low", "minus_aligned_nanos_high",
		"recoveries", "recoveries_unfinished", "notes")
}

func cellFields(s *cells.Summary, c *cells.Cell) []string {
	_, _, coverage := stats.IntervalRanks(max(c.Seeds(), 1))
	fields := []string{
		string(c.Protocol), c.Workload, c.Slowdown, strconv.Itoa(c.Seeds()), decimal(coverage),
		flag(c.Vacuous),
		strconv.Itoa(c.Measured), strconv.Itoa(c.Failed), strconv.Itoa(c.Expired), decimal(c.FailedShare()),
		number(c.Skipped), strconv.Itoa(c.CensoredSeeds),
	}
	for m := range cells.MetricCount {
		fields = append(fields, estimateFields(c.Estimates[m])...)
	}
	for _, e := range []stats.Estimate{c.Theory, c.Bound, c.TheoryPersisted} {
		fields = append(fields, estimateFields(e)[0])
	}
	fields = append(fields, againstAligned(s, c)...)
	return append(fields, strconv.Itoa(c.Recoveries), strconv.Itoa(c.Unfinished), strings.Join(c.Notes, "; "))
}

func estimateFields(e stats.Estimate) []string {
	i := newInterval(e)
	if i == nil {
		return []string{"", "", "", ""}
	}
	return []string{number(i.Median), number(i.Low), number(i.High), flag(!e.Median.IsExact())}
}

// againstAligned are ratio and difference, as far as they are known: an end without a bound
// is empty.
func againstAligned(s *cells.Summary, c *cells.Cell) []string {
	base := s.Baseline(c)
	if base == nil {
		return make([]string, 6)
	}
	var fields []string
	ratio, difference := c.Ratio(cells.Duration, base), c.Difference(cells.Duration, base)
	for _, e := range []stats.Estimate{ratio, difference} {
		for _, v := range []stats.Value{e.Median, e.Low, e.High} {
			fields = append(fields, exact(e.N, v))
		}
	}
	return fields
}

// exact is the value if it is known as such.
func exact(n int, v stats.Value) string {
	if n == 0 || !v.IsExact() || math.IsInf(v.Low, 0) {
		return ""
	}
	return decimal(v.Low)
}

// RecoveriesCSV writes every recovery, in the order of the comparison's runs.
func RecoveriesCSV(w io.Writer, c *result.Comparison) error {
	out := csv.NewWriter(w)
	columns := append(runColumns(), "failure_nanos", "checkpoint", "detect_nanos", "restart_nanos",
		"restore_nanos", "replay_nanos", "catch_up_nanos", "total_nanos", "complete")
	if err := out.Write(columns); err != nil {
		return err
	}
	for i := range c.Runs {
		r := c.Runs[i].Recovery
		if r == nil {
			continue
		}
		fields := append(runFields(&c.Runs[i]), number(r.FailureNanos), number(int64(r.Checkpoint)),
			number(r.DetectNanos), number(r.RestartNanos), number(r.RestoreNanos), number(r.ReplayNanos),
			number(r.CatchUpNanos), number(r.TotalNanos()), flag(r.Complete))
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func flag(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// decimal writes a number with at most six decimals and no exponent.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
