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

// emit writes an event about a transaction.
func (s *System) emit(
	c *sim.Context, kind protocol.EventKind, id protocol.TransactionID, content protocol.Tally,
) {
	c.Emit(uint16(kind), int64(s.sinkOf(id.Task())), int64(id), content.Count, int64(content.Sum), 0, 0)
}

// showCommitted shows readers the transactions that became visible.
func (s *System) showCommitted(c *sim.Context) {
	visible := s.ledger.transactions.Visible()
	for _, id := range visible[s.ledger.shown:] {
		content, batches := s.ledger.transactions.ContentOf(id), s.ledger.takeRecords(id)
		s.makeVisible(c, id.Task(), id, batches, content)
		s.ledger.recycle(batches)
	}
	s.ledger.shown = len(visible)
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
	c.Emit(uint16(kind), int64(s.sinkOf(id.Task())), int64(id), 0, 0, 0, 0)
	s.showCommitted(c)
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
