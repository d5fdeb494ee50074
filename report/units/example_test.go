package units_test

import (
	"fmt"

	"simrun/report/stats"
	"simrun/report/units"
)

func Example() {
	fmt.Println(units.Nanos(1_240_000_000), units.Bytes(3_565_158), units.Count(12_345))
	fmt.Println(units.Value(stats.AtLeast(60e9), units.Nanos))
	// Output:
	// 1.24 s 3.4 MB 12.3k
	// ≥ 60 s
}
