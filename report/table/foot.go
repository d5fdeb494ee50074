package table

import (
	"fmt"
	"strings"

	"simrun/report/cells"
	"simrun/report/stats"
)

// foot explains the columns and says what the tables must not hide.
func foot(s *cells.Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Medians over %s.\n", seedWords(len(s.Comparison.Seeds)))
	b.WriteString("time: checkpoint duration. fail: share of checkpoints that failed or expired, which " +
		"count as at least\n")
	b.WriteString("the timeout. delay, align: start delay and alignment of the slowest subtask.\n")
	b.WriteString("ckpted: uploaded per checkpoint; persist: in-flight data in it. p99: latency from " +
		"source to sink.\n")
	b.WriteString("recovery = restart + restore + replay + catch-up, in seconds, of the run with the " +
		"median total.\n")
	if skipped := skippedTriggers(s); skipped > 0 {
		fmt.Fprintf(&b, "Triggers skipped as the previous checkpoint still ran: %d (by cell: cells.csv).\n",
			skipped)
	}
	for _, c := range s.Vacuous() {
		fmt.Fprintf(&b, "! vacuous: %s, %sx, %s: %s\n",
			c.Workload, c.Slowdown, c.Protocol, strings.Join(c.Notes, "; "))
	}
	b.WriteString(verdicts(s))
	if s.Comparison.Command != "" {
		fmt.Fprintf(&b, "Reproduce: %s\n", s.Comparison.Command)
	}
	return b.String()
}

// verdicts says of which runs something is wrong that is no matter of statistics.
func verdicts(s *cells.Summary) string {
	var b strings.Builder
	all := s.Cells()
	for i := range all {
		c := &all[i]
		for _, note := range c.Notes {
			if !c.Vacuous && strings.HasPrefix(note, "verdict ") {
				fmt.Fprintf(&b, "! %s: %s, %sx, %s\n", note, c.Workload, c.Slowdown, c.Protocol)
			}
		}
	}
	return b.String()
}

func seedWords(n int) string {
	_, _, coverage := stats.IntervalRanks(max(n, 1))
	switch {
	case n <= 1:
		return "one seed, no interval"
	case coverage >= 0.95:
		return fmt.Sprintf("%d seeds with 95 %% interval", n)
	}
	return fmt.Sprintf("%d seeds, from smallest to largest (a %.0f %% interval)", n, 100*coverage)
}

func skippedTriggers(s *cells.Summary) (n int64) {
	for _, c := range s.Cells() {
		n += c.Skipped
	}
	return n
}
