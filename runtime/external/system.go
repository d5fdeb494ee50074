package external

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// Options are what a system's process is started with.
type Options struct {
	// Latency is the time from a request to its effect, addressed by task and request.
	Latency sim.Distribution
	// TransactionTimeoutNanos is after how long the system aborts a transaction by itself
	// (0: never). A sink's own setting, if it has one, comes first.
	TransactionTimeoutNanos int64
	// Detailed adds an event for every record that becomes visible.
	Detailed bool
	// Conditions, if not nil, can be changed while the system runs.
	Conditions *Conditions
	// Operations, if not nil, takes down what the system does to transactions by itself.
	Operations *protocol.OperationLog
	// Bug is the planted bug of the run.
	Bug protocol.Bug
	// Steps is told of every request that takes effect; nil: nobody watches.
	Steps *step.Hook
}

// Conditions are what faults change.
type Conditions struct {
	// Slower multiplies latencies; the zero value is 1.
	Slower sim.Ratio
	// Stalled: what comes is kept and not applied. Whoever sets it back sends
	// rpc.ExternalResume.
	Stalled bool
	// Faults make requests fail: the first one that a request meets decides.
	Faults []*RequestFault
}

// RequestFault makes requests of an external system fail.
type RequestFault struct {
	// Operation is the kind that fails; rpc.None: all.
	Operation rpc.Kind
	// Remaining is how many of them fail before the fault is over; negative: all.
	Remaining int64
	// Applied requests take effect: only their answer is lost.
	Applied bool
	// Struck counts those that failed.
	Struck int64
}

// meets is the fault that a request meets, which uses it up; nil: none.
func (c *Conditions) meets(r *rpc.ExternalRequest) *RequestFault {
	for _, f := range c.Faults {
		if f.Remaining != 0 && (f.Operation == rpc.None || f.Operation == r.Operation) {
			f.Remaining = max(f.Remaining-1, -1)
			f.Struck++
			return f
		}
	}
	return nil
}

// replyBytes is the size of an answer on the network.
const replyBytes = 100

// applyTimer is the end of a request's latency.
const applyTimer = rpc.FirstFree

// System is the actor of an external system.
type System struct {
	options Options
	ledger  *Ledger
	// streams are what is on its way to the ledger, by session, and stalled what waits for
	// the end of a stall; a crash drops both.
	streams []stream
	stalled []*rpc.ExternalRequest
	timeout sim.TimerID
	expired []protocol.TransactionID // scratch
}

// stream keeps the requests of one session in order while they wait.
type stream struct {
	task     protocol.TaskID
	attempt  protocol.Attempt
	received int64 // the last request that waits or took effect
	endNanos int64 // when the last one takes effect
}

// New makes the actor; its first message must be rpc.Start. The ledger is the system's
// durable content: a restarted process gets the same one.
func New(o Options, ledger *Ledger) *System {
	if o.Conditions == nil {
		o.Conditions = &Conditions{}
	}
	return &System{options: o, ledger: ledger}
}

// Receive implements sim.Actor.
func (s *System) Receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case rpc.Start:
		s.tell(c)
		s.expire(c)
	case rpc.ExternalTimeout:
		s.expire(c)
	case rpc.ExternalExpire:
		s.giveUp(c, m.Body.(*rpc.ExpireOrder))
	case rpc.ExternalFence:
		s.fence(c, protocol.TaskID(m.A), protocol.Attempt(m.B))
	case rpc.ExternalResume:
		s.resume(c)
	case applyTimer:
		s.apply(c, m.Body.(*rpc.ExternalRequest))
	default:
		s.accept(c, m.Body.(*rpc.ExternalRequest))
	}
}

// accept takes a request in its turn. (1) Requests 5 and 6 are lost in a crash; (2) the
// sender, who does not know, sends 7; (3) it repeats 5, 6, 7. Were 7 applied at (2), a
// transaction could be prepared before its last records come; so it is dropped.
func (s *System) accept(c *sim.Context, r *rpc.ExternalRequest) {
	session := s.ledger.session(r.Task, r.Attempt)
	if r.Sequence <= session.applied {
		s.reply(c, r, session.answerTo(r.Sequence))
		return
	}
	stream := s.stream(session)
	if r.Sequence != stream.received+1 {
		return
	}
	stream.received = r.Sequence
	if s.options.Conditions.Stalled || len(s.stalled) > 0 {
		s.stalled = append(s.stalled, r)
		return
	}
	s.schedule(c, stream, r)
}

// schedule has a request take effect, behind those of its session that came before.
func (s *System) schedule(c *sim.Context, stream *stream, r *rpc.ExternalRequest) {
	stream.endNanos = max(stream.endNanos+1, s.dueNanos(c, r))
	c.After(stream.endNanos-c.NowNanos(), sim.Message{Kind: applyTimer, Body: r})
}

// resume ends a stall: what came meanwhile takes effect as if it came now, in its order.
func (s *System) resume(c *sim.Context) {
	if s.options.Conditions.Stalled {
		return // another stall has begun
	}
	for _, r := range s.stalled {
		s.schedule(c, s.stream(s.ledger.session(r.Task, r.Attempt)), r)
	}
	s.stalled = s.stalled[:0]
}

func (s *System) stream(session *session) *stream {
	for i := len(s.streams) - 1; i >= 0; i-- {
		if t := &s.streams[i]; t.task == session.task && t.attempt == session.attempt {
			return t
		}
	}
	s.streams = append(s.streams, stream{
		task: session.task, attempt: session.attempt, received: session.applied,
	})
	return &s.streams[len(s.streams)-1]
}

// dueNanos is when a request that comes now takes effect.
func (s *System) dueNanos(c *sim.Context, r *rpc.ExternalRequest) int64 {
	draw := c.Draw(sim.PurposeSinkLatency, uint64(r.Task), uint64(r.Attempt), uint64(r.Sequence))
	latency := s.options.Latency.At(draw)
	if slower := s.options.Conditions.Slower; slower.Den > 0 {
		latency = slower.Of(latency)
	}
	return c.NowNanos() + latency
}

// apply carries a request out and answers it.
func (s *System) apply(c *sim.Context, r *rpc.ExternalRequest) {
	if s.options.Steps.Before(c, protocol.StepApplyRequest, r.Task, protocol.NoCheckpoint) {
		return
	}
	if s.refused(c, r) {
		return
	}
	lost := s.fails(c, r)
	if lost != nil && !lost.Applied {
		return
	}
	status := s.carryOut(c, r)
	s.ledger.session(r.Task, r.Attempt).apply(r.Sequence, status)
	if s.options.Steps.After(c, protocol.StepApplyRequest, r.Task, protocol.NoCheckpoint) || lost != nil {
		return
	}
	s.reply(c, r, status)
}

func (s *System) reply(c *sim.Context, r *rpc.ExternalRequest, status rpc.ExternalStatus) {
	r.Reply = rpc.ExternalReply{
		Operation: r.Operation, Transaction: r.Transaction, Sequence: r.Sequence, Status: status,
	}
	c.Post(r.ReplyTo, replyBytes, sim.Message{Kind: rpc.ExternalAnswer, A: r.Sequence, Body: &r.Reply})
}

func (s *System) carryOut(c *sim.Context, r *rpc.ExternalRequest) rpc.ExternalStatus {
	log := s.ledger.transactions
	switch r.Operation {
	case rpc.ExternalBegin:
		defer s.armTimeout(c)
		return statusOf(log.Begin(r.Transaction, c.ClockNanos(), s.timeoutOf(r)))
	case rpc.ExternalWrite:
		return s.write(c, r)
	case rpc.ExternalPrepare:
		if status := s.write(c, r); status != rpc.ExternalOK {
			return status
		}
		if s.options.Bug == protocol.BugPreparedVisible {
			s.makeVisible(c, r.Task, r.Transaction, nil, log.ContentOf(r.Transaction))
		}
		return statusOf(log.Prepare(r.Transaction))
	case rpc.ExternalCommit:
		return s.commit(c, r)
	case rpc.ExternalAbort:
		return s.abort(c, r)
	case rpc.ExternalRecover:
		s.recover(c, r)
	}
	return rpc.ExternalOK
}

func statusOf(outcome protocol.LogOutcome) rpc.ExternalStatus {
	switch outcome {
	case protocol.LogFenced:
		return rpc.ExternalFenced
	case protocol.LogRefused:
		return rpc.ExternalUnknown
	}
	return rpc.ExternalOK
}

// write adds records to an open transaction; without one they are visible at once. Nothing
// fences appends: a zombie's are duplicates, which append sinks do not exclude.
func (s *System) write(c *sim.Context, r *rpc.ExternalRequest) rpc.ExternalStatus {
	switch {
	case r.Transaction == 0 && !s.ledger.admits(s.sinkOf(r.Task), r.Task, r.Attempt):
		return rpc.ExternalFenced
	case r.Transaction == 0:
		s.makeVisible(c, r.Task, 0, []batch{newBatch(r.Records)}, r.Content)
		s.ledger.batches.Give(r.Records)
	case len(r.Records) > 0:
		if outcome := s.ledger.transactions.Append(r.Transaction, r.Content); !outcome.Done() {
			return statusOf(outcome)
		}
		s.ledger.addRecords(r.Transaction, r.Records, s.options.Detailed)
	}
	return rpc.ExternalOK
}

func (s *System) commit(c *sim.Context, r *rpc.ExternalRequest) rpc.ExternalStatus {
	outcome := s.ledger.transactions.Commit(r.Transaction)
	again := outcome == protocol.LogRepeated && s.options.Bug == protocol.BugCommitRepeated
	if outcome == protocol.LogOK || again {
		content := s.ledger.transactions.ContentOf(r.Transaction)
		committed := change{protocol.TransactionCommitted, r.Transaction, content}
		s.ledger.untold = append(s.ledger.untold, committed)
		s.tell(c)
	}
	if again {
		s.makeVisible(c, r.Task, r.Transaction, nil, s.ledger.transactions.ContentOf(r.Transaction))
	}
	return statusOf(outcome)
}

func (s *System) abort(c *sim.Context, r *rpc.ExternalRequest) rpc.ExternalStatus {
	outcome := s.ledger.transactions.Abort(r.Transaction)
	if outcome == protocol.LogOK {
		s.dropped(c, protocol.TransactionAborted, r.Transaction)
	}
	return statusOf(outcome)
}

// recover fences the task's former attempts and aborts what they have left.
func (s *System) recover(c *sim.Context, r *rpc.ExternalRequest) {
	s.expired = s.ledger.transactions.AbortLingering(r.Task, r.Attempt, s.expired[:0])
	for _, id := range s.expired {
		s.dropped(c, protocol.TransactionAborted, id)
	}
}
