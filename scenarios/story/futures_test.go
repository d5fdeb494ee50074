package story_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/story"
)

func TestWhatIsWrongAnywayFailsInEveryFuture(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitAtSnapshot, story.Options{FutureRuns: 100})
	require.NotEmpty(t, s.Futures)
	for _, f := range s.Futures {
		require.Equal(t, f.Runs, f.Same)
	}
}

func TestAFailureBecomesCertainWhenItsMomentsHaveHappened(t *testing.T) {
	s := tell(t, crash, protocol.BugCommitRepeated, story.Options{FutureRuns: 400})
	require.Equal(t, -1, s.Futures[0].Moment)
	require.Zero(t, s.Futures[0].AtNanos)
	last := s.Futures[len(s.Futures)-1]
	require.Equal(t, last.Runs, last.Same, "what has happened cannot be undone")
	for i := 1; i < len(s.Futures); i++ {
		require.Less(t, s.Futures[i-1].AtNanos, s.Futures[i].AtNanos)
	}
}

func TestFuturesKeepToTheirBudget(t *testing.T) {
	for _, runs := range []int{0, 10, 60, 200} {
		s := tell(t, crash, protocol.BugCommitRepeated, story.Options{FutureRuns: runs})
		require.LessOrEqual(t, s.Runs, 2+runs)
	}
}
