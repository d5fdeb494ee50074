package tally_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// Two halves of a campaign are added up, in any order.
func Example() {
	wants := tally.Expectation{Bounded: true}
	run := func(seed uint64, violations ...result.Finding) *result.Outcome {
		return &result.Outcome{
			Scenario: "recover-pause", Seed: seed, JobState: protocol.JobFinished, VirtualNanos: 10e9,
			Marks:      protocol.MarkSetOf(protocol.MarkCheckpointCompleted),
			Violations: violations,
		}
	}
	var one, other tally.Tally
	one.Add(wants, run(1))
	other.Add(wants, run(2, result.Finding{Class: "lost", Checker: "cut", Signature: "lost/cut/counts"}))
	other.Plus(&one)
	fmt.Println(other.Seeds, "seeds,", other.Failing(), "failing")
	for _, signature := range other.Findings.Signatures() {
		fmt.Println(signature, "first at seed", other.Findings[signature].Smallest[0].Seed)
	}
	// Output:
	// 2 seeds, 1 failing
	// lost/cut/counts first at seed 2
}
