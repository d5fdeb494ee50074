package trial_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/trial"
)

// A scenario of the library becomes a case, and the case a run under watch.
func Example() {
	text, err := library.Read("colour-count")
	if err != nil {
		panic(err)
	}
	scenario, err := config.Load("colour-count", text, config.NoFiles{})
	if err != nil {
		panic(err)
	}
	built, err := scenario.Build()
	if err != nil {
		panic(err)
	}
	outcome, err := trial.New().Run(&trial.Case{
		Scenario: "colour-count", Options: built.Options,
		Run:    runtime.RunOptions{LimitNanos: 60e9, SettleNanos: 5e9},
		Expect: trial.Expectation{Contract: protocol.ContractExactlyOnce},
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(outcome.Verdict, outcome.JobState, outcome.Records, "records,", len(outcome.Violations), "violations")
	// Output:
	// ok FINISHED 20000 records, 0 violations
}
