package checkers

import (
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/sim"
)

// model is a tiny stream processor that does everything right: the job of tape_test.go
// with one event per thing that happens, frozen for an instant at each checkpoint. It is
// small enough to be seen to be right, and random: checkers must stay silent on it.
type model struct {
	t     *rapid.T
	p     *tape
	input int64 // records per split
	plan  switches

	attempt   int64
	lastID    int64
	pending   int64
	completed int64
	snapshots map[int64]*modelState
	now       modelState
	replay    *modelReplay
	shown     protocol.Tally
	prepared  map[int64]protocol.Tally // transactions of the external system
	settled   map[int64]bool
}

// switches are mistakes that the model can be told to make.
type switches struct {
	forgetInput     bool // a checkpoint does not record in-flight input
	restoreOlder    bool // a restore takes the checkpoint before the newest one
	commitEarly     bool
	recommit        bool
	positionOff     bool // a checkpoint stores the last offset read
	spendMore       bool // a sender ignores credit
	keepSegment     bool
	mergeDifferent  bool // the operator applies another order than it tells
	watermarkBack   bool
	resurrect       bool // rolled-back transactions are committed
	triggerTwice    bool
	skipAck         bool
	countZombieAcks bool
}

// modelState is all that a checkpoint freezes.
type modelState struct {
	sources  [2]modelSource
	channels [3]modelChannel
	received [3]protocol.Chain
	sent     [3]protocol.Chain
	order    uint64 // digest of the order in which delays applied its input
	applied  [2]protocol.Tally
	txn      protocol.Tally // db's open transaction
	held     []modelHeld    // db's pre-committed ones
	mark     int64          // delays' watermark
}

type modelSource struct{ offset int64 }

type modelHeld struct {
	id      int64
	content protocol.Tally
}

// modelChannel is a channel with what is in it, from the sender to the receiver.
type modelChannel struct {
	open     []uint64   // not sent yet
	wire     [][]uint64 // sent
	queue    [][]uint64 // received
	partly   int        // elements of queue[0] that were consumed
	first    int64      // number of the first element in open
	consumed int64      // number of the first element in queue
	sequence int64
	arrived  int64
	credit   int64
	inUse    int64
}

func (s *modelState) clone() *modelState {
	c := *s
	for i := range c.channels {
		ch := &c.channels[i]
		ch.open = append([]uint64(nil), ch.open...)
		ch.wire, ch.queue = append([][]uint64(nil), ch.wire...), append([][]uint64(nil), ch.queue...)
	}
	c.held = append([]modelHeld(nil), s.held...)
	return &c
}

// inFlight is what a channel holds from where its receiver stands.
func (c *modelChannel) inFlight() []uint64 {
	var all []uint64
	for i, b := range c.queue {
		if i == 0 {
			b = b[c.partly:]
		}
		all = append(all, b...)
	}
	for _, b := range c.wire {
		all = append(all, b...)
	}
	return all
}

// ends of the three channels: sender task, its channel, receiver task, its channel.
var modelEnds = [3][4]int64{{flights0, 0, delays, 0}, {flights1, 0, delays, 1}, {delays, 0, db, 0}}

func newModel(t *rapid.T, setup *Setup, plan switches) *model {
	m := &model{
		t: t, plan: plan, snapshots: map[int64]*modelState{0: {}},
		prepared: map[int64]protocol.Tally{}, settled: map[int64]bool{},
		input: rapid.Int64Range(5, 40).Draw(t, "input"),
	}
	m.replay = newModelReplay(m.input)
	setup.Replay = m.replay
	setup.Vertices[1].Order, setup.Sinks[0].Order = MergeOrder, MergeOrder
	m.p = &tape{suite: New(setup), ordinals: map[sim.ActorID]uint64{}}
	m.start(0, 0)
	return m
}

// start begins an attempt from a checkpoint.
func (m *model) start(attempt, from int64) {
	m.attempt, m.pending = attempt, 0
	m.now = *m.snapshots[from].clone()
	for i := range m.now.channels {
		m.now.channels[i].restore()
	}
	m.p.begin(attempt, protocol.CheckpointID(from))
	for i := range m.now.channels {
		m.grant(i, 2)
	}
	m.recover(from)
}

// restore turns what was frozen in a channel into recovered input, and lets the sender
// send its recorded output again.
func (c *modelChannel) restore() {
	recorded := c.inFlight()
	*c = modelChannel{open: c.open, first: c.first, consumed: c.consumed + int64(c.partly)}
	if len(recorded) > 0 {
		c.queue = [][]uint64{recorded}
	}
}

// recover commits what the restored checkpoint holds and aborts everything else.
func (m *model) recover(from int64) {
	for _, held := range m.now.held {
		m.p.in(m.attempt, protocol.TransactionRecovered, db, held.id, from)
		m.commit(held.id)
	}
	m.now.held = nil
	for attempt := protocol.Attempt(0); int64(attempt) < m.attempt; attempt++ {
		for id := protocol.CheckpointID(1); int64(id) <= m.lastID; id++ {
			if name := txn(attempt, id); m.prepared[name] != (protocol.Tally{}) && !m.settled[name] {
				if m.plan.resurrect {
					m.commit(name)
					continue
				}
				m.settled[name] = true
				m.p.external(protocol.TransactionAborted, dbSink, name)
			}
		}
	}
}

func (m *model) grant(channel int, credits int64) {
	c, ends := &m.now.channels[channel], modelEnds[channel]
	c.credit += credits
	m.p.in(m.attempt, protocol.CreditGranted, ends[2], ends[3], credits, c.credit)
}

// step does one random thing that can be done.
func (m *model) step() {
	switch m.draw(13) {
	case 0, 1:
		m.read(int(m.draw(2)))
	case 2, 3:
		m.send(int(m.draw(3)))
	case 4, 5:
		m.arrive(int(m.draw(3)))
	case 6, 7, 8:
		m.consume(int(m.draw(3)))
	case 9:
		m.trigger()
	case 10:
		m.complete()
	case 11:
		m.notify()
	case 12:
		m.trouble()
	}
}
