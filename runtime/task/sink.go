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
	foreseen  int             // records behind the visible end of those
	waiting   protocol.Tally  // of those
	bytes     int64           // of those
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
	s := t.env.Workspaces.sinks.New()
	*s = sinkDriver{task: t, spec: node.Sink, external: t.env.Externals[last]}
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
		s.content = s.waiting // what timers emitted while the sink recovered
		s.request(c, rpc.ExternalBegin, e.Transaction)
	case protocol.PreCommitTransaction:
		s.taken = s.taken.Plus(s.content)
		c.Emit(uint16(protocol.TransactionPreCommitted), task, transaction, int64(e.Checkpoint),
			s.content.Count, 0, 0)
		s.contents = append(s.contents, rpc.TransactionContent{Transaction: e.Transaction, Content: s.content})
		if s.task.config.Bug == protocol.BugNoFlushAtPreCommit {
			s.request(c, rpc.ExternalPrepare, e.Transaction)
			return
		}
		s.send(c, rpc.ExternalPrepare, e.Transaction)
	case protocol.FlushTransaction:
		s.send(c, rpc.ExternalPrepare, e.Transaction)
	case protocol.CommitTransaction:
		s.request(c, rpc.ExternalCommit, e.Transaction)
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

// foresee takes a record before its time, behind the visible end of what is buffered.
// False: something else would happen with it: a message is sent, or a timer set.
func (s *sinkDriver) foresee(r *record.Record) bool {
	if s.discards() {
		return true
	}
	at := len(s.buffered) + s.foreseen
	if s.two == nil && !s.lingering || at+1 >= flushRecords {
		return false
	}
	if s.buffered == nil {
		s.buffered = s.task.env.Batches.Take()
	}
	s.buffered[:at+1][at] = *r
	s.foreseen++
	return true
}

// reveal takes the first n foreseen records: their time has come.
func (s *sinkDriver) reveal(n int) {
	if s.discards() {
		return
	}
	visible := len(s.buffered)
	s.buffered = s.buffered[:visible+n]
	s.foreseen -= n
	s.count(s.buffered[visible:])
}

func (s *sinkDriver) discards() bool { return s.spec.Kind == sink.Discard }

// take buffers what the task has put out.
func (s *sinkDriver) take(c *sim.Context, records []record.Record) {
	if s.discards() {
		return
	}
	if s.buffered == nil && len(records) > 0 {
		s.buffered = s.task.env.Batches.Take()
	}
	visible := len(s.buffered)
	for i := range records {
		if records[i].IsRecord() {
			s.buffered = append(s.buffered, records[i])
		}
	}
	s.count(s.buffered[visible:])
	if len(s.buffered) >= flushRecords {
		s.flush(c)
		return
	}
	if s.two == nil && len(s.buffered) > 0 && !s.lingering {
		s.lingering = true
		c.After(flushNanos, sim.Message{Kind: rpc.FlushTimer + sinkTimers})
	}
}

// count adds records to what waits.
func (s *sinkDriver) count(records []record.Record) {
	added, bytes := protocol.Tally{}, int64(0)
	for i := range records {
		added.Add(records[i].Lineage)
		bytes += int64(records[i].SizeBytes)
	}
	s.content, s.waiting, s.bytes = s.content.Plus(added), s.waiting.Plus(added), s.bytes+bytes
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

// snapshot pre-commits; the acknowledgement waits until the external system has it.
func (s *sinkDriver) snapshot(c *sim.Context, cp *localCheckpoint) {
	if s.two == nil {
		s.flush(c)
	} else {
		s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkSnapshot, Checkpoint: cp.id})
		cp.snapshot.Sink = s.task.env.Messages.Sinks.New()
		s.two.StateInto(cp.snapshot.Sink)
		cp.snapshot.Taken = protocol.StatePoint{Operator: operator.HashID(s.spec.ID), Applied: s.taken}
		cp.snapshot.Contents = append(cp.snapshot.Contents, s.contents...)
		if s.task.config.Bug == protocol.BugCommitAtSnapshot {
			s.completed(c, cp.id)
		}
	}
	cp.sinkThrough = s.sequence
	cp.sinkOpen = s.writing(cp.sinkThrough)
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
		s.request(c, rpc.ExternalCommit, transaction)
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
