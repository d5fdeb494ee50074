package task

import (
	"simrun/protocol"
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

func (t *Task) buildSink() {
	node := t.d.Plan.SinkOf(t.vertex)
	if node == nil {
		return
	}
	last := t.vertex.Nodes[len(t.vertex.Nodes)-1]
	w := t.env.Workspaces
	s := w.sinks.New()
	*s = sinkDriver{
		task: t, spec: node.Sink, external: t.env.Externals[last], requests: w.requests.Room(requestsRoom),
		effects: protocol.TwoPhaseEffects{List: w.twoPhase.Room(requestsRoom)},
	}
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

// snapshot pre-commits; the acknowledgement waits until the external system has it.
func (s *sinkDriver) snapshot(c *sim.Context, cp *localCheckpoint) {
	if s.two == nil {
		s.flush(c)
	} else {
		if s.task.throwsAt(c, protocol.CallbackPreCommit) {
			return
		}
		s.step(c, protocol.TwoPhaseInput{Kind: protocol.SinkSnapshot, Checkpoint: cp.id})
		s.snapshotCommittables(c, cp)
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
	if !s.task.awaitsFinalCheckpoint() && s.task.busy != ended {
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
