package external

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// refused drops a request whose predecessor failed: they come again, in order.
func (s *System) refused(_ *sim.Context, r *rpc.ExternalRequest) bool {
	session := s.ledger.session(r.Task, r.Attempt)
	return r.Sequence != session.applied+1
}

// fails is the fault that a request meets. One that is not carried out was never received,
// nor was what came behind it: the sender gets no answer and asks again.
func (s *System) fails(c *sim.Context, r *rpc.ExternalRequest) *RequestFault {
	f := s.options.Conditions.meets(r)
	if f == nil {
		return nil
	}
	if f.Struck == 1 {
		c.Kernel().Emit(uint16(protocol.FaultBit), int64(protocol.FaultFail), int64(r.Operation), 0, 0, 0, 0)
	}
	if !f.Applied {
		session := s.ledger.session(r.Task, r.Attempt)
		s.stream(session).received = session.applied
	}
	return f
}

// giveUp ends transactions as if their time were over.
func (s *System) giveUp(c *sim.Context, o *rpc.ExpireOrder) {
	status, left := protocol.LogOpen, o.Limit
	if o.Prepared {
		status = protocol.LogPrepared
	}
	s.expired = s.expired[:0]
	for _, task := range o.Tasks {
		s.expired = s.ledger.transactions.TimeOut(task, status, left-len(s.expired), s.expired)
	}
	if len(s.expired) > 0 {
		c.Kernel().Emit(uint16(protocol.FaultBit), int64(protocol.FaultExpire), int64(len(s.expired)), 0, 0, 0, 0)
	}
	s.timedOut(c)
}

// fence lets attempts of a task before the given one do nothing new.
func (s *System) fence(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt) {
	s.ledger.transactions.Fence(task, attempt)
	s.options.Operations.Took(protocol.Operation{
		Service: protocol.ServiceTransactions, Kind: protocol.OperationExclude,
		Client: int64(task), CallNanos: c.NowNanos(), Attempt: attempt,
	})
}
