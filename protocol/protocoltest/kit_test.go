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
