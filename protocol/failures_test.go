package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEachCheckpointCountsOnce(t *testing.T) {
	var f FailureCounter
	f.Reset(1)
	require.False(t, f.Failed(3, CheckpointExpired))
	require.False(t, f.Failed(3, CheckpointDeclined))
	require.Equal(t, 1, f.Count())
	require.True(t, f.Failed(4, IOException))
	require.Zero(t, f.Count(), "the count starts anew")
}

func TestFailuresWithoutIDCountEach(t *testing.T) {
	var f FailureCounter
	f.Reset(2)
	require.False(t, f.Failed(NoCheckpoint, IOException))
	require.False(t, f.Failed(NoCheckpoint, IOException))
	require.True(t, f.Failed(NoCheckpoint, IOException))
}

func TestOldFailuresAndOldSuccessesDoNotCount(t *testing.T) {
	var f FailureCounter
	f.Reset(1)
	f.Succeeded(5)
	require.False(t, f.Failed(4, CheckpointExpired))
	require.Zero(t, f.Count())
	require.False(t, f.Failed(6, CheckpointExpired))
	f.Succeeded(4)
	require.Equal(t, 1, f.Count(), "a success older than the last does not clear the count")
	f.Succeeded(7)
	require.Zero(t, f.Count())
}

func TestUnlimitedFailuresNeverFailTheJob(t *testing.T) {
	var f FailureCounter
	f.Reset(UnlimitedFailures)
	for id := range CheckpointID(100) {
		require.False(t, f.Failed(id+1, CheckpointExpired))
	}
	require.Zero(t, f.Count())
}

func TestOnlyCountedReasonsCount(t *testing.T) {
	for reason := ReasonNone; reason < reasonCount; reason++ {
		var f FailureCounter
		f.Reset(0)
		require.Equal(t, reason.Counted(), f.Failed(1, reason), reason.String())
	}
}
