package task_test

import (
	"fmt"

	"simrun/runtime/task"
)

// A histogram keeps durations to 1/64 of themselves, in integers.
func Example() {
	var latency task.Histogram
	for millis := range int64(100) {
		latency.Add((millis + 1) * 1e6)
	}
	fmt.Println("records:", latency.Count(), "longest:", latency.Max())
	fmt.Println("half took at most", latency.PermilleNanos(500)/1e6, "ms")
	fmt.Println("99 in 100 at most", latency.PermilleNanos(990)/1e6, "ms")
	// Output:
	// records: 100 longest: 100000000
	// half took at most 50 ms
	// 99 in 100 at most 99 ms
}
