package units_test

import (
	"fmt"

	"simrun/scenarios/config/units"
)

// Quantities are read and written exactly.
func Example() {
	nanos, _ := units.ParseDuration("10 min")
	bytes, _ := units.ParseSize("32 kb")
	numerator, denominator, _ := units.ParseDecimal("0.30")
	fmt.Println(nanos, bytes, numerator, denominator)
	fmt.Println(units.FormatDuration(1_500_000_000), units.FormatSize(1<<30), units.FormatDecimal(3, 10))
	_, err := units.ParseDuration("5")
	fmt.Println(err)
	// Output:
	// 600000000000 32768 3 10
	// 1500 ms 1 gb 0.3
	// "5" has no unit (Flink reads it as 5 ms)
}
