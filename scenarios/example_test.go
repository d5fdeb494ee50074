package scenarios_test

import (
	"fmt"

	"simrun/scenarios"
)

// Load a scenario of the library, change one leaf of it, and run it.
func Example() {
	scenario, err := scenarios.Load("colour-count", "job.protocol=unaligned")
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := scenario.Run(7)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcome.Scenario, outcome.Protocol, outcome.Verdict, outcome.JobState)
	fmt.Println(outcome.Records, "records")
	// Output:
	// colour-count unaligned ok FINISHED
	// 20000 records
}
