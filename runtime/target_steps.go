package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// stepWatch waits for a run to reach a step.
type stepWatch struct {
	kind protocol.EventKind
	left int64
	act  func()
}

// Steps lists the protocol steps at which a fault can strike: every kind of event that a
// protocol step makes is one. Events that only count data are not.
func (t *Target) Steps() []string {
	var steps []string
	for k := range protocol.EventKinds {
		if kind := protocol.EventKind(k); isStep(kind) {
			steps = append(steps, kind.String())
		}
	}
	return steps
}

func isStep(k protocol.EventKind) bool {
	switch k {
	case protocol.EventNone, protocol.BufferSent, protocol.BufferReceived, protocol.BufferConsumed,
		protocol.SegmentTaken, protocol.SegmentReturned, protocol.CreditGranted, protocol.RecordApplied,
		protocol.RecordEmitted, protocol.FaultInjected, protocol.FaultHealed, protocol.FaultBit, protocol.ClockRead,
		protocol.ElementsTaken, protocol.SourceAdvanced, protocol.RecordVisible:
		return false
	}
	return true
}

// OnStep has act called when the run makes the step for the ordinal-th time from now.
func (t *Target) OnStep(step string, ordinal int64, act func()) error {
	for k := range protocol.EventKinds {
		if kind := protocol.EventKind(k); isStep(kind) && kind.String() == step {
			t.steps = append(t.steps, stepWatch{kind, max(ordinal, 1), act})
			return nil
		}
	}
	return fmt.Errorf("%q is no protocol step", step)
}

// observe lets steps happen. What acts may crash the very actor that makes the event:
// what that actor still does in this instant is then ignored.
func (t *Target) observe(e *sim.Event) {
	for i := range t.steps {
		w := &t.steps[i]
		if w.kind != protocol.EventKind(e.Kind) || w.left <= 0 {
			continue
		}
		w.left--
		if w.left == 0 {
			w.act()
		}
	}
}
