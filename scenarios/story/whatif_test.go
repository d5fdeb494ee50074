package story_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

// only are the answers of one kind.
func only(s *result.Story, kind result.WhatIfKind) []result.WhatIf {
	var found []result.WhatIf
	for _, w := range s.WhatIf {
		if w.Kind == kind {
			found = append(found, w)
		}
	}
	return found
}

func TestWithoutItsBugARunPasses(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{WhatIfRuns: 1})
	require.Len(t, s.WhatIf, 1)
	require.Equal(t, result.WithoutBug, s.WhatIf[0].Kind)
	require.True(t, s.WhatIf[0].Passes())
	require.Equal(t, 3, s.Runs, "two to tell, one asked")
}

func TestAFaultThatIsNotNeededDoesNotMakeTheRunPassWhenRemoved(t *testing.T) {
	s := tell(t, crash, protocol.BugLastOffsetStored, story.Options{WhatIfRuns: 10})
	without := only(s, result.WithoutFault)
	require.Len(t, without, 1)
	require.True(t, without[0].Same)
	require.Empty(t, only(s, result.FaultMoved), "nor is it moved")
	require.NotEmpty(t, only(s, result.WithSetting))
}

func TestANeededFaultIsMovedToTheBoundary(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{WhatIfRuns: 60})
	require.True(t, only(s, result.WithoutFault)[0].Passes())
	moved := only(s, result.FaultMoved)
	require.NotEmpty(t, moved)
	boundaries := 0
	for _, w := range moved {
		if !w.Boundary {
			continue
		}
		boundaries++
		require.True(t, w.Passes())
		further, fails := max(w.MovedNanos, -w.MovedNanos), max(w.FailsNanos, -w.FailsNanos)
		require.Less(t, fails, further)
		require.LessOrEqual(t, further-fails, max(further/128, 1))
	}
	require.Equal(t, 1, boundaries, "later, behind the end of the job; earlier it is the same")
}

func TestAFaultAtAStepIsMovedBySteps(t *testing.T) {
	const atStep = "faults: [{crash: task-manager-1, step: snapshot-done, ordinal: 6, restart-after: 500 ms}]\n"
	s := tell(t, atStep, protocol.BugRestoreCommitsOpen, story.Options{WhatIfRuns: 20})
	require.Equal(t, "resurrected", s.Finding.Class)
	for _, w := range only(s, result.FaultMoved) {
		require.NotZero(t, w.MovedOrdinals)
		require.Zero(t, w.MovedNanos)
	}
	require.NotEmpty(t, only(s, result.FaultMoved))
}

func TestWithoutAllFaultsIsAskedWhenNoneIsNeeded(t *testing.T) {
	const two = "faults: [{crash: task-manager-1, at: 1600 ms}, {slow: storage, factor: 2, from: 1 s, to: 2 s}]\n"
	s := tell(t, two, protocol.BugLastOffsetStored, story.Options{WhatIfRuns: 20})
	require.Len(t, only(s, result.WithoutFault), 2)
	require.Len(t, only(s, result.WithoutFaults), 1)
	require.True(t, only(s, result.WithoutFaults)[0].Same)
}

func TestCounterfactualsKeepToTheirBudget(t *testing.T) {
	for runs := range 8 {
		s := tell(t, crash, protocol.BugCommitRepeated, story.Options{WhatIfRuns: runs})
		require.LessOrEqual(t, s.Runs, 2+runs)
	}
}
