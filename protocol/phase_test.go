package protocol_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

func TestPhasesBeginAndEndWithTheirSteps(t *testing.T) {
	tracker := protocol.NewPhaseTracker(2)
	step := func(s protocol.Step, m protocol.Moment, task protocol.TaskID) {
		tracker.Step(protocol.StepReached{Step: s, Moment: m, Task: task})
	}
	event := func(k protocol.EventKind, args ...int64) {
		var a [protocol.MaxEventArgs]int64
		copy(a[:], args)
		tracker.Event(k, &a)
	}
	are := func(words ...string) {
		t.Helper()
		require.Equal(t, words, tracker.Active().Words())
	}
	are("electing")
	event(protocol.LeaderElected)
	are("idle")
	step(protocol.StepTakeSlots, protocol.Before, protocol.NoTask)
	step(protocol.StepInitialiseTask, protocol.Before, 1)
	are("restoring-state", "deploying")
	step(protocol.StepInitialiseOperators, protocol.After, 1)
	step(protocol.StepAllRunning, protocol.After, protocol.NoTask)
	are("restoring-channels")
	step(protocol.StepRunTask, protocol.After, 1)
	step(protocol.StepTakeID, protocol.Before, protocol.NoTask)
	are("triggering")
	step(protocol.StepBeginSnapshot, protocol.Before, 0)
	step(protocol.StepSyncSnapshot, protocol.Before, 0)
	event(protocol.AlignmentStarted, 1)
	are("aligning", "sync")
	step(protocol.StepSyncSnapshot, protocol.After, 0)
	step(protocol.StepAsyncWrite, protocol.Before, 0)
	step(protocol.StepStartChannelState, protocol.Before, 1)
	are("aligning", "in-flight-recording", "async")
	event(protocol.TaskFailed, 0)
	event(protocol.AlignmentEnded, 1)
	step(protocol.StepReceiveAbort, protocol.After, 1)
	step(protocol.StepFailOver, protocol.Before, protocol.NoTask)
	are("canceling")
	tracker.LeaderLost()
	are("electing")
}

func TestEveryPhaseButIdleHasABeginning(t *testing.T) {
	begun := protocol.PhaseSetOf(protocol.PhaseIdle)
	fresh := protocol.NewPhaseTracker(1)
	begun |= fresh.Active()
	for s := protocol.StepNone + 1; int(s) < protocol.Steps; s++ {
		for _, m := range []protocol.Moment{protocol.Before, protocol.After} {
			tracker := protocol.NewPhaseTracker(1)
			tracker.Step(protocol.StepReached{Step: s, Moment: m})
			begun |= tracker.Active()
		}
	}
	aligning := protocol.NewPhaseTracker(1)
	aligning.Event(protocol.AlignmentStarted, new([protocol.MaxEventArgs]int64))
	begun |= aligning.Active()
	for p := range protocol.Phases {
		require.True(t, begun.Has(protocol.Phase(p)), "%s", protocol.Phase(p))
	}
}

func TestStepSetsHoldEitherSideAndAddUp(t *testing.T) {
	var a, b protocol.StepSet
	a.Add(protocol.StepStepDown, protocol.After)
	b.Add(protocol.StepSyncSnapshot, protocol.Before)
	require.False(t, a.Has(protocol.StepStepDown, protocol.Before))
	both := a.Plus(b)
	require.Equal(t, []string{"sync-snapshot", "step-down"}, both.Words())
	require.Equal(t, both, b.Plus(a))
	require.Equal(t, a, a.Plus(a))
}

func TestStepWordsAreUniqueAndParseBack(t *testing.T) {
	seen := map[string]bool{}
	for _, word := range protocol.StepWords() {
		require.False(t, seen[word], word)
		seen[word] = true
		step, named := protocol.ParseStep(word)
		event, isEvent := protocol.EventStep(word)
		require.True(t, named != isEvent, word)
		if named {
			require.Equal(t, word, step.String())
			require.NotEmpty(t, step.Group().String())
		} else {
			require.Equal(t, word, event.String())
		}
	}
	_, named := protocol.ParseStep("none")
	require.False(t, named)
}
