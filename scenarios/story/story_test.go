package story_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

// counting is a small job; tests add faults and bugs to it.
const counting = `
name: counting
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 200/s, records: 600}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [counts]}
`

// crash strikes between the completion of checkpoint 2, at 1.544 s, and that of 3.
const crash = "faults: [{crash: task-manager-1, at: 1600 ms, restart-after: 500 ms}]\n"

func tell(t *testing.T, more string, bug protocol.Bug, o story.Options) *result.Story {
	t.Helper()
	s, err := config.Load("counting.yaml", []byte(counting+more), config.NoFiles{})
	require.NoError(t, err)
	s.Run.Bug = bug
	told, err := story.Tell(config.NewCase(s, 1), o)
	require.NoError(t, err)
	return told
}

func text(s *result.Story, event int) string {
	e := &s.Recording.Events[event]
	return protocol.EventText(protocol.EventKind(e.Kind), e.Args)
}

func TestStoryOfARunWithoutViolationHasItsRecordingAndNoFinding(t *testing.T) {
	s := tell(t, crash, protocol.NoBug, story.Options{WhatIfRuns: 10})
	require.Empty(t, s.Finding.Class)
	require.Empty(t, s.WhatIf)
	require.True(t, s.Recording.Whole())
	require.Equal(t, 2, s.Runs)
}

func TestWitnessesAreMomentsAndNothingAfterThemIsTold(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{})
	var witnesses []string
	for _, m := range s.Moments {
		for _, event := range m.Events {
			require.LessOrEqual(t, s.Recording.Events[event].TimeNanos, s.Finding.AtNanos)
		}
		if m.Witness {
			require.Len(t, m.Events, 1)
			witnesses = append(witnesses, text(s, m.Events[0]))
		}
	}
	require.Len(t, witnesses, 2)
	require.Equal(t, witnesses[0], witnesses[1], "the same transaction is committed twice")
}

func TestMomentsAreInTheOrderOfTheRunAndEachComesAfterItsCauses(t *testing.T) {
	for _, bug := range []protocol.Bug{protocol.BugCommitRepeated, protocol.BugLastOffsetStored,
		protocol.BugStateTakenLate, protocol.BugSplitAddedTwice} {
		s := tell(t, crash, bug, story.Options{})
		require.NotEmpty(t, s.Moments, bug)
		require.LessOrEqual(t, len(s.Moments), story.DefaultMoments)
		for i := range s.Moments {
			for _, cause := range s.Moments[i].Because {
				require.Less(t, cause, i)
			}
			if i > 0 {
				require.Greater(t, s.Moments[i].Events[0], s.Moments[i-1].Events[0])
			}
		}
	}
}

func TestCutLinesNameTheSnapshotOfEachLane(t *testing.T) {
	s := tell(t, "", protocol.BugLastOffsetStored, story.Options{})
	require.Len(t, s.Cuts, 1)
	for lane, event := range s.Cuts[0].Events {
		if task := s.Lanes[lane].Task; task == protocol.NoTask {
			require.Equal(t, -1, event)
		} else {
			require.Equal(t, fmt.Sprintf("snapshot-started task=%d checkpoint=%d alignment=aligned", task,
				s.Cuts[0].Checkpoint), text(s, event))
		}
	}
}

func TestBarriersAreArrowsFromTheSendersSnapshot(t *testing.T) {
	s := tell(t, "", protocol.BugLastOffsetStored, story.Options{})
	barriers := 0
	for _, a := range s.Arrows {
		require.Less(t, a.From, a.To)
		if a.Barrier {
			barriers++
			require.Contains(t, text(s, a.From), "snapshot-started")
			require.Contains(t, text(s, a.To), "barrier-consumed")
		}
	}
	require.Positive(t, barriers)
}

func TestRecordingOfALongRunKeepsTheWitnessesAndTheControlPlane(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{KeepEvents: 200})
	require.False(t, s.Recording.Whole())
	require.LessOrEqual(t, len(s.Recording.Events), 200)
	witnesses := 0
	for i := range s.Moments {
		if s.Moments[i].Witness {
			witnesses++
		}
	}
	require.Equal(t, 2, witnesses)
	for i := 1; i < len(s.Recording.Positions); i++ {
		require.Greater(t, s.Recording.Positions[i], s.Recording.Positions[i-1])
	}
}

func TestWindowBoundsWhatIsRecorded(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{FromNanos: 1e9, ToNanos: 2e9})
	require.NotEmpty(t, s.Recording.Events)
	for i := range s.Recording.Events {
		require.GreaterOrEqual(t, s.Recording.Events[i].TimeNanos, int64(1e9))
		require.LessOrEqual(t, s.Recording.Events[i].TimeNanos, int64(2e9))
	}
}

func TestLanesThatAreAskedForAreDrawn(t *testing.T) {
	s := tell(t, "", protocol.BugCommitAtSnapshot, story.Options{Lanes: []string{"counts[1]", "events"}})
	var names []string
	for _, lane := range s.Lanes {
		names = append(names, lane.Name)
	}
	require.Equal(t, []string{"job-manager-0", "events[0]", "events[1]", "counts -> topic[0]",
		"counts -> topic[1]", "kafka"}, names)

	config, err := config.Load("counting.yaml", []byte(counting), config.NoFiles{})
	require.NoError(t, err)
	_, err = story.Tell(newCase(config), story.Options{Lanes: []string{"coutns"}})
	var unknown *story.LaneError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, []string{"events", "counts", "topic", "kafka", "job-manager-0"}, unknown.Known)
}

func newCase(s *config.Scenario) *config.Case { return config.NewCase(s, 1) }
