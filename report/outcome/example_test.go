package outcome_test

import (
	"fmt"
	"os"

	"simrun/protocol"
	"simrun/report/outcome"
	"simrun/scenarios/result"
)

func Example() {
	run := &result.Outcome{
		Scenario: "slow-database", Protocol: protocol.Aligned, Seed: 1, Digest: 0x1f, Verdict: result.OK,
		JobState: protocol.JobFinished, Events: 9000, Records: 500,
		VirtualNanos: 35_000_000_000, JobNanos: 30_000_000_000,
		Reached: []string{"alignment-blocked"},
	}
	if err := outcome.Text(os.Stdout, run, outcome.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// run          slow-database, protocol aligned, seed 1
	// verdict      ok
	// job          FINISHED after 30 s of virtual time
	// digest       000000000000001f
	// input        500 records, 9000 events
	// checkpoints  0 completed, 0 failed (0 expired)
	//
	// reached  alignment-blocked
}
