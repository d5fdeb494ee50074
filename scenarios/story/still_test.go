package story_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
	"simrun/sim"
)

// eventWhere is the position of the first event of a run for which wanted holds.
func eventWhere(t *testing.T, c *config.Case, wanted func(*sim.Event) bool) int64 {
	t.Helper()
	r, err := story.Record(c, story.Options{})
	require.NoError(t, err)
	require.True(t, r.Whole())
	for i := range r.Events {
		if wanted(&r.Events[i]) {
			return r.Positions[i]
		}
	}
	require.Fail(t, "no such event")
	return 0
}

func stillAt(t *testing.T, wanted func(*sim.Event) bool) *result.Still {
	t.Helper()
	s, err := config.Load("counting.yaml", []byte(counting+crash), config.NoFiles{})
	require.NoError(t, err)
	still, err := story.StillAt(newCase(s), eventWhere(t, newCase(s), wanted))
	require.NoError(t, err)
	return still
}

func TestStillOfAnAlignmentShowsTheBlockedChannelAndThePendingCheckpoint(t *testing.T) {
	still := stillAt(t, func(e *sim.Event) bool { return protocol.EventKind(e.Kind) == protocol.ChannelBlocked })
	require.Equal(t, protocol.JobRunning, still.JobStatus)
	require.Len(t, still.Checkpoints, 1)
	require.ElementsMatch(t, []string{"events[0]", "events[1]"}, still.Checkpoints[0].Snapshotted)
	require.Empty(t, still.Checkpoints[0].Acknowledged)
	blocked := 0
	for _, subtask := range still.Subtasks {
		require.NotEmpty(t, subtask.Does)
		blocked += len(subtask.Blocked)
	}
	require.Equal(t, 1, blocked)
	require.Len(t, still.Transactions, 2)
	require.False(t, still.Transactions[0].PreCommitted)
}

func TestStillOfACommitHasOneTransactionLessPreCommitted(t *testing.T) {
	still := stillAt(t, func(e *sim.Event) bool {
		return protocol.EventKind(e.Kind) == protocol.TransactionCommitted
	})
	waiting := 0
	for _, transaction := range still.Transactions {
		if transaction.PreCommitted {
			waiting++
		}
	}
	require.Equal(t, 1, waiting)
	require.Empty(t, still.Checkpoints, "it is complete")
}

func TestStillOfACrashNamesTheFaultThatLasts(t *testing.T) {
	still := stillAt(t, func(e *sim.Event) bool { return protocol.EventKind(e.Kind) == protocol.TaskFailed })
	require.Equal(t, []string{"crash task-manager-1 at 1600 ms restart-after 500 ms"}, still.Faults)
	down := 0
	for _, subtask := range still.Subtasks {
		if subtask.Does == "" {
			down++
		}
	}
	require.Positive(t, down)
}

func TestStillOfAnEventThatIsNotThereSaysHowManyThereAre(t *testing.T) {
	s, err := config.Load("counting.yaml", []byte(counting), config.NoFiles{})
	require.NoError(t, err)
	_, err = story.StillAt(newCase(s), 1<<40)
	var missing *story.PositionError
	require.ErrorAs(t, err, &missing)
	require.Greater(t, missing.Total, int64(300))
	_, err = story.StillAt(newCase(s), -1)
	require.ErrorAs(t, err, &missing)
}
