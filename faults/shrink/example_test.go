package shrink_test

import (
	"fmt"

	"simrun/faults/plan"
	"simrun/faults/shrink"
	"simrun/protocol"
)

// Of four faults one matters: a crash, at two seconds or later.
func Example() {
	p, err := plan.ParsePlan("slow db factor 7 from 1 s to 9 s\n" +
		"crash task-manager-1 at 3483 ms restart-after 730 ms\n" +
		"partition node-0 node-1 from 4 s to 5 s\n" +
		"fail storage from 6 s to 7 s")
	if err != nil {
		fmt.Println(err)
		return
	}
	fails := func(p plan.Plan) bool {
		for i := range p {
			if p[i].Kind == protocol.FaultCrash && p[i].AtNanos >= 2e9 {
				return true
			}
		}
		return false
	}
	small, calls := shrink.Plan(p, fails)
	fmt.Println(small)
	fmt.Println("calls:", calls)
	// Output:
	// crash task-manager-0 at 2 s
	// calls: 17
}
