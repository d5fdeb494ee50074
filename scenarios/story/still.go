package story

import (
	"fmt"
	"slices"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// PositionError names an event that a run does not have.
type PositionError struct{ Position, Total int64 }

// Error says how many events there are.
func (e *PositionError) Error() string {
	return fmt.Sprintf("there is no event %d; expected 1 to %d", e.Position, e.Total)
}

// StillAt runs a case up to one of its events and says how things stand. The error is a
// *PositionError, or about the case's scenario.
func StillAt(c *config.Case, position int64) (*result.Still, error) {
	tc, err := trial.NewCase(c.Scenario, c.Seed)
	if err != nil {
		return nil, err
	}
	s := &stillLife{trial: trial.New(), c: c, wanted: position}
	tc.Observe = s.observe
	tc.Run.Until = func() bool { return s.still != nil }
	if _, err := s.trial.Run(tc); err != nil {
		return nil, err
	}
	if s.still == nil {
		return nil, &PositionError{position, s.position}
	}
	return s.still, nil
}

// stillLife follows a run as far as it must to say how things stand at one moment.
type stillLife struct {
	trial            *trial.Trial
	c                *config.Case
	wanted, position int64
	status           protocol.JobStatus
	attempt          protocol.Attempt
	subtasks         []subtaskState
	checkpoints      []checkpointState
	transactions     []result.TransactionStill
	faults           []int64
	still            *result.Still
}

type subtaskState struct {
	queued, segments int64
	segmentsOf       []int64 // by partition
	blocked          []int64 // channels
	last             sim.Event
}

type checkpointState struct {
	id                              protocol.CheckpointID
	triggerNanos                    int64
	snapshotted, done, acknowledged []int64
}

func (s *stillLife) observe(e *sim.Event) {
	if s.still != nil {
		return
	}
	s.position++
	if s.subtasks == nil {
		s.subtasks = make([]subtaskState, s.taskCount())
	}
	s.follow(e)
	if s.position == s.wanted {
		stopHere(e)
		s.still = s.take(e)
	}
}

// stopHere is where a debugger stops in the middle of the event that was asked for: below it on
// the stack stands whoever emitted it. It must not be inlined, or no breakpoint would find it.
//
//go:noinline
func stopHere(*sim.Event) {}

func (s *stillLife) taskCount() int {
	n := 0
	for i := range s.trial.Setup().Vertices {
		n += s.trial.Setup().Vertices[i].Parallelism
	}
	return n
}

// follow takes what one event changes.
func (s *stillLife) follow(e *sim.Event) {
	a := &e.Args
	switch protocol.EventKind(e.Kind) {
	case protocol.JobStatusChanged:
		s.status = protocol.JobStatus(a[0])
	case protocol.JobRestored:
		s.attempt = protocol.Attempt(a[0])
	case protocol.FaultInjected:
		add(&s.faults, a[0])
	case protocol.FaultHealed:
		s.faults = slices.DeleteFunc(s.faults, func(fault int64) bool { return fault == a[0] })
	case protocol.TransactionOpened, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
		protocol.TransactionAborted, protocol.TransactionTimedOut:
		s.followTransaction(e)
	}
	s.followCheckpoint(e)
	if task := taskOf(e); task >= 0 && task < int64(len(s.subtasks)) {
		s.followTask(&s.subtasks[task], e)
	}
}

// taskOf is the subtask that an event names; -1: none.
func taskOf(e *sim.Event) int64 {
	if names := protocol.EventKind(e.Kind).ArgNames(); len(names) > 0 && names[0] == "task" {
		return e.Args[0]
	}
	return -1
}

func (s *stillLife) followTask(t *subtaskState, e *sim.Event) {
	t.last = *e
	switch a := &e.Args; protocol.EventKind(e.Kind) {
	case protocol.TaskInitializing:
		*t = subtaskState{last: *e}
	case protocol.BufferReceived:
		t.queued++
	case protocol.BufferConsumed:
		t.queued = max(t.queued-1, 0)
	case protocol.SegmentTaken, protocol.SegmentReturned:
		for int64(len(t.segmentsOf)) <= a[1] {
			t.segmentsOf = append(t.segmentsOf, 0)
		}
		t.segments += a[3] - t.segmentsOf[a[1]]
		t.segmentsOf[a[1]] = a[3]
	case protocol.ChannelBlocked:
		add(&t.blocked, a[1])
	case protocol.ChannelResumed:
		t.blocked = slices.DeleteFunc(t.blocked, func(channel int64) bool { return channel == a[1] })
	}
}

func (s *stillLife) followCheckpoint(e *sim.Event) {
	a := &e.Args
	switch protocol.EventKind(e.Kind) {
	case protocol.CheckpointTriggered:
		s.checkpoints = append(s.checkpoints,
			checkpointState{id: protocol.CheckpointID(a[0]), triggerNanos: e.TimeNanos})
	case protocol.CheckpointCompleted, protocol.CheckpointAborted:
		ended := protocol.CheckpointID(a[0])
		s.checkpoints = slices.DeleteFunc(s.checkpoints, func(c checkpointState) bool { return c.id == ended })
	case protocol.CheckpointAcknowledged:
		if c := s.checkpoint(a[0]); c != nil && a[3] == 0 {
			add(&c.acknowledged, a[1])
		}
	case protocol.SnapshotStarted:
		if c := s.checkpoint(a[1]); c != nil {
			add(&c.snapshotted, a[0])
		}
	case protocol.SnapshotDone:
		if c := s.checkpoint(a[1]); c != nil {
			add(&c.done, a[0])
		}
	}
}

func (s *stillLife) checkpoint(id int64) *checkpointState {
	for i := range s.checkpoints {
		if int64(s.checkpoints[i].id) == id {
			return &s.checkpoints[i]
		}
	}
	return nil
}

func (s *stillLife) followTransaction(e *sim.Event) {
	id := protocol.TransactionID(e.Args[1])
	at := slices.IndexFunc(s.transactions, func(t result.TransactionStill) bool { return t.ID == id })
	switch protocol.EventKind(e.Kind) {
	case protocol.TransactionOpened:
		if at < 0 {
			s.transactions = append(s.transactions, result.TransactionStill{ID: id})
		}
	case protocol.TransactionPreCommitted:
		if at >= 0 {
			s.transactions[at].PreCommitted = true
		}
	default:
		if at >= 0 {
			s.transactions = slices.Delete(s.transactions, at, at+1)
		}
	}
}
