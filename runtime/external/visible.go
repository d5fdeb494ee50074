package external

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// sinkOf is the vertex of the sink that a task belongs to.
func (s *System) sinkOf(task protocol.TaskID) protocol.VertexID {
	return s.ledger.plan.Tasks[task].Vertex
}

// change is a decision about a transaction that is durable and may not have been told of.
type change struct {
	kind        protocol.EventKind
	transaction protocol.TransactionID
	content     protocol.Tally
}

// tell makes the events of what the ledger holds already, and shows readers what is
// committed. (1) A request makes ten transactions visible; (2) the system crashes at the
// event of the first one; (3) the others are as durable as the first, so that the restarted
// system tells of them.
func (s *System) tell(c *sim.Context) {
	untold := &s.ledger.untold
	for len(*untold) > 0 && !c.Crashed() {
		next := (*untold)[0]
		*untold = append((*untold)[:0], (*untold)[1:]...)
		c.Emit(uint16(next.kind), int64(s.sinkOf(next.transaction.Task())), int64(next.transaction),
			next.content.Count, int64(next.content.Sum), 0, 0)
	}
	s.showCommitted(c)
}

// showCommitted shows readers the transactions that became visible.
func (s *System) showCommitted(c *sim.Context) {
	visible := s.ledger.transactions.Visible()
	for s.ledger.shown < len(visible) && !c.Crashed() {
		id := visible[s.ledger.shown]
		s.ledger.shown++
		content, batches := s.ledger.transactions.ContentOf(id), s.ledger.takeRecords(id)
		s.makeVisible(c, id.Task(), id, batches, content)
		s.ledger.recycle(batches)
	}
}

// makeVisible shows readers what one task has written.
func (s *System) makeVisible(c *sim.Context, task protocol.TaskID, id protocol.TransactionID,
	batches []batch, content protocol.Tally) {
	v, shown := s.sinkOf(task), uint64(0)
	if s.options.Bug == protocol.BugPartVisible && len(batches) > 1 {
		batches = batches[:1]
	}
	for b := range batches {
		s.ledger.show(v, id, &batches[b])
		shown += batches[b].shown
		if !s.options.Detailed {
			continue
		}
		for _, r := range batches[b].records {
			c.Emit(uint16(protocol.RecordVisible), int64(v), int64(id), int64(r.Lineage), int64(r.Key), 0, 0)
		}
	}
	c.Emit(uint16(protocol.OutputVisible), int64(v), int64(id), content.Count, int64(content.Sum),
		int64(shown), 0)
}

// dropped forgets the content of a transaction that will never be visible. What it held
// back from readers may become visible now.
func (s *System) dropped(c *sim.Context, kind protocol.EventKind, id protocol.TransactionID) {
	s.ledger.recycle(s.ledger.takeRecords(id))
	s.ledger.untold = append(s.ledger.untold, change{kind: kind, transaction: id})
	s.tell(c)
}

// timeoutOf is after how long the transaction that r begins is aborted.
func (s *System) timeoutOf(r *rpc.ExternalRequest) int64 {
	plan := s.ledger.plan
	node := plan.SinkOf(plan.VertexOf(r.Task))
	if node != nil && node.Sink.TransactionTimeoutNanos > 0 {
		return node.Sink.TransactionTimeoutNanos
	}
	return s.options.TransactionTimeoutNanos
}

// expire aborts the transactions whose time is over: prepared ones too, which loses
// output if their checkpoint is complete. A restarted system starts with it.
func (s *System) expire(c *sim.Context) {
	s.expired = s.ledger.transactions.Expire(c.ClockNanos(), s.expired[:0])
	s.timedOut(c)
}

// timedOut tells of the transactions that were given up just now.
func (s *System) timedOut(c *sim.Context) {
	for _, id := range s.expired {
		s.options.Operations.Took(protocol.Operation{
			Service: protocol.ServiceTransactions, Kind: protocol.OperationTimeout,
			Client: int64(id.Task()), CallNanos: c.NowNanos(), Transaction: id,
		})
		s.dropped(c, protocol.TransactionTimedOut, id)
	}
	s.armTimeout(c)
}

// armTimeout sets the timer for the next transaction to time out.
func (s *System) armTimeout(c *sim.Context) {
	c.Cancel(s.timeout)
	if deadline, ok := s.ledger.transactions.NextDeadlineNanos(); ok {
		s.timeout = c.After(max(deadline-c.ClockNanos(), 1),
			sim.Message{Kind: rpc.ExternalTimeout, Housekeeping: true})
	}
}
