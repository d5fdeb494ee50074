package faults_test

import (
	"fmt"

	"simrun/faults"
	"simrun/faults/plan"
	"simrun/sim"
)

func Example() {
	p, _ := plan.ParsePlan("crash task-manager-1 at 12 s restart-after 1 s")
	k := sim.New(sim.Options{})
	sick := &patient{now: k.NowNanos}
	in, err := faults.Inject(p, k, sick)
	k.RunUntil(60 * second)
	fmt.Println(sick.log[0])
	fmt.Println(sick.log[1])
	fmt.Println(in.Fired(), err)
	// Output:
	// apply crash task-manager-1 at 12s
	// revert crash task-manager-1 at 13s
	// 1 <nil>
}
