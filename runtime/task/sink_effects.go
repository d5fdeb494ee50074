package task

import (
	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// apply carries out one effect, between the two sides of its step.
func (s *sinkDriver) apply(c *sim.Context, e protocol.TwoPhaseEffect) {
	step := s.stepOf(e.Kind)
	if step == protocol.StepNone {
		s.carryOut(c, e)
	} else if !s.task.before(c, step, e.Checkpoint) {
		s.carryOut(c, e)
		s.task.after(c, step, e.Checkpoint)
	}
}

// stepOf is the protocol step that an effect is; reports are none.
func (s *sinkDriver) stepOf(kind protocol.TwoPhaseEffectKind) protocol.Step {
	switch kind {
	case protocol.BeginTransaction:
		return protocol.StepOpenTransaction
	case protocol.PreCommitTransaction, protocol.FlushTransaction:
		return protocol.StepPreCommit
	case protocol.CommitTransaction:
		if s.ready {
			return protocol.StepAskCommit
		}
		return protocol.StepRecommit
	case protocol.AbortTransaction:
		return protocol.StepAskAbort
	case protocol.AbortLingering:
		return protocol.StepAbortLingering
	case protocol.SinkReady:
		return protocol.StepRecovered
	}
	return protocol.StepNone
}

func (s *sinkDriver) carryOut(c *sim.Context, e protocol.TwoPhaseEffect) {
	task, transaction := int64(s.task.id), int64(e.Transaction)
	switch e.Kind {
	case protocol.BeginTransaction:
		c.Emit(uint16(protocol.TransactionOpened), task, transaction, 0, 0, 0, 0)
		s.content = s.waiting // what timers emitted while the sink recovered
		s.request(c, rpc.ExternalBegin, e.Transaction)
	case protocol.PreCommitTransaction:
		s.preCommit(c, e)
	case protocol.FlushTransaction:
		s.send(c, rpc.ExternalPrepare, e.Transaction)
	case protocol.CommitTransaction:
		if !s.task.throwsAt(c, protocol.CallbackCommit) {
			s.request(c, rpc.ExternalCommit, e.Transaction)
		}
	case protocol.AbortTransaction:
		s.request(c, rpc.ExternalAbort, e.Transaction)
	case protocol.AbortLingering:
		s.request(c, rpc.ExternalRecover, 0)
	case protocol.SinkReady:
		s.ready = true
		s.task.maybeRunning(c)
	case protocol.FailSink:
		c.Emit(uint16(protocol.TransactionCommitFailed), task, transaction, 0, 0, 0, 0)
		s.task.fail(c, rpc.CauseCommitFailed)
	case protocol.ReportRecovered:
		c.Emit(uint16(protocol.TransactionRecovered), task, transaction, int64(e.Checkpoint), 0, 0, 0)
	case protocol.ReportLost:
		c.Emit(uint16(protocol.TransactionCommitFailed), task, transaction, 0, 0, 0, 0)
	}
}

// preCommit sends what is buffered with the order to prepare its transaction.
func (s *sinkDriver) preCommit(c *sim.Context, e protocol.TwoPhaseEffect) {
	s.taken = s.taken.Plus(s.content)
	c.Emit(uint16(protocol.TransactionPreCommitted), int64(s.task.id), int64(e.Transaction),
		int64(e.Checkpoint), s.content.Count, 0, 0)
	s.contents = append(s.contents, rpc.TransactionContent{Transaction: e.Transaction, Content: s.content})
	if s.task.config.Bug == protocol.BugNoFlushAtPreCommit {
		s.request(c, rpc.ExternalPrepare, e.Transaction)
		return
	}
	s.send(c, rpc.ExternalPrepare, e.Transaction)
}

// answerSteps are the protocol steps that answers of the external system are.
var answerSteps = [...]struct {
	operation rpc.Kind
	step      protocol.Step
}{
	{rpc.ExternalPrepare, protocol.StepPrepared}, {rpc.ExternalCommit, protocol.StepCommitted},
	{rpc.ExternalAbort, protocol.StepAborted}, {rpc.ExternalRecover, protocol.StepAborted},
}

// answered handles an answer, between the two sides of its step.
func (s *sinkDriver) answered(c *sim.Context, r *rpc.ExternalRequest, status rpc.ExternalStatus) {
	for _, a := range answerSteps {
		if a.operation == r.Operation && s.two != nil {
			if !s.task.before(c, a.step, protocol.NoCheckpoint) {
				s.handleAnswer(c, r, status)
				s.task.after(c, a.step, protocol.NoCheckpoint)
			}
			return
		}
	}
	s.handleAnswer(c, r, status)
}

// snapshotCommittables writes down what the checkpoint will commit.
func (s *sinkDriver) snapshotCommittables(c *sim.Context, cp *localCheckpoint) {
	if s.task.before(c, protocol.StepSnapshotCommittables, cp.id) {
		return
	}
	cp.snapshot.Sink = s.task.env.Messages.Sinks.New()
	s.two.StateInto(cp.snapshot.Sink)
	cp.snapshot.Taken = protocol.StatePoint{Operator: operator.HashID(s.spec.ID), Applied: s.taken}
	cp.snapshot.Contents = append(cp.snapshot.Contents, s.contents...)
	s.task.after(c, protocol.StepSnapshotCommittables, cp.id)
}
