package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func storeOf(numRetained int, entries ...CompletedEntry) *CompletedStore {
	s := &CompletedStore{}
	s.Reset(numRetained)
	for _, entry := range entries {
		s.Recover(entry)
	}
	return s
}

func idsOf(entries []CompletedEntry) (ids []CheckpointID) {
	for _, entry := range entries {
		ids = append(ids, entry.ID)
	}
	return ids
}

func TestEmptyStoreHasNoLatest(t *testing.T) {
	require.Equal(t, NoCheckpoint, storeOf(1).Latest())
	require.False(t, storeOf(1).Contains(NoCheckpoint))
}

func TestOldestBeyondTheNumberRetainedAreSubsumed(t *testing.T) {
	s := storeOf(2, CompletedEntry{ID: 1}, CompletedEntry{ID: 2})
	require.Equal(t, []CheckpointID{1}, idsOf(s.Add(CompletedEntry{ID: 5}, nil)))
	require.Equal(t, []CheckpointID{2, 5}, idsOf(s.Entries()))
	require.Equal(t, CheckpointID(5), s.Latest())
	require.True(t, s.Contains(2))
	require.False(t, s.Contains(1))
}

func TestNewestThatIsNoSavepointIsKept(t *testing.T) {
	s := storeOf(1, CompletedEntry{ID: 1})
	require.Empty(t, s.Add(CompletedEntry{ID: 2, Savepoint: true}, nil), "FLINK-21351")
	require.Equal(t, []CheckpointID{1, 2}, idsOf(s.Entries()))
	require.Equal(t, []CheckpointID{2}, idsOf(s.Add(CompletedEntry{ID: 3, Savepoint: true}, nil)),
		"an intermediate savepoint goes before it")
	require.Equal(t, []CheckpointID{1, 3}, idsOf(s.Add(CompletedEntry{ID: 4}, nil)))
}

func TestStoppingWithASavepointSubsumesAllOthers(t *testing.T) {
	s := storeOf(1, CompletedEntry{ID: 1})
	stop := CompletedEntry{ID: 2, Savepoint: true, Synchronous: true}
	require.Equal(t, []CheckpointID{1}, idsOf(s.Add(stop, nil)))
}

func TestCheckpointOutOfOrderPanics(t *testing.T) {
	s := storeOf(3, CompletedEntry{ID: 4})
	require.Panics(t, func() { s.Add(CompletedEntry{ID: 4}, nil) })
	require.Panics(t, func() { s.Add(CompletedEntry{ID: 3}, nil) })
}

func TestRecoveredEntriesComeIntoOrderOnce(t *testing.T) {
	s := storeOf(1, CompletedEntry{ID: 4}, CompletedEntry{ID: 2}, CompletedEntry{ID: 4},
		CompletedEntry{ID: 3}, CompletedEntry{ID: 2})
	require.Equal(t, []CheckpointID{2, 3, 4}, idsOf(s.Entries()))
}

func TestStoreRetainsTheNewestOfAnySequence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numRetained := rapid.IntRange(1, 4).Draw(t, "retained")
		s := storeOf(numRetained)
		var added, subsumed []CheckpointID
		for id := range CheckpointID(rapid.IntRange(1, 20).Draw(t, "checkpoints")) {
			added = append(added, id+1)
			subsumed = append(subsumed, idsOf(s.Add(CompletedEntry{ID: id + 1}, nil))...)
		}
		split := max(0, len(added)-numRetained)
		require.Equal(t, added[split:], idsOf(s.Entries()))
		require.Equal(t, added[:split], append([]CheckpointID{}, subsumed...), "each once, oldest first")
	})
}

func TestRetentionFollowsFlinksTable(t *testing.T) {
	statuses := []JobStatus{JobFinished, JobCanceled, JobFailed, JobSuspended}
	cases := []struct {
		retention Retention
		discards  []bool
	}{
		{NoExternalizedCheckpoints, []bool{true, true, true, false}},
		{DeleteOnCancellation, []bool{true, true, false, false}},
		{RetainOnCancellation, []bool{true, false, false, false}},
	}
	for _, c := range cases {
		for i, status := range statuses {
			require.Equal(t, c.discards[i], c.retention.Discards(status), "%d %s", c.retention, status)
		}
	}
}
