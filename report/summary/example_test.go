package summary_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/report/summary"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// Two seeds of a campaign, as its line on the terminal shows them.
func Example() {
	var sum tally.Tally
	for seed := range uint64(2) {
		sum.Add(tally.Expectation{Bounded: true}, &result.Outcome{
			Scenario: "recover-pause", Seed: seed, JobState: protocol.JobFinished, VirtualNanos: 10e9,
			Marks:   protocol.MarkSetOf(protocol.MarkCheckpointCompleted),
			Reached: []string{"checkpoint-completed"},
			Faults:  []result.Fault{{Kind: protocol.FaultPause, Fired: true}},
		})
	}
	fmt.Println(sum.Verdict(), sum.Faults.Total(), "faults,", summary.Line(&sum, &summary.Clock{})[:26])
	// Output: ok 2 faults, 2 seeds, 0/s: no violation
}
