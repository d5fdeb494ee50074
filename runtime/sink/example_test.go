package sink_test

import (
	"fmt"

	"simrun/runtime/sink"
	"simrun/sim"
)

// A database takes a millisecond a record, and five times that from 4 s to 9 s.
func Example() {
	service := sink.Service{
		Base:    sim.Constant(1_000_000),
		Profile: []sink.Phase{{FromNanos: 4e9, ToNanos: 9e9, Factor: sim.Ratio{Num: 5, Den: 1}}},
	}
	for _, second := range []int64{3, 4, 9} {
		fmt.Println(second, "s:", service.TakesNanos(0, second*1e9)/1000, "us")
	}
	next, _ := service.NextChange(5e9)
	fmt.Println("next change:", next/1e9, "s")
	// Output:
	// 3 s: 1000 us
	// 4 s: 5000 us
	// 9 s: 1000 us
	// next change: 9 s
}
