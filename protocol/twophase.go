package protocol

import "fmt"

// TwoPhaseCommit is the transactional sink of one task: output becomes visible when the
// checkpoint that contains it is complete, and exactly once (Flink:
// TwoPhaseCommitSinkFunction).
//
//	open -> [ append ... | snapshot(n): pre-commit, pending n, next transaction ]*
//	complete(n): commit every pending <= n        aborted(n): keep it, n+1 commits it
//	restore: commit all pending, abort the rest, begin anew
//
// It is a pure state machine. The invariants it keeps are those of reference
// protocols.md 3.3: I1 a transaction is committed only after its checkpoint is complete;
// I2 once that is complete it is committed in the end, over any number of crashes; I3 a
// restored sink aborts what its predecessors left behind; I5 notifications may be lost,
// doubled, late or out of order; I6 the transaction of an aborted checkpoint is kept. I4
// is the external system's part: it must not time out a transaction before its commit.
//
// Duties of the host: carry out the effects in order, on a connection that keeps their
// order; acknowledge checkpoint n only after PreCommitTransaction has succeeded, with the
// state that StateInto gives right after SinkSnapshot; answer every CommitTransaction
// with SinkCommitted or SinkCommitFailed; keep records back until SinkReady.
type TwoPhaseCommit struct {
	task     TaskID
	options  TwoPhaseOptions
	attempt  Attempt
	phase    sinkPhase
	restored CheckpointID
	current  PendingTransaction   // the open one; its Checkpoint is not yet known
	pending  []PendingTransaction // oldest first
	leftOpen PendingTransaction   // the predecessor's, to abort
}

// TwoPhaseOptions configures a TwoPhaseCommit.
type TwoPhaseOptions struct {
	// AbortLingering aborts, when restoring, every transaction that former attempts of
	// the task have left in the external system, by name. Without it a transaction begun
	// after the restored checkpoint stays open until it times out, and may block readers.
	AbortLingering bool
	// TimeoutNanos is the external system's transaction timeout, as far as the sink knows
	// it (Flink: setTransactionTimeout); 0: none.
	TimeoutNanos int64
	// IgnoreFailuresAfterTimeout lets a restore go on when a transaction that is older
	// than TimeoutNanos cannot be committed: the output is lost, the job lives (Flink:
	// ignoreFailuresAfterTransactionTimeout).
	IgnoreFailuresAfterTimeout bool
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug Bug
}

// DefaultTwoPhaseOptions aborts what lingers, knows no timeout and ignores no failure.
func DefaultTwoPhaseOptions() TwoPhaseOptions { return TwoPhaseOptions{AbortLingering: true} }

// PendingTransaction is a transaction and the checkpoint that commits it.
type PendingTransaction struct {
	Transaction TransactionID
	Checkpoint  CheckpointID
	// OpenedNanos is when it began, by the clock of the sink's node.
	OpenedNanos int64
}

// noTransaction stands for none: MakeTransactionID never gives it, as checkpoints count
// from 1.
const noTransaction TransactionID = 0

// TransactionState is a sink's part of a checkpoint: what is pre-committed, and what is
// open. It survives crashes; nothing else of a TwoPhaseCommit does.
type TransactionState struct {
	Pending []PendingTransaction
	// Current is the open transaction, its Transaction 0 when the sink had finished.
	Current PendingTransaction
}

type sinkPhase uint8

const (
	sinkClosed sinkPhase = iota
	sinkRecovering
	sinkOpen
	sinkFinished
)

// TwoPhaseInputKind is what happened to the sink.
type TwoPhaseInputKind uint8

const (
	// SinkOpened: the task starts in Attempt from Checkpoint with State, or from scratch
	// (NoCheckpoint and nil).
	SinkOpened TwoPhaseInputKind = iota
	// SinkSnapshot: Checkpoint passes the sink.
	SinkSnapshot
	// SinkCompleted: the sink is told, perhaps not for the first time, that Checkpoint is
	// complete; also fed for the latest completed id that an abort carries.
	SinkCompleted
	// SinkAborted: the sink is told that Checkpoint was aborted.
	SinkAborted
	// SinkCommitted and SinkCommitFailed answer CommitTransaction of Transaction.
	SinkCommitted
	SinkCommitFailed
	// SinkFinished: the sink's input has ended.
	SinkFinished
	// SinkClosed: the task is being cancelled in good order (a crash feeds nothing).
	SinkClosed
)

// TwoPhaseInput is one step's cause. Which fields matter is said at its kind.
type TwoPhaseInput struct {
	Kind        TwoPhaseInputKind
	Attempt     Attempt
	Checkpoint  CheckpointID
	Transaction TransactionID
	State       *TransactionState
	// NowNanos is the clock of the sink's node, in nanoseconds.
	NowNanos int64
}

// TwoPhaseEffectKind is what a TwoPhaseCommit asks its host to do.
type TwoPhaseEffectKind uint8

const (
	// BeginTransaction: open Transaction in the external system; records go there now.
	BeginTransaction TwoPhaseEffectKind = iota
	// PreCommitTransaction: flush Transaction, so that nothing but a timeout can keep it
	// from being committed; it belongs to Checkpoint.
	PreCommitTransaction
	// CommitTransaction: make Transaction visible. It may have been ordered, and even
	// committed, before.
	CommitTransaction
	// AbortTransaction: drop Transaction, which may be gone already.
	AbortTransaction
	// AbortLingering: drop every uncommitted transaction that attempts of Task before
	// Attempt have left, and refuse new ones of theirs.
	AbortLingering
	// FlushTransaction: the input has ended; flush Transaction.
	FlushTransaction
	// SinkReady: the sink is restored; records may come.
	SinkReady
	// FailSink: Transaction could not be committed; the task must fail.
	FailSink
	// ReportRecovered: Transaction, of Checkpoint, is about to be committed by a successor
	// (a mark only).
	ReportRecovered
	// ReportLost: Transaction timed out and its output is lost, as the options allow (a
	// mark only).
	ReportLost
)

var twoPhaseEffectNames = [...]string{
	"begin", "pre-commit", "commit", "abort", "abort-lingering", "flush", "ready", "fail-sink",
	"recovered", "lost",
}

// TwoPhaseEffect is one order to the host. Which fields matter is said at its kind.
type TwoPhaseEffect struct {
	Kind        TwoPhaseEffectKind
	Task        TaskID
	Attempt     Attempt
	Checkpoint  CheckpointID
	Transaction TransactionID
}

// String is the effect as scripts show it.
func (e TwoPhaseEffect) String() string {
	name := twoPhaseEffectNames[e.Kind]
	switch e.Kind {
	case SinkReady:
		return name
	case AbortLingering:
		return fmt.Sprintf("%s task=%d attempt=%d", name, e.Task, e.Attempt)
	case PreCommitTransaction, ReportRecovered:
		return fmt.Sprintf("%s %s checkpoint=%d", name, e.Transaction, e.Checkpoint)
	}
	return name + " " + e.Transaction.String()
}

// TwoPhaseEffects is the caller-owned buffer that a step appends to, in order.
type TwoPhaseEffects struct{ List []TwoPhaseEffect }

// Reset empties the buffer.
func (e *TwoPhaseEffects) Reset() { e.List = e.List[:0] }

// Add appends one effect.
func (e *TwoPhaseEffects) Add(effect TwoPhaseEffect) { e.List = append(e.List, effect) }
