package protocol

import "fmt"

// NewTwoPhaseCommit returns the sink of task, not opened.
func NewTwoPhaseCommit(task TaskID, options TwoPhaseOptions) *TwoPhaseCommit {
	return &TwoPhaseCommit{task: task, options: options}
}

// Reset makes the sink as new, for another attempt, and keeps its memory.
func (s *TwoPhaseCommit) Reset() {
	*s = TwoPhaseCommit{task: s.task, options: s.options, pending: s.pending[:0]}
}

// Current is the transaction that records go to now, or 0 when there is none: not ready
// yet, or snapshotted after the end of input.
func (s *TwoPhaseCommit) Current() TransactionID { return s.current.Transaction }

// Pending is the number of transactions that wait for a completion or for the answer to
// their commit.
func (s *TwoPhaseCommit) Pending() int { return len(s.pending) }

// Drained reports whether the sink has finished and all its output is committed.
func (s *TwoPhaseCommit) Drained() bool {
	return s.phase == sinkFinished && s.current.Transaction == noTransaction && len(s.pending) == 0
}

// StateInto writes the sink's part of the checkpoint that was just snapshotted.
func (s *TwoPhaseCommit) StateInto(state *TransactionState) {
	state.Pending = append(state.Pending[:0], s.pending...)
	state.Current = s.current
}

// Step takes one input and appends its effects to out.
func (s *TwoPhaseCommit) Step(in TwoPhaseInput, out *TwoPhaseEffects) {
	switch in.Kind {
	case SinkOpened:
		s.open(&in, out)
	case SinkSnapshot:
		s.snapshot(&in, out)
	case SinkCompleted:
		s.completed(in.Checkpoint, out)
	case SinkAborted:
		// The transaction holds output that no later record repeats: it is kept, and
		// committed with the next checkpoint that completes (I6; iceberg #15846).
		if s.options.Bug == BugAbortDropsPending {
			s.pending = s.pending[:0]
		}
	case SinkCommitted:
		s.committed(&in, out)
	case SinkCommitFailed:
		s.commitFailed(&in, out)
	case SinkFinished:
		s.finish(out)
	case SinkClosed:
		s.close(out)
	default:
		s.misuse("unknown input", &in)
	}
}

func (s *TwoPhaseCommit) misuse(what string, in *TwoPhaseInput) {
	panic(fmt.Sprintf("two-phase sink of task %d, attempt %d: %s (kind %d, checkpoint %d, phase %d) at %d ns",
		s.task, s.attempt, what, in.Kind, in.Checkpoint, s.phase, in.NowNanos))
}

// open commits what the restored checkpoint had pre-committed: it is complete, or it
// would not be restored. Only when that is done are the rest aborted and new output
// begun, as in initializeState, where each call waits for the external system.
func (s *TwoPhaseCommit) open(in *TwoPhaseInput, out *TwoPhaseEffects) {
	if s.phase != sinkClosed || len(s.pending) > 0 {
		s.misuse("opened twice", in)
	}
	s.attempt, s.restored, s.phase = in.Attempt, in.Checkpoint, sinkRecovering
	if in.State != nil {
		s.leftOpen = in.State.Current
		s.pending = append(s.pending, in.State.Pending...)
	}
	for _, p := range s.pending {
		out.Add(s.effect(ReportRecovered, p))
		out.Add(s.effect(CommitTransaction, p))
	}
	s.recoverIfDone(in.NowNanos, out)
}

// recoverIfDone ends the recovery when every recovered commit is answered.
func (s *TwoPhaseCommit) recoverIfDone(nowNanos int64, out *TwoPhaseEffects) {
	if s.phase != sinkRecovering || len(s.pending) > 0 {
		return
	}
	if s.leftOpen.Transaction != noTransaction {
		if s.options.Bug == BugRestoreCommitsOpen {
			out.Add(s.effect(CommitTransaction, s.leftOpen))
		}
		out.Add(s.effect(AbortTransaction, s.leftOpen))
	}
	if s.options.AbortLingering && s.attempt > 0 && s.options.Bug != BugLingeringKept {
		out.Add(s.effect(AbortLingering, PendingTransaction{}))
	}
	s.phase = sinkOpen
	s.begin(s.restored, nowNanos, out)
	out.Add(s.effect(SinkReady, PendingTransaction{}))
}

// begin opens the transaction that collects the output after checkpoint last.
func (s *TwoPhaseCommit) begin(last CheckpointID, nowNanos int64, out *TwoPhaseEffects) {
	s.current = PendingTransaction{
		Transaction: MakeTransactionID(s.task, s.attempt, last+1), OpenedNanos: nowNanos,
	}
	out.Add(s.effect(BeginTransaction, s.current))
}

// snapshot pre-commits the current transaction under the checkpoint and opens the next,
// unless the input has ended: nobody would commit that one (FLINK-23473).
func (s *TwoPhaseCommit) snapshot(in *TwoPhaseInput, out *TwoPhaseEffects) {
	if s.phase != sinkOpen && s.phase != sinkFinished {
		s.misuse("snapshot of a sink that is not open", in)
	}
	if s.current.Transaction == noTransaction {
		return
	}
	s.current.Checkpoint = in.Checkpoint
	out.Add(s.effect(PreCommitTransaction, s.current))
	if s.options.Bug == BugNewestPendingOnly {
		s.pending = s.pending[:0]
	}
	s.pending = append(s.pending, s.current)
	s.current = PendingTransaction{}
	if s.phase == sinkOpen {
		s.begin(in.Checkpoint, in.NowNanos, out)
	}
}

// completed commits everything up to the checkpoint: those of aborted checkpoints before
// it, and those whose own notification was lost (I5, I6). A commit that was ordered but
// not answered is ordered again: it may have been lost, and must not come after a later
// one.
func (s *TwoPhaseCommit) completed(id CheckpointID, out *TwoPhaseEffects) {
	if s.phase == sinkRecovering {
		return
	}
	for _, p := range s.pending {
		if p.Checkpoint <= id {
			out.Add(s.effect(CommitTransaction, p))
		}
	}
}

func (s *TwoPhaseCommit) committed(in *TwoPhaseInput, out *TwoPhaseEffects) {
	s.drop(in.Transaction)
	s.recoverIfDone(in.NowNanos, out)
}

func (s *TwoPhaseCommit) drop(transaction TransactionID) {
	kept := s.pending[:0]
	for _, p := range s.pending {
		if p.Transaction != transaction {
			kept = append(kept, p)
		}
	}
	s.pending = kept
}

// commitFailed fails the task, which is then restored and tries again; but see
// IgnoreFailuresAfterTimeout.
func (s *TwoPhaseCommit) commitFailed(in *TwoPhaseInput, out *TwoPhaseEffects) {
	for _, p := range s.pending {
		if p.Transaction != in.Transaction {
			continue
		}
		if !s.mayLose(p, in.NowNanos) {
			out.Add(s.effect(FailSink, p))
			return
		}
		out.Add(s.effect(ReportLost, p))
		s.committed(in, out)
		return
	}
}

func (s *TwoPhaseCommit) mayLose(p PendingTransaction, nowNanos int64) bool {
	o := &s.options
	return s.phase == sinkRecovering && o.IgnoreFailuresAfterTimeout && o.TimeoutNanos > 0 &&
		nowNanos-p.OpenedNanos > o.TimeoutNanos
}

func (s *TwoPhaseCommit) finish(out *TwoPhaseEffects) {
	if s.phase != sinkOpen {
		return
	}
	s.phase = sinkFinished
	if s.current.Transaction != noTransaction {
		out.Add(s.effect(FlushTransaction, s.current))
	}
}

// close aborts what is open. What is pre-committed stays: its checkpoint may be complete.
func (s *TwoPhaseCommit) close(out *TwoPhaseEffects) {
	if s.current.Transaction != noTransaction {
		out.Add(s.effect(AbortTransaction, s.current))
	}
	s.current = PendingTransaction{}
	s.phase = sinkClosed
}

func (s *TwoPhaseCommit) effect(kind TwoPhaseEffectKind, p PendingTransaction) TwoPhaseEffect {
	return TwoPhaseEffect{
		Kind: kind, Task: s.task, Attempt: s.attempt,
		Transaction: p.Transaction, Checkpoint: p.Checkpoint,
	}
}
