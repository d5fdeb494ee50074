package protocoltest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

func machineOf(name protocol.Name) func(protocol.TaskShape) protocol.Machine {
	return func(shape protocol.TaskShape) protocol.Machine { return protocol.NewMachine(name, shape) }
}

func TestEveryProtocolConforms(t *testing.T) {
	for _, name := range protocol.Names() {
		t.Run(string(name), func(t *testing.T) {
			Run(t, machineOf(name), Spec{Protocol: name})
		})
	}
}

func TestEveryProtocolConformsWhenEndsOfPartitionsDecline(t *testing.T) {
	for _, name := range protocol.Names() {
		Run(t, machineOf(name), Spec{
			Protocol: name, DeclineAtEndOfPartition: true, Runs: 50, ExhaustiveRuns: 1000,
		})
	}
}

// TestMachinesThatWereResetConform plays all runs of a protocol with one set of machines.
func TestMachinesThatWereResetConform(t *testing.T) {
	for _, name := range protocol.Names() {
		var shapes []protocol.TaskShape
		var machines []protocol.Machine
		reuse := func(shape protocol.TaskShape) protocol.Machine {
			for i := range shapes {
				if shapes[i] == shape {
					machines[i].(protocol.Resetter).Reset()
					return machines[i]
				}
			}
			shapes = append(shapes, shape)
			machines = append(machines, protocol.NewMachine(name, shape))
			return machines[len(machines)-1]
		}
		Run(t, reuse, Spec{Protocol: name, Runs: 100, ExhaustiveRuns: 100})
	}
}

func describe(failures []Failure) string {
	var text []string
	for _, f := range failures {
		text = append(text, f.String()+"\n\t"+strings.Join(f.Story, "\n\t"))
	}
	return strings.Join(text, "\n")
}

func TestAtLeastOnceIsCaughtUnderExactlyOnce(t *testing.T) {
	failures := Check(machineOf(protocol.AtLeastOnce), Spec{
		Protocol: protocol.AtLeastOnce, Strict: true, Contract: protocol.ContractExactlyOnce,
	})
	require.Contains(t, classes(failures), Class("orphan"), describe(failures))
}

func classes(failures []Failure) []Class {
	var all []Class
	for _, f := range failures {
		all = append(all, f.Class)
	}
	return all
}
