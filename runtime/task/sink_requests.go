package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// retryNanos is when a sink's client repeats what was not answered, requestOverhead the
// bytes of a request besides its records.
const (
	retryNanos      = 1e9
	requestOverhead = 100
)

// send is a request that carries the buffered records.
func (s *sinkDriver) send(c *sim.Context, operation rpc.Kind, transaction protocol.TransactionID) {
	r := s.newRequest(c, operation, transaction)
	r.Records, r.Content, r.SizeBytes = s.buffered, s.waiting, requestOverhead+s.bytes
	s.buffered, s.waiting, s.bytes = nil, protocol.Tally{}, 0
	s.begin(c, r)
}

// request asks for a step without records.
func (s *sinkDriver) request(c *sim.Context, operation rpc.Kind, transaction protocol.TransactionID) {
	s.begin(c, s.newRequest(c, operation, transaction))
}

func (s *sinkDriver) newRequest(
	c *sim.Context, operation rpc.Kind, transaction protocol.TransactionID,
) *rpc.ExternalRequest {
	s.sequence++
	r := s.task.env.Messages.ExternalRequests.New()
	*r = rpc.ExternalRequest{
		Operation: operation, Task: s.task.id, Attempt: s.task.attempt, Transaction: transaction,
		Sequence: s.sequence, ReplyTo: c.Self(), SizeBytes: requestOverhead,
	}
	return r
}

// begin sends a request, again and again until it is answered.
func (s *sinkDriver) begin(c *sim.Context, r *rpc.ExternalRequest) {
	s.requests = append(s.requests, r)
	r.Call = s.called(c, r)
	s.post(c, r)
	if !s.retrying {
		s.retrying = true
		c.After(retryNanos, sim.Message{Kind: rpc.Retry + sinkTimers, Housekeeping: true})
	}
}

func (s *sinkDriver) post(c *sim.Context, r *rpc.ExternalRequest) {
	c.Post(s.external, r.SizeBytes, sim.Message{Kind: r.Operation, Body: r})
}

// sinkTimers keeps the sink's own timers apart from the task's.
const sinkTimers = rpc.FirstFree

// mail handles the sink's own timers.
func (s *sinkDriver) mail(c *sim.Context, m sim.Message) bool {
	switch m.Kind {
	case rpc.FlushTimer + sinkTimers:
		s.lingering = false
		s.flush(c)
	case rpc.Retry + sinkTimers:
		s.retry(c)
	default:
		return false
	}
	return true
}

// retry sends again what has not been answered: every step is idempotent.
func (s *sinkDriver) retry(c *sim.Context) {
	s.retrying = len(s.requests) > 0
	if !s.retrying {
		return
	}
	for _, r := range s.requests {
		s.post(c, r)
	}
	c.After(retryNanos, sim.Message{Kind: rpc.Retry + sinkTimers, Housekeeping: true})
}

// reply is the external system's answer.
func (s *sinkDriver) reply(c *sim.Context, reply *rpc.ExternalReply) {
	for i, r := range s.requests {
		if r.Sequence == reply.Sequence {
			s.requests = append(s.requests[:i], s.requests[i+1:]...)
			s.returned(c, r, reply.Status)
			s.answered(c, r, reply.Status)
			return
		}
	}
}

// transactionSteps are the steps that the log of operations takes down.
var transactionSteps = [...]struct {
	request rpc.Kind
	kind    protocol.OperationKind
}{
	{rpc.ExternalBegin, protocol.OperationBegin}, {rpc.ExternalPrepare, protocol.OperationPrepare},
	{rpc.ExternalCommit, protocol.OperationCommit}, {rpc.ExternalAbort, protocol.OperationAbort},
	{rpc.ExternalRecover, protocol.OperationFence},
}

// called takes down a step of a transaction; writes are none.
func (s *sinkDriver) called(c *sim.Context, r *rpc.ExternalRequest) int {
	for _, step := range transactionSteps {
		if step.request == r.Operation && s.two != nil {
			return s.task.env.Operations.Call(protocol.Operation{
				Service: protocol.ServiceTransactions, Kind: step.kind, Client: int64(s.task.id),
				CallNanos: c.NowNanos(), Transaction: r.Transaction, Attempt: s.task.attempt,
			})
		}
	}
	return protocol.NoOperation
}

func (s *sinkDriver) returned(c *sim.Context, r *rpc.ExternalRequest, status rpc.ExternalStatus) {
	outcome := protocol.OutcomeOK
	switch status {
	case rpc.ExternalFenced:
		outcome = protocol.OutcomeFenced
	case rpc.ExternalUnknown:
		outcome = protocol.OutcomeRefused
	}
	s.task.env.Operations.Return(r.Call, c.NowNanos(), outcome, 0, protocol.RegisterValue{})
}

func (s *sinkDriver) handleAnswer(c *sim.Context, r *rpc.ExternalRequest, status rpc.ExternalStatus) {
	switch {
	case status == rpc.ExternalFenced:
		c.Emit(uint16(protocol.ZombieFenced), int64(s.task.id), int64(s.task.attempt), 2, 0, 0, 0)
		s.task.fail(c, rpc.CauseCommitFailed)
		return
	case r.Operation == rpc.ExternalCommit && s.two != nil:
		in := protocol.TwoPhaseInput{Kind: protocol.SinkCommitted, Transaction: r.Transaction}
		if status != rpc.ExternalOK {
			in.Kind = protocol.SinkCommitFailed
		}
		s.forget(r.Transaction)
		s.step(c, in)
	case status != rpc.ExternalOK && r.Operation != rpc.ExternalAbort:
		s.task.fail(c, rpc.CauseCommitFailed)
		return
	}
	s.progressed(c)
}

func (s *sinkDriver) forget(transaction protocol.TransactionID) {
	for i := range s.contents {
		if s.contents[i].Transaction == transaction {
			s.contents = append(s.contents[:i], s.contents[i+1:]...)
			return
		}
	}
}

// progressed goes on with what waited for the external system.
func (s *sinkDriver) progressed(c *sim.Context) {
	t := s.task
	if t.busy == ended {
		return
	}
	for i := len(t.checkpoints.list) - 1; i >= 0 && t.busy != ended; i-- {
		cp := t.checkpoints.list[i]
		if cp.sinkOpen && !s.writing(cp.sinkThrough) {
			cp.sinkOpen = false
			t.advance(c, cp)
		}
	}
	if t.busy != ended {
		t.maybeFinished(c)
	}
}

// writing reports whether output up to a request is on its way still. What was sent after
// a snapshot does not hold its checkpoint up: there may always be some.
func (s *sinkDriver) writing(through int64) bool {
	for _, r := range s.requests {
		if r.Sequence <= through && (r.Operation == rpc.ExternalWrite || r.Operation == rpc.ExternalPrepare) {
			return true
		}
	}
	return false
}
