package plan_test

import (
	"fmt"

	"simrun/faults/plan"
)

func Example() {
	p, err := plan.ParsePlan("crash task-manager-1 at 12s\nslow db from 4 s to 9 s factor 5")
	fmt.Println(p, err)

	_, err = plan.Parse("pause node-1 from 4 s")
	fmt.Println(err)
	// Output:
	// crash task-manager-1 at 12 s
	// slow db factor 5 from 4 s to 9 s <nil>
	// "to" is missing in pause; expected when the pause ends
}
