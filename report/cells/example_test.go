package cells_test

import (
	"fmt"

	"simrun/report/cells"
	"simrun/report/internal/synthetic"
	"simrun/report/units"
)

func Example() {
	s := cells.Summarize(synthetic.Comparison(synthetic.Small()))
	const flights, slowdown50 = 0, 2
	for p, name := range s.Comparison.Protocols {
		c := s.Cell(flights, slowdown50, p)
		duration := units.Value(c.Estimates[cells.Duration].Median, units.Nanos)
		fmt.Println(name, duration, units.Percent(c.FailedShare()))
	}
	// Output:
	// aligned ≥ 60 s 57 %
	// unaligned 55.8 ms 0 %
}
