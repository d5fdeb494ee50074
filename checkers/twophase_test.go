package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

// txn is the transaction of db in attempt for checkpoint.
func txn(attempt protocol.Attempt, checkpoint protocol.CheckpointID) int64 {
	return int64(protocol.MakeTransactionID(db, attempt, checkpoint))
}

// preCommit opens and pre-commits a transaction of ten records.
func preCommit(p *tape, attempt, checkpoint int64) sim.Event {
	id := txn(protocol.Attempt(attempt), protocol.CheckpointID(checkpoint))
	p.in(attempt, protocol.TransactionOpened, db, id)
	return p.in(attempt, protocol.TransactionPreCommitted, db, id, checkpoint, 10)
}

func commit(p *tape, id int64) sim.Event {
	return p.external(protocol.TransactionCommitted, dbSink, id, 10, 77)
}

func sinkTape(t *testing.T, c Checker) *tape {
	p := only(t, tapeSetup(), c)
	p.begin(0, 0)
	return p
}

func TestTwoPhaseAcceptsCommitsOfCompletedCheckpoints(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	commit(p, txn(0, 1))
	preCommit(p, 0, 2) // aborted: it lives on and belongs to 3
	p.master(protocol.CheckpointTriggered, 2, 0, 0)
	p.master(protocol.CheckpointAborted, 2, int64(protocol.CheckpointDeclined))
	preCommit(p, 0, 3)
	p.checkpoint(3, 0)
	preCommit(p, 0, 4) // rolled back
	p.begin(1, 3)
	p.in(1, protocol.TransactionRecovered, db, txn(0, 2), 3)
	commit(p, txn(0, 2))
	commit(p, txn(0, 3)) // by the restore: its notification was lost
	p.external(protocol.TransactionAborted, dbSink, txn(0, 4))
	preCommit(p, 1, 5)
	p.checkpoint(5, 1)
	commit(p, txn(1, 5))
	require.Empty(t, p.finished())
}

func TestTwoPhaseSeesACommitBeforeItsCheckpointIsComplete(t *testing.T) { // I1
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	early := commit(p, txn(0, 1))
	p.checkpoint(1, 0)
	requireOnly(t, p.finished(), "committed-early/two-phase-commit/db", held, early)
}

func TestTwoPhaseSeesACompletedTransactionNeverCommitted(t *testing.T) { // I2
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", held)
}

func TestTwoPhaseSeesARolledBackTransactionLinger(t *testing.T) { // I3
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.begin(1, 0)
	got := p.finish(End{
		Status:           protocol.JobFinished,
		OpenTransactions: []protocol.TransactionID{protocol.TransactionID(txn(0, 1))},
	})
	require.Len(t, got, 1)
	require.Equal(t, "leaked/two-phase-commit/db", got[0].Signature)
	require.Equal(t, held, got[0].Witness[1])
}

func TestTwoPhaseSeesATimeoutOfWhatACheckpointHolds(t *testing.T) { // I4
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	gone := p.external(protocol.TransactionTimedOut, dbSink, txn(0, 1))
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", held, gone)
}

func TestTwoPhaseSeesACheckpointCompleteAfterItsTransactionTimedOut(t *testing.T) { // I4
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	gone := p.external(protocol.TransactionTimedOut, dbSink, txn(0, 1))
	_, completed := p.checkpoint(1, 0)
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", held, gone, completed)
}

func TestTwoPhaseSeesASecondCommit(t *testing.T) { // I5
	p := sinkTape(t, NewTwoPhase())
	preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	first := commit(p, txn(0, 1))
	second := commit(p, txn(0, 1))
	requireOnly(t, p.finished(), "duplicated/two-phase-commit/db", first, second)
}

func TestTwoPhaseSeesAnAbortedCheckpointsTransactionGivenUp(t *testing.T) { // I6
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	gone := p.external(protocol.TransactionAborted, dbSink, txn(0, 1))
	_, completed := p.checkpoint(2, 0)
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", held, gone, completed)
}

func TestTwoPhaseSeesRolledBackOutputCommitted(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	opened := p.begin(1, 0)
	wrong := commit(p, txn(0, 1))
	requireOnly(t, p.finished(), "resurrected/two-phase-commit/db", held, opened, wrong)
}

func TestTwoPhaseSeesAnAbortedTransactionComeBack(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	preCommit(p, 0, 1)
	gone := p.external(protocol.TransactionAborted, dbSink, txn(0, 1))
	back := commit(p, txn(0, 1))
	violations := p.finished()
	require.Equal(t, "resurrected/two-phase-commit/db", violations[0].Signature)
	require.Equal(t, []sim.Event{gone, back}, violations[0].Witness)
}

func TestTwoPhaseSeesATransactionCommittedInPart(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	torn := p.external(protocol.TransactionCommitted, dbSink, txn(0, 1), 9, 77)
	requireOnly(t, p.finished(), "torn-transaction/two-phase-commit/db", held, torn)
}

func TestTwoPhaseSeesATransactionOfOtherRecordsThanItsCheckpointSays(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	p.suite.ObservePoint(&protocol.RecoveryPoint{Checkpoint: 1, Tasks: []protocol.TaskPoint{{
		Transactions: []protocol.TransactionPoint{{
			Transaction: protocol.TransactionID(txn(0, 1)), Content: protocol.Tally{Count: 10, Sum: 78},
		}},
	}}})
	torn := commit(p, txn(0, 1))
	requireOnly(t, p.finished(), "torn-transaction/two-phase-commit/db", held, torn)
}

func TestTwoPhaseSeesCommittedOutputWithdrawn(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	committed := commit(p, txn(0, 1))
	gone := p.external(protocol.TransactionAborted, dbSink, txn(0, 1))
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", committed, gone)
}

func TestTwoPhaseRemembersOpenTransactionsThroughManySettledOnes(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	held := preCommit(p, 0, 1) // never committed
	for id := int64(2); id < 100; id++ {
		p.after(60 * ms)
		preCommit(p, 0, id)
		p.checkpoint(id, 0)
		commit(p, txn(0, protocol.CheckpointID(id)))
	}
	requireOnly(t, p.finished(), "lost/two-phase-commit/db", held)
}

func TestFencingAcceptsALateCommitOfWhatACheckpointHolds(t *testing.T) {
	p := sinkTape(t, NewFencing())
	preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	p.begin(1, 1)
	commit(p, txn(0, 1))
	p.master(protocol.CheckpointAcknowledged, 1, db, 0, 3) // late: discarded
	require.Empty(t, p.finished())
}

func TestFencingSeesAnOldAttemptsAcknowledgementCounted(t *testing.T) {
	p := sinkTape(t, NewFencing())
	opened := p.begin(1, 0)
	p.master(protocol.CheckpointTriggered, 1, 1, 0)
	ack := p.master(protocol.CheckpointAcknowledged, 1, delays, 0, 0)
	requireOnly(t, p.finished(), "zombie-write/fencing/delays", opened, ack)
}

func TestFencingSeesAnAcknowledgementForACheckpointOfAnotherAttempt(t *testing.T) {
	p := sinkTape(t, NewFencing())
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.begin(1, 0)
	ack := p.master(protocol.CheckpointAcknowledged, 1, delays, 1, 0)
	requireOnly(t, p.finished(), "zombie-write/fencing/delays", trigger, ack)
}

func TestFencingSeesAZombiesTransactionCommitted(t *testing.T) {
	p := sinkTape(t, NewFencing())
	opened := p.begin(1, 0)
	held := preCommit(p, 0, 1)
	wrong := commit(p, txn(0, 1))
	requireOnly(t, p.finished(), "zombie-write/fencing/db", opened, held, wrong)
}

func TestFencingSeesACompletedCheckpointOverwritten(t *testing.T) {
	p := sinkTape(t, NewFencing())
	p.task(protocol.ObjectStored, delays, 1, 100)
	_, completed := p.checkpoint(1, 0)
	again := p.task(protocol.ObjectStored, delays, 1, 100)
	requireOnly(t, p.finished(), "zombie-write/fencing/delays", completed, again)
}

func TestFencingSeesAReplacedLeaderCompleteACheckpoint(t *testing.T) {
	p := sinkTape(t, NewFencing())
	p.master(protocol.LeaderElected, 0, 1)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	elected := p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.JobRestored, 1, 0)
	wrong := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	requireOnly(t, p.finished(), "zombie-write/fencing/job-manager", elected, wrong)
}

func TestFencingSeesAnEpochGivenTwice(t *testing.T) {
	p := sinkTape(t, NewFencing())
	first := p.master(protocol.LeaderElected, 0, 1)
	second := p.by(standby, protocol.LeaderElected, 1, 1)
	requireOnly(t, p.finished(), "zombie-write/fencing/job-manager", first, second)
}

func visible(p *tape, id int64) sim.Event {
	return p.external(protocol.OutputVisible, dbSink, id, 10, 77)
}

func holding(count int64, sum uint64) End {
	return End{
		Status:  protocol.JobFinished,
		Outputs: []OutputEnd{{Sink: dbSink, Visible: protocol.Tally{Count: count, Sum: sum}}},
	}
}

func TestOutputAcceptsEveryCommitVisibleOnce(t *testing.T) {
	p := sinkTape(t, NewOutput())
	commit(p, txn(0, 1))
	visible(p, txn(0, 1))
	commit(p, txn(0, 2))
	visible(p, txn(0, 2))
	require.Empty(t, p.finish(holding(20, 154)))
}

func TestOutputSeesATransactionVisibleTwice(t *testing.T) {
	p := sinkTape(t, NewOutput())
	commit(p, txn(0, 1))
	first := visible(p, txn(0, 1))
	second := visible(p, txn(0, 1))
	requireOnly(t, p.finish(holding(20, 154)), "duplicated/output/db", first, second)
}

func TestOutputSeesWhatWasNotCommitted(t *testing.T) {
	p := sinkTape(t, NewOutput())
	early := visible(p, txn(0, 1))
	requireOnly(t, p.finish(holding(10, 77)), "committed-early/output/db", early)
}

func TestOutputSeesWhatATransactionalSinkShowsOutsideOfTransactions(t *testing.T) {
	p := sinkTape(t, NewOutput())
	plain := p.external(protocol.OutputVisible, dbSink, 0, 10, 77)
	requireOnly(t, p.finish(holding(10, 77)), "committed-early/output/db", plain)
}

func TestOutputLetsOtherSinksShowRecordsWithoutTransactions(t *testing.T) {
	setup := tapeSetup()
	setup.Sinks[0].Promise = Append
	p := only(t, setup, NewOutput())
	p.external(protocol.OutputVisible, dbSink, 0, 10, 77)
	require.Empty(t, p.finish(holding(10, 77)))
}

func TestOutputSeesATransactionVisibleInPart(t *testing.T) {
	p := sinkTape(t, NewOutput())
	committed := commit(p, txn(0, 1))
	torn := p.external(protocol.OutputVisible, dbSink, txn(0, 1), 9, 70)
	requireOnly(t, p.finish(holding(9, 70)), "torn-transaction/output/db", committed, torn)
}

func TestOutputSeesRecordsThatDoNotMakeUpTheirTransaction(t *testing.T) {
	setup := tapeSetup()
	setup.Detailed = true
	p := only(t, setup, NewOutput())
	whole := tallyOf(1, 2)
	p.external(protocol.TransactionCommitted, dbSink, txn(0, 1), 2, int64(whole.Sum))
	p.external(protocol.RecordVisible, dbSink, txn(0, 1), 1)
	torn := p.external(protocol.OutputVisible, dbSink, txn(0, 1), 2, int64(whole.Sum))
	requireOnly(t, p.finish(holding(2, whole.Sum)), "torn-transaction/output/db", torn)
}

func TestOutputSeesAnExternalSystemHoldSomethingElse(t *testing.T) {
	for class, end := range map[string]End{
		"lost": holding(9, 70), "duplicated": holding(11, 80), "corrupt": holding(10, 78),
	} {
		p := sinkTape(t, NewOutput())
		commit(p, txn(0, 1))
		last := visible(p, txn(0, 1))
		requireOnly(t, p.finish(end), class+"/output/db", last)
	}
}

func TestLeaksAcceptsWhatIsRetainedAndWhatNobodyKnowsOf(t *testing.T) {
	p := sinkTape(t, NewLeaks())
	p.task(protocol.ObjectStored, delays, 1, 100)
	p.master(protocol.CheckpointAcknowledged, 1, delays, 0, 0)
	p.task(protocol.ObjectStored, delays, 2, 100) // its writer crashes before it says so
	p.task(protocol.ObjectStored, db, 2, 100)
	p.master(protocol.CheckpointAcknowledged, 2, db, 0, 3)
	p.master(protocol.ObjectDeleted, db, 2)
	require.Empty(t, p.finish(End{
		Status: protocol.JobFinished, Retained: []protocol.CheckpointID{1},
		Objects: []ObjectLeft{{Task: delays, Checkpoint: 1, SizeBytes: 100}, {Task: delays,
			Checkpoint: 2, SizeBytes: 100}},
	}))
}

func TestLeaksSeesAFileThatALateAcknowledgementLeft(t *testing.T) {
	p := sinkTape(t, NewLeaks())
	stored := p.task(protocol.ObjectStored, delays, 2, 100)
	late := p.master(protocol.CheckpointAcknowledged, 2, delays, 0, 3)
	requireOnly(t, p.finish(End{
		Status:  protocol.JobFinished,
		Objects: []ObjectLeft{{Task: delays, Checkpoint: 2, SizeBytes: 100}},
	}), "leaked/leaks/delays", stored, late)
}

func TestLeaksAcceptsWhatAnOldListDidNotShow(t *testing.T) {
	lag := int64(protocol.FaultLag)
	for _, lagging := range []bool{false, true} {
		p := sinkTape(t, NewLeaks())
		p.by(sim.Outside, protocol.FaultInjected, 0, lag, 0)
		if !lagging {
			p.by(sim.Outside, protocol.FaultHealed, 0, lag, 0)
			p.after(1 * ms)
		}
		p.task(protocol.ObjectStored, delays, 2, 100)
		p.master(protocol.CheckpointAcknowledged, 2, delays, 0, 0)
		found := p.finish(End{
			Status:  protocol.JobFinished,
			Objects: []ObjectLeft{{Task: delays, Checkpoint: 2, SizeBytes: 100}},
		})
		require.Equal(t, lagging, len(found) == 0)
	}
}

func TestLeaksSeesOneOfTwoFilesLeft(t *testing.T) {
	p := sinkTape(t, NewLeaks())
	p.task(protocol.ObjectStored, delays, 2, 100)
	second := p.task(protocol.ObjectStored, delays, 2, 50) // its channels' state
	ack := p.master(protocol.CheckpointAcknowledged, 2, delays, 0, 0)
	p.master(protocol.ObjectDeleted, delays, 2)
	requireOnly(t, p.finish(End{
		Status:  protocol.JobFinished,
		Objects: []ObjectLeft{{Task: delays, Checkpoint: 2, SizeBytes: 50}},
	}), "leaked/leaks/delays", second, ack)
}

func TestLeaksSeesTimersOfTasksThatAreGone(t *testing.T) {
	p := sinkTape(t, NewLeaks())
	got := p.finish(End{Status: protocol.JobFinished, Timers: 2})
	require.Len(t, got, 1)
	require.Equal(t, "leaked/leaks/timers", got[0].Signature)
}

// failed is a job that failed with checkpoint 2 retained, which says it holds transactions.
func failed(p *tape, holds ...int64) End {
	point := &protocol.RecoveryPoint{Checkpoint: 2, Tasks: []protocol.TaskPoint{{Task: db}}}
	for _, id := range holds {
		point.Tasks[0].Transactions = append(point.Tasks[0].Transactions, protocol.TransactionPoint{
			Transaction: protocol.TransactionID(id), Content: protocol.Tally{Count: 10, Sum: 77},
		})
	}
	p.suite.ObservePoint(point)
	return End{Status: protocol.JobFailed, Retained: []protocol.CheckpointID{2}}
}

func TestTwoPhaseAcceptsAFailedJobWhoseCheckpointHoldsWhatIsLeftToCommit(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	commit(p, txn(0, 1))
	preCommit(p, 0, 2)
	p.checkpoint(2, 0)
	preCommit(p, 0, 3)
	require.Empty(t, p.finish(failed(p, txn(0, 2))))
}

func TestTwoPhaseSeesAHoleInWhatAFailedJobCommitted(t *testing.T) {
	p := sinkTape(t, NewTwoPhase())
	hole := preCommit(p, 0, 1)
	p.checkpoint(1, 0)
	preCommit(p, 0, 2)
	p.checkpoint(2, 0)
	commit(p, txn(0, 2))
	requireOnly(t, p.finish(failed(p)), "lost/two-phase-commit/db", hole)
}

func TestRestoreSeesARetainedCheckpointThatCannotBeRead(t *testing.T) {
	p := only(t, tapeSetup(), NewRestoreRules())
	p.begin(0, 0)
	_, completed := p.checkpoint(2, 0)
	requireOnly(t, p.finish(End{
		Status: protocol.JobFailed, Retained: []protocol.CheckpointID{2},
		Unreadable: []UnreadableCheckpoint{{Checkpoint: 2, Reason: "no state of task 1"}},
	}), "lost/restore/retained", completed)
}
