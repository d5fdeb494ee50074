package minimize_test

import (
	"context"
	"fmt"

	"simrun/scenarios"
	"simrun/scenarios/minimize"
)

// An at-least-once job is held to exactly-once, while a task manager crashes and a sink is
// slow. The smallest case that shows what is wrong needs neither.
func Example() {
	s, err := scenarios.Load("at-least-once-as-exactly-once", "faults.1={slow: topic, factor: 3, from: 1 s, to: 2 s}")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := s.Run(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	small, report, err := scenarios.Minimize(context.Background(), s.Case(o), minimize.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Before.Faults, "faults, then", report.After.Faults)
	fmt.Println(small.Signature)
	// Output:
	// 2 faults, then 0
	// orphan/cut/fast-to-all
}
