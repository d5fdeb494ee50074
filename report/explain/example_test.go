package explain_test

import (
	"fmt"
	"os"

	"simrun/protocol"
	"simrun/report/explain"
	"simrun/scenarios/result"
	"simrun/sim"
)

func Example() {
	story := &result.Story{
		Scenario: "colour-count", Protocol: protocol.Aligned, Seed: 7, Verdict: result.Violation,
		Finding: result.Finding{
			Class: "committed-early", Checker: "two-phase-commit", AtNanos: 1_500_000,
			Detail: "txn-2-0-1 was committed; no checkpoint from 1 on was complete",
		},
		Recording: result.Recording{
			Actors: []string{"outside", "kafka"}, Sinks: []string{"", "topic"},
			Events: []sim.Event{{
				TimeNanos: 1_500_000, Actor: 1, Ordinal: 1, Kind: uint16(protocol.TransactionCommitted),
				Args: [6]int64{1, int64(protocol.MakeTransactionID(2, 0, 1)), 12},
			}},
		},
		Moments: []result.Moment{{Events: []int{0}, Witness: true}},
	}
	if err := explain.Text(os.Stdout, story, explain.DefaultWidth); err != nil {
		fmt.Println(err)
	}
	// Output:
	// colour-count, protocol aligned, seed 7
	// COMMITTED-EARLY, found by two-phase-commit at 0.001500 s
	// Readers saw output before the checkpoint that holds it was safely complete.
	//   Txn-2-0-1 was committed; no checkpoint from 1 on was complete.
	//
	// What happened (* proves it; < n: because of n)
	//  1 * 0.001500  kafka commits txn-2-0-1 (12 records)
}
