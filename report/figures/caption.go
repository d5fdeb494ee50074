package figures

import (
	"fmt"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/units"
)

// durationCaption says what the figure shows at the largest slowdown, in numbers.
func durationCaption(s *cells.Summary, workload int) string {
	last := len(s.Comparison.Slowdowns) - 1
	aligned, fastest, lowest := -1, -1, 0.0
	for p, name := range s.Comparison.Protocols {
		d := s.Cell(workload, last, p).Estimates[cells.Duration]
		switch {
		case d.N == 0:
		case name == protocol.Aligned:
			aligned = p
		case fastest < 0 || d.Median.Low < lowest:
			fastest, lowest = p, d.Median.Low
		}
	}
	if aligned < 0 || fastest < 0 {
		return "Checkpoint duration grows with what a barrier has to wait for."
	}
	a, f := s.Cell(workload, last, aligned), s.Cell(workload, last, fastest)
	return fmt.Sprintf("At %sx an aligned checkpoint takes %s (%s failed or expired), one under %s %s (%s).",
		a.Slowdown, units.Value(a.Estimates[cells.Duration].Median, units.Nanos), percent(a.FailedShare()),
		f.Protocol, units.Value(f.Estimates[cells.Duration].Median, units.Nanos), percent(f.FailedShare()))
}
