package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func newLog(lastStableOffset bool) *TransactionLog {
	return NewTransactionLog(TransactionLogOptions{Tasks: 2, LastStableOffset: lastStableOffset})
}

func one(lineage uint64) (tally Tally) {
	tally.Add(lineage)
	return tally
}

func TestOnlyCommittedRecordsAreVisible(t *testing.T) {
	l, id := newLog(false), MakeTransactionID(0, 0, 1)
	require.Equal(t, LogUnknown, l.Status(id))
	require.Equal(t, LogOK, l.Begin(id, 0, 0))
	require.Equal(t, LogRepeated, l.Begin(id, 0, 0))
	require.Equal(t, LogOK, l.Append(id, one(7)))
	require.Equal(t, LogOpen, l.Status(id))
	require.Equal(t, one(7), l.ContentOf(id))
	require.Equal(t, LogOK, l.Prepare(id))
	require.Equal(t, LogRepeated, l.Prepare(id))
	require.Equal(t, LogRefused, l.Append(id, one(8)), "a prepared transaction takes no more")
	require.Equal(t, Tally{}, l.Content())
	require.Equal(t, 1, l.Live())
	require.Equal(t, LogOK, l.Commit(id))
	require.Equal(t, LogRepeated, l.Commit(id))
	require.True(t, LogRepeated.Done() && LogOK.Done() && !LogRefused.Done() && !LogFenced.Done())
	require.Equal(t, one(7), l.Content())
	require.Equal(t, []TransactionID{id}, l.Visible())
	require.Zero(t, l.Live())
	require.Equal(t, LogRefused, l.Abort(id), "what is visible stays")
	require.Equal(t, LogRefused, l.Begin(id, 0, 0), "a name is used once")
}

func TestCommitOfAnUnfitTransactionIsRefused(t *testing.T) {
	l, id := newLog(false), MakeTransactionID(0, 0, 1)
	require.Equal(t, LogRefused, l.Commit(id), "unknown")
	require.Equal(t, LogRefused, l.Prepare(id), "unknown")
	require.Equal(t, LogRefused, l.Append(id, one(1)), "unknown")
	require.Equal(t, Tally{}, l.ContentOf(id))
	require.Equal(t, LogRepeated, l.Abort(id), "as good as aborted")
	l.Begin(id, 0, 0)
	require.Equal(t, LogRefused, l.Commit(id), "not prepared")
	require.Equal(t, LogOK, l.Abort(id))
	require.Equal(t, LogRepeated, l.Abort(id))
	require.Equal(t, LogRefused, l.Commit(id), "aborted")
	require.Equal(t, LogRefused, l.Prepare(id), "aborted")
	require.Empty(t, l.Visible())
}

func TestTimeoutCountsFromTheBeginAndHitsPreparedOnesToo(t *testing.T) {
	l := newLog(false)
	open, prepared, never := MakeTransactionID(0, 0, 1), MakeTransactionID(1, 0, 1), MakeTransactionID(1, 0, 2)
	l.Begin(never, 0, 0)
	_, ok := l.NextDeadlineNanos()
	require.False(t, ok)
	l.Begin(open, 10, 100)
	l.Begin(prepared, 5, 100)
	l.Prepare(prepared)
	deadline, ok := l.NextDeadlineNanos()
	require.True(t, ok)
	require.Equal(t, int64(105), deadline)
	require.Empty(t, l.Expire(104, nil))
	require.Equal(t, []TransactionID{prepared}, l.Expire(105, nil))
	require.Equal(t, LogTimedOut, l.Status(prepared))
	require.Equal(t, LogRefused, l.Commit(prepared))
	require.Equal(t, LogRepeated, l.Abort(prepared))
	require.Equal(t, []TransactionID{open}, l.Expire(1000, nil))
	require.Equal(t, 1, l.Live())
}

func TestFenceStopsFormerAttemptsOfTheTaskOnly(t *testing.T) {
	l := newLog(false)
	old, other, fresh := MakeTransactionID(0, 1, 1), MakeTransactionID(1, 1, 1), MakeTransactionID(0, 2, 1)
	committed := MakeTransactionID(0, 0, 1)
	for _, id := range []TransactionID{committed, old, other, fresh} {
		l.Begin(id, 0, 0)
	}
	l.Prepare(committed)
	l.Commit(committed)
	l.Prepare(old)
	require.Equal(t, []TransactionID{old}, l.AbortLingering(0, 2, nil))
	require.Equal(t, LogCommitted, l.Status(committed))
	require.Equal(t, LogOpen, l.Status(other))
	require.Equal(t, LogOpen, l.Status(fresh))
	zombie := MakeTransactionID(0, 1, 9)
	require.Equal(t, LogFenced, l.Begin(zombie, 0, 0))
	require.Equal(t, LogFenced, l.Append(old, one(1)))
	require.Equal(t, LogFenced, l.Prepare(old))
	require.Equal(t, LogRepeated, l.Commit(committed), "a commit is not fenced")
	require.Empty(t, l.AbortLingering(0, 1, nil))
	require.Equal(t, LogFenced, l.Begin(zombie, 0, 0), "the fence does not go back")
}

func TestReadersStopAtTheFirstLiveTransaction(t *testing.T) {
	l := newLog(true)
	first, second, third := MakeTransactionID(0, 0, 1), MakeTransactionID(1, 0, 1), MakeTransactionID(1, 0, 2)
	for i, id := range []TransactionID{first, second, third} {
		l.Begin(id, 0, 0)
		l.Append(id, one(uint64(i)))
		l.Prepare(id)
	}
	l.Commit(third)
	l.Commit(second)
	require.Empty(t, l.Visible())
	l.Abort(first)
	require.Equal(t, []TransactionID{second, third}, l.Visible(), "in the order of their begin")
	require.Equal(t, one(1).Plus(one(2)), l.Content())
}

func TestMisuseOfTheSinkPanicsWithIDs(t *testing.T) {
	snapshot := TwoPhaseInput{Kind: SinkSnapshot, Checkpoint: 3, NowNanos: 42}
	opened := TwoPhaseInput{Kind: SinkOpened, NowNanos: 42}
	for _, inputs := range [][]TwoPhaseInput{
		{snapshot},
		{opened, opened},
		{{Kind: SinkClosed + 1, NowNanos: 42}},
	} {
		text := panicText(func() {
			var out TwoPhaseEffects
			sink := NewTwoPhaseCommit(5, DefaultTwoPhaseOptions())
			for _, in := range inputs {
				sink.Step(in, &out)
			}
		})
		require.Contains(t, text, "task 5")
		require.Contains(t, text, "at 42 ns")
	}
}

func TestResetSinkOpensLikeANewOne(t *testing.T) {
	feed := func(sink *TwoPhaseCommit) []TwoPhaseEffect {
		var out TwoPhaseEffects
		sink.Step(TwoPhaseInput{Kind: SinkOpened, Attempt: 1}, &out)
		sink.Step(TwoPhaseInput{Kind: SinkSnapshot, Checkpoint: 4}, &out)
		return out.List
	}
	sink := NewTwoPhaseCommit(1, DefaultTwoPhaseOptions())
	first := feed(sink)
	sink.Reset()
	require.Equal(t, first, feed(sink))
}

func TestRecoveringSinkWaitsForItsCommits(t *testing.T) {
	sink, out := NewTwoPhaseCommit(1, DefaultTwoPhaseOptions()), TwoPhaseEffects{}
	pending := MakeTransactionID(1, 0, 3)
	state := &TransactionState{Pending: []PendingTransaction{{Transaction: pending, Checkpoint: 3}}}
	sink.Step(TwoPhaseInput{Kind: SinkOpened, Attempt: 1, Checkpoint: 3, State: state}, &out)
	out.Reset()
	sink.Step(TwoPhaseInput{Kind: SinkCompleted, Checkpoint: 3}, &out)
	sink.Step(TwoPhaseInput{Kind: SinkCommitFailed, Transaction: pending + 1}, &out)
	sink.Step(TwoPhaseInput{Kind: SinkFinished}, &out)
	require.Empty(t, out.List, "nothing begins before the recovered commits are answered")
	require.Equal(t, noTransaction, sink.Current())
	sink.Step(TwoPhaseInput{Kind: SinkCommitted, Transaction: pending}, &out)
	require.Equal(t, MakeTransactionID(1, 1, 4), sink.Current())
}
