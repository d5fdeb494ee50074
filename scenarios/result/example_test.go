package result_test

import (
	"fmt"

	"simrun/scenarios/result"
)

// A recovery is told in four parts; the time until it was detected is in the first.
func Example() {
	r := result.Recovery{
		DetectNanos: 2e9, RestartNanos: 3e9, RestoreNanos: 1e9, ReplayNanos: 4e9, CatchUpNanos: 2e9, Complete: true,
	}
	fmt.Println(r.TotalNanos()/1e9, "s in all")
	// Output:
	// 10 s in all
}
