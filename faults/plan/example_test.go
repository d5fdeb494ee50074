package plan_test

import (
	"fmt"

	"simrun/faults/plan"
)

func Example() {
	p, err := plan.ParsePlan("crash task-manager-1 at 12s\nslow db from 4 s to 9 s factor 5")
	fmt.Println(p, err)

	_, err = plan.Parse("crash task-manager-1 at 12 s restart-afer 1 s")
	fmt.Println(err)
	// Output:
	// crash task-manager-1 at 12 s
	// slow db factor 5 from 4 s to 9 s <nil>
	// "restart-afer" is no field of crash; expected one of restart-after, at, step, ordinal; did you mean "restart-after"?
}
