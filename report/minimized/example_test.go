package minimized_test

import (
	"fmt"
	"os"

	"simrun/report/minimized"
	"simrun/scenarios/result"
)

// lostRecord is a case of three faults that one of them was enough for.
var lostRecord = result.Minimization{
	Before: result.Size{Faults: 3, Vertices: 3, Tasks: 6, Widest: 2, Settings: 14, Records: 6000, Checkpoints: 6,
		Events: 1200, VirtualNanos: 24_150e6},
	After: result.Size{Faults: 1, Vertices: 2, Tasks: 2, Widest: 1, Settings: 7, Records: 50, Checkpoints: 1,
		Events: 98, VirtualNanos: 6e9},
	Dropped: []string{"operator counts"}, Runs: 73, Complete: true,
	Verdict: result.Violation, Class: "lost", Signature: "lost/cut/topic",
	Plan: []string{"crash task-manager-0 at 1 s"}, Brief: "name: counts\njob:\n  protocol: aligned\n",
}

func Example() {
	o := minimized.Options{
		CaseFile: "case-min.yaml", Explanation: "simrun explain case-min.yaml",
		Command: "simrun replay case-min.yaml", BudgetRuns: 1000,
	}
	if err := minimized.Text(os.Stdout, &lostRecord, o); err != nil {
		fmt.Println(err)
	}
	// Output:
	// failure    violation, lost/cut/topic
	// runs       73: nothing more can be left out
	//
	// size of        before  after
	// faults              3      1
	// vertices            3      2
	// tasks               6      2
	// widest vertex       2      1
	// settings           14      7
	// records          6000     50
	// checkpoints         6      1
	// events           1200     98
	// virtual time   24.1 s    6 s
	//
	// Faults
	//   crash task-manager-0 at 1 s
	//
	// Scenario, as far as it is not at its defaults
	//   name: counts
	//   job:
	//     protocol: aligned
	//
	// case       case-min.yaml
	// explain:   simrun explain case-min.yaml
	// reproduce: simrun replay case-min.yaml
}

// The object of `simrun minimize --json`.
func ExampleJSON() {
	o := minimized.Options{CaseFile: "case-min.yaml"}
	if err := minimized.JSON(os.Stdout, &lostRecord, o); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"case_file":"case-min.yaml","verdict":"violation","class":"lost","signature":"lost/cut/topic","runs":73,"complete":true,"before":{"faults":3,"vertices":3,"tasks":6,"widest":2,"settings":14,"records":6000,"checkpoints":6,"events":1200,"virtual_nanos":24150000000},"after":{"faults":1,"vertices":2,"tasks":2,"widest":1,"settings":7,"records":50,"checkpoints":1,"events":98,"virtual_nanos":6000000000},"plan":["crash task-manager-0 at 1 s"],"dropped":["operator counts"]}
}
