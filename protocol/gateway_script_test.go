package protocol

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// Commands: `gateways subtasks=N` or `splits readers=N splits=N [by-index]`, then `run`
// with one input a line.
//
// Gateways: send subtask=N event=N, confirmed, lost, mark checkpoint=N, close checkpoint=N,
// acked subtask=N checkpoint=N, aborted checkpoint=N, reset-subtask subtask=N, reset.
//
// Splits: registered reader=N, request reader=N, snapshot checkpoint=N, completed
// checkpoint=N, reset-reader reader=N checkpoint=N, restore checkpoint=N, unassigned.
func TestGatewayScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/gateway", func(t *testing.T, path string) {
		var step func(*testing.T, scriptLine) []string
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "gateways":
				subtasks := 0
				d.ScanArgs(t, "subtasks", &subtasks)
				step = gatewayScript(NewEventGateways(subtasks))
				return ""
			case "splits":
				step = splitScript(t, d)
				return ""
			}
			return scriptLines(t, d.Input, step)
		})
	})
}

var gatewayInputs = map[string]GatewayInputKind{
	"send": GatewaySend, "confirmed": GatewayConfirmed, "lost": GatewayLost, "mark": GatewayMark,
	"close": GatewayClose, "acked": GatewaySubtaskAcked, "aborted": GatewayCheckpointAborted,
	"reset-subtask": GatewaySubtaskReset, "reset": GatewayReset,
}

func gatewayScript(g *EventGateways) func(*testing.T, scriptLine) []string {
	return func(t *testing.T, line scriptLine) (shown []string) {
		kind, ok := gatewayInputs[line.verb]
		if !ok {
			t.Fatalf("unknown input %s", line.verb)
		}
		var out GatewayEffects
		g.Step(GatewayInput{
			Kind: kind, Subtask: int(line.number("subtask")),
			Event: OperatorEvent(line.number("event")), Checkpoint: CheckpointID(line.number("checkpoint")),
		}, &out)
		for _, effect := range out.List {
			shown = append(shown, effect.String())
		}
		return shown
	}
}

var enumeratorInputs = map[string]EnumeratorInputKind{
	"registered": ReaderRegistered, "request": SplitRequested, "snapshot": EnumeratorSnapshot,
	"completed": EnumeratorCompleted, "reset-reader": ReaderReset,
}

func splitScript(t *testing.T, d *datadriven.TestData) func(*testing.T, scriptLine) []string {
	var options SplitEnumeratorOptions
	d.ScanArgs(t, "readers", &options.Readers)
	d.ScanArgs(t, "splits", &options.Splits)
	if d.HasArg("by-index") {
		options.Assignment = AssignByIndex
	}
	e, snapshots := NewSplitEnumerator(options), map[CheckpointID][]int32{}
	return func(t *testing.T, line scriptLine) (shown []string) {
		id := CheckpointID(line.number("checkpoint"))
		switch line.verb {
		case "unassigned":
			return []string{strings.TrimSpace(fmt.Sprintln(e.Unassigned()))}
		case "restore":
			e.Restore(snapshots[id])
			return nil
		case "snapshot":
			snapshots[id] = e.SnapshotInto(nil)
			shown = append(shown, fmt.Sprint(snapshots[id]))
		}
		kind, ok := enumeratorInputs[line.verb]
		if !ok {
			t.Fatalf("unknown input %s", line.verb)
		}
		var out EnumeratorEffects
		e.Step(EnumeratorInput{Kind: kind, Reader: int(line.number("reader")), Checkpoint: id}, &out)
		for _, effect := range out.List {
			shown = append(shown, effect.String())
		}
		return shown
	}
}
