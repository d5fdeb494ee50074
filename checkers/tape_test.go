package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

// The job of the hand-made streams:
//
//	flights[0] ──┐ 0:0            1:0
//	             ├──▶ delays ───▶ db
//	flights[1] ──┘ 0:1
const (
	flights0 = 0
	flights1 = 1
	delays   = 2
	db       = 3

	dbSink = 2 // Sink.ID: the vertex

	delaysOperator = 0xD
	dbOperator     = 0xDB

	jobManager = 90 // actors
	standby    = 91
	system     = 92
	taskActors = 100 // tasks' actors of attempt a are 100*a + task

	ms = int64(1e6)
)

func tapeSetup() *Setup {
	return &Setup{
		Vertices: []Vertex{
			{Name: "flights", FirstTask: 0, Parallelism: 2},
			{Name: "delays", FirstTask: 2, Parallelism: 1},
			{Name: "db", FirstTask: 3, Parallelism: 1},
		},
		Links: []protocol.ChannelLink{
			{Sender: flights0, Receiver: delays, ReceiverChannel: 0},
			{Sender: flights1, Receiver: delays, ReceiverChannel: 1},
			{Sender: delays, Receiver: db},
		},
		Sinks: []Sink{{ID: dbSink, Vertex: 2, Name: "db", Operator: dbOperator,
			Promise: Transactional}},
		Feeds:       []Feed{{Operator: delaysOperator, Vertex: 1, Sources: []protocol.VertexID{0}}},
		Contract:    protocol.ContractExactlyOnce,
		Checkpoints: true,
		Limits: Limits{
			MaxConcurrent: 1, MinPauseNanos: 50 * ms, TimeoutNanos: 500 * ms,
			Pools: []Pool{{Task: flights0, Partition: 0, Segments: 4}, {Task: delays,
				Partition: 0, Segments: 4}},
			CreditBuffers: 10, LivenessNanos: 1000 * ms, MaxRestarts: 3,
		},
	}
}

// tape plays a hand-made stream into a suite, event by event.
type tape struct {
	t        *testing.T
	suite    *Suite
	now      int64
	ordinals map[sim.ActorID]uint64
}

// newTape plays into all checkers.
func newTape(t *testing.T, setup *Setup) *tape {
	return &tape{t: t, suite: New(setup), ordinals: map[sim.ActorID]uint64{}}
}

// only plays into one checker.
func only(t *testing.T, setup *Setup, c Checker) *tape {
	s := &Suite{progress: NewProgress()}
	s.report.history = &s.history
	for _, k := range historyKinds() {
		s.writes[k] = true
	}
	s.Add(c)
	s.Reset(setup)
	return &tape{t: t, suite: s, ordinals: map[sim.ActorID]uint64{}}
}

// after lets virtual time pass.
func (p *tape) after(nanos int64) *tape {
	p.now += nanos
	return p
}

// by emits an event of the given actor, one millisecond after the last.
func (p *tape) by(actor sim.ActorID, kind protocol.EventKind, args ...int64) sim.Event {
	p.now += ms
	p.ordinals[actor]++
	e := sim.Event{TimeNanos: p.now, Actor: actor, Ordinal: p.ordinals[actor], Kind: sim.EventKind(kind)}
	copy(e.Args[:], args)
	p.suite.Observe(&e)
	return e
}

// task emits an event of a task's own actor in attempt 0; its first argument is the task.
func (p *tape) task(kind protocol.EventKind, args ...int64) sim.Event {
	return p.in(0, kind, args...)
}

// in emits an event of a task's own actor in an attempt.
func (p *tape) in(attempt int64, kind protocol.EventKind, args ...int64) sim.Event {
	return p.by(actorOf(attempt, args[0]), kind, args...)
}

func actorOf(attempt, task int64) sim.ActorID { return sim.ActorID(taskActors*(attempt+1) + task) }

// master emits an event of the job manager.
func (p *tape) master(kind protocol.EventKind, args ...int64) sim.Event {
	return p.by(jobManager, kind, args...)
}

// external emits an event of the external system.
func (p *tape) external(kind protocol.EventKind, args ...int64) sim.Event {
	return p.by(system, kind, args...)
}

// begin starts an attempt, from a checkpoint or from scratch.
func (p *tape) begin(attempt int64, from protocol.CheckpointID) sim.Event {
	restored := p.master(protocol.JobRestored, attempt, int64(from))
	for task := int64(0); task < 4; task++ {
		p.by(80, protocol.TaskDeployed, task, attempt, 0)
		p.in(attempt, protocol.TaskInitializing, task, attempt, int64(from))
		p.in(attempt, protocol.TaskRunning, task, attempt)
	}
	return restored
}

// checkpoint runs a checkpoint through its whole life.
func (p *tape) checkpoint(id, attempt int64) (triggered, completed sim.Event) {
	triggered = p.master(protocol.CheckpointTriggered, id, attempt, 0)
	for task := int64(0); task < 4; task++ {
		p.master(protocol.CheckpointAcknowledged, id, task, attempt, 0)
	}
	p.master(protocol.MetadataStored, id, 100)
	return triggered, p.master(protocol.CheckpointCompleted, id, 0, 0)
}

// finish ends the job, or whatever end says.
func (p *tape) finish(end End) []Violation {
	if end.TimeNanos == 0 {
		end.TimeNanos = p.now + ms
	}
	return p.suite.Finish(&end)
}

func (p *tape) finished() []Violation { return p.finish(End{Status: protocol.JobFinished}) }

// requireOnly holds that exactly one signature was reported, with these witnesses.
func requireOnly(t *testing.T, got []Violation, signature string, witness ...sim.Event) {
	t.Helper()
	require.Len(t, got, 1, "%+v", got)
	require.Equal(t, signature, got[0].Signature, got[0].Detail)
	require.Equal(t, witness, got[0].Witness, got[0].Detail)
	require.NotEmpty(t, got[0].Detail)
	require.Equal(t, got[0].Class.String()+"/"+got[0].Checker+"/",
		signature[:len(got[0].Class.String())+len(got[0].Checker)+2])
}

// tallyOf is the tally of some lineages.
func tallyOf(lineages ...uint64) protocol.Tally {
	var t protocol.Tally
	for _, l := range lineages {
		t.Add(l)
	}
	return t
}

// chainOf is the chain of some lineages.
func chainOf(lineages ...uint64) protocol.Chain {
	var c protocol.Chain
	for _, l := range lineages {
		c.Extend(l)
	}
	return c
}
