package protocoltest_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/protocol/protocoltest"
)

// A test of a protocol is one line: protocoltest.Run(t, newMachine, spec).
func ExampleCheck() {
	newMachine := func(shape protocol.TaskShape) protocol.Machine {
		return protocol.NewMachine(protocol.Unaligned, shape)
	}
	failures := protocoltest.Check(newMachine, protocoltest.Spec{Protocol: protocol.Unaligned, Runs: 20})
	fmt.Println(len(failures), "failures")

	// At-least-once keeps its own contract, and not the stronger one.
	newTracker := func(shape protocol.TaskShape) protocol.Machine {
		return protocol.NewMachine(protocol.AtLeastOnce, shape)
	}
	for _, failure := range protocoltest.Check(newTracker, protocoltest.Spec{
		Protocol: protocol.AtLeastOnce, Strict: true, Contract: protocol.ContractExactlyOnce, Runs: 20,
	}) {
		fmt.Println(failure.Class)
	}
	// Output:
	// 0 failures
	// orphan
}
