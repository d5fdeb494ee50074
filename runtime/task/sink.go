package task

import (
	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/sim"
)

// sinkDriver hands a task's output to an external system: in transactions that commit
// with checkpoints, or as plain writes that count at once.
type sinkDriver struct {
	task      *Task
	spec      *sink.Spec
	external  sim.ActorID
	two       *protocol.TwoPhaseCommit
	effects   protocol.TwoPhaseEffects
	ready     bool
	buffered  []record.Record // not sent yet
	content   protocol.Tally  // of the current transaction, or of buffered writes
	taken     protocol.Tally  // in all transactions that were pre-committed
	contents  []rpc.TransactionContent
	sequence  int64
	requests  []*rpc.ExternalRequest // not answered yet, oldest first
	retrying  bool
	lingering bool
	finished  bool
}

// Limits of a sink's client: it sends when it has so many records, or after so long.
const (
	flushRecords    = 256
	flushNanos      = 100e6
	retryNanos      = 1e9
	requestOverhead = 100
)

func (t *Task) buildSink() {
	node := t.d.Plan.SinkOf(t.vertex)
	if node == nil {
		return
	}
	last := t.vertex.Nodes[len(t.vertex.Nodes)-1]
	s := &sinkDriver{task: t, spec: node.Sink, external: t.env.Externals[last]}
	if node.Sink.Kind == sink.Transactional {
		options := protocol.DefaultTwoPhaseOptions()
		options.TimeoutNanos, options.Bug = node.Sink.TransactionTimeoutNanos, t.config.Bug
		s.two = protocol.NewTwoPhaseCommit(t.id, options)
	}
	t.sink = s
}

// open takes the sink up again: what the checkpoint had pre-committed is committed, the
// rest of the former attempts is aborted, and only then records may come.
func (s *sinkDriver) open(c *sim.Context, restore *rpc.Restore, snapshot *rpc.TaskSnapshot) {
	if s.two == nil {
		s.ready = true
		return
	}
	in := protocol.TwoPhaseInput{Kind: protocol.SinkOpened, Attempt: s.task.attempt}
	if restore != nil {
		in.Checkpoint, in.State = restore.Checkpoint, snapshot.Sink
		s.contents, s.taken = append(s.contents, snapshot.Contents...), snapshot.Taken.Applied
	}
	s.step(c, in)
}

// step feeds the two-phase machine and carries out its effects.
func (s *sinkDriver) step(c *sim.Context, in protocol.TwoPhaseInput) {
	in.NowNanos = c.ClockNanos()
	start := len(s.effects.List)
	s.two.Step(in, &s.effects)
	for i := start; i < len(s.effects.List) && s.task.busy != ended; i++ {
		s.apply(c, s.effects.List[i])
	}
	s.effects.List = s.effects.List[:start]
}

func (s *sinkDriver) apply(c *sim.Context, e protocol.TwoPhaseEffect) {
	task, transaction := int64(s.task.id), int64(e.Transaction)
	switch e.Kind {
	case protocol.BeginTransaction:
		c.Emit(uint16(protocol.TransactionOpened), task, transaction, 0, 0, 0, 0)
		s.content = tally(s.buffered) // what timers emitted while the sink recovered
		s.request(c, rpc.ExternalBegin, e.Transaction, nil)
	case protocol.PreCommitTransaction:
		s.taken = s.taken.Plus(s.content)
		c.Emit(uint16(protocol.TransactionPreCommitted), task, transaction, int64(e.Checkpoint),
			s.content.Count, 0, 0)
		s.contents = append(s.contents, rpc.TransactionContent{Transaction: e.Transaction, Content: s.content})
		if s.task.config.Bug == protocol.BugNoFlushAtPreCommit {
			s.request(c, rpc.ExternalPrepare, e.Transaction, nil)
			return
		}
		s.send(c, rpc.ExternalPrepare, e.Transaction)
	case protocol.FlushTransaction:
		s.send(c, rpc.ExternalPrepare, e.Transaction)
	case protocol.CommitTransaction:
		s.request(c, rpc.ExternalCommit, e.Transaction, nil)
	case protocol.AbortTransaction:
		s.request(c, rpc.ExternalAbort, e.Transaction, nil)
	case protocol.AbortLingering:
		s.request(c, rpc.ExternalRecover, 0, nil)
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

// takesQuietly reports whether so many more records can be taken without anything else
// happening: no message is sent, and no timer set.
func (s *sinkDriver) takesQuietly(more int) bool {
	return (s.two != nil || s.lingering) && len(s.buffered)+more < flushRecords
}

// take buffers what the task has put out.
func (s *sinkDriver) take(c *sim.Context, records []record.Record) {
	for i := range records {
		if !records[i].IsRecord() {
			continue
		}
		s.buffered = append(s.buffered, records[i])
		s.content.Add(records[i].Lineage)
	}
	if len(s.buffered) >= flushRecords {
		s.flush(c)
		return
	}
	if s.two == nil && len(s.buffered) > 0 && !s.lingering {
		s.lingering = true
		c.After(flushNanos, sim.Message{Kind: rpc.FlushTimer + sinkTimers})
	}
}

// flush sends the buffered records: into the open transaction, or as plain writes.
func (s *sinkDriver) flush(c *sim.Context) {
	if len(s.buffered) == 0 {
		return
	}
	transaction := protocol.TransactionID(0)
	if s.two != nil {
		transaction = s.two.Current()
	}
	s.send(c, rpc.ExternalWrite, transaction)
}

// send is a request that carries the buffered records.
func (s *sinkDriver) send(c *sim.Context, operation rpc.Kind, transaction protocol.TransactionID) {
	records := s.buffered
	s.buffered = nil
	s.request(c, operation, transaction, records)
}

func (s *sinkDriver) request(
	c *sim.Context, operation rpc.Kind, transaction protocol.TransactionID, records []record.Record,
) {
	s.sequence++
	r := &rpc.ExternalRequest{
		Operation: operation, Task: s.task.id, Attempt: s.task.attempt, Transaction: transaction,
		Records: records, Content: tally(records), Sequence: s.sequence, ReplyTo: c.Self(),
	}
	s.requests = append(s.requests, r)
	s.post(c, r)
	if !s.retrying {
		s.retrying = true
		c.After(retryNanos, sim.Message{Kind: rpc.Retry + sinkTimers, Housekeeping: true})
	}
}

func tally(records []record.Record) protocol.Tally {
	var t protocol.Tally
	for i := range records {
		t.Add(records[i].Lineage)
	}
	return t
}

func (s *sinkDriver) post(c *sim.Context, r *rpc.ExternalRequest) {
	size := int64(requestOverhead)
	for i := range r.Records {
		size += int64(r.Records[i].SizeBytes)
	}
	c.Post(s.external, size, sim.Message{Kind: r.Operation, Body: r})
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
			s.answered(c, r, reply.Status)
			return
		}
	}
}

func (s *sinkDriver) answered(c *sim.Context, r *rpc.ExternalRequest, status rpc.ExternalStatus) {
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
	if t.busy == ended || s.writing() {
		return
	}
	for i := len(t.checkpoints.list) - 1; i >= 0 && t.busy != ended; i-- {
		cp := t.checkpoints.list[i]
		if cp.sinkOpen {
			cp.sinkOpen = false
			t.advance(c, cp)
		}
	}
	if t.busy != ended {
		t.maybeFinished(c)
	}
}

// writing reports whether output is on its way that a checkpoint must wait for.
func (s *sinkDriver) writing() bool {
	for _, r := range s.requests {
		if r.Operation == rpc.ExternalWrite || r.Operation == rpc.ExternalPrepare {
			return true
		}
	}
	return false
}

// snapshot pre-commits; the acknowledgement waits until the external system has it.
func (s *sinkDriver) snapshot(c *sim.Context, cp *localCheckpoint) {
	if s.two == nil {
		s.flush(c)
	} else {
		s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkSnapshot, Checkpoint: cp.id})
		cp.snapshot.Sink = &protocol.TransactionState{}
		s.two.StateInto(cp.snapshot.Sink)
		cp.snapshot.Taken = protocol.StatePoint{Operator: operator.HashID(s.spec.ID), Applied: s.taken}
		cp.snapshot.Contents = append(cp.snapshot.Contents, s.contents...)
		if s.task.config.Bug == protocol.BugCommitAtSnapshot {
			s.completed(c, cp.id)
		}
	}
	cp.sinkOpen = s.writing()
}

func (s *sinkDriver) completed(c *sim.Context, id protocol.CheckpointID) {
	if s.two != nil {
		s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkCompleted, Checkpoint: id})
	}
}

func (s *sinkDriver) aborted(c *sim.Context, id protocol.CheckpointID) {
	if s.two != nil {
		s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkAborted, Checkpoint: id})
	}
}

// finish: no record follows. Without checkpoints nobody will say when to commit, so the
// last transaction commits now.
func (s *sinkDriver) finish(c *sim.Context) {
	s.finished = true
	if s.two == nil {
		s.flush(c)
		return
	}
	transaction := s.two.Current()
	s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkFinished})
	if !s.task.awaitsFinalCheckpoint() {
		s.request(c, rpc.ExternalCommit, transaction, nil)
	}
}

// settled reports whether nothing is on its way to the external system.
func (s *sinkDriver) settled() bool { return len(s.requests) == 0 }

// stateBytes is what the sink adds to a snapshot; a nil driver adds nothing.
func (s *sinkDriver) stateBytes() int64 {
	if s == nil || s.two == nil {
		return 0
	}
	return int64(s.two.Pending()+1) * transactionSizeBytes
}

const transactionSizeBytes = 24
