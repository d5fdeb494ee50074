package checkers

import (
	"fmt"

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

func (m *model) draw(n int64) int64 { return rapid.Int64Range(0, n-1).Draw(m.t, "choice") }

func (m *model) read(split int) {
	s := &m.now.sources[split]
	if s.offset < m.input {
		m.put(split, protocol.SourceLineage(0, int32(split), s.offset))
		s.offset++
	}
}

func (m *model) put(channel int, lineage uint64) {
	m.now.channels[channel].open = append(m.now.channels[channel].open, lineage)
	m.now.sent[channel].Extend(lineage)
}

func (m *model) send(channel int) {
	c, ends := &m.now.channels[channel], modelEnds[channel]
	if len(c.open) == 0 || c.credit == 0 && !m.plan.spendMore {
		return
	}
	c.inUse++
	m.p.in(m.attempt, protocol.SegmentTaken, ends[0], 0, 0, c.inUse)
	m.p.in(m.attempt, protocol.BufferSent, ends[0], ends[1], c.sequence, int64(len(c.open)), c.first,
		int64(len(c.open)))
	c.wire, c.credit, c.sequence = append(c.wire, c.open), c.credit-1, c.sequence+1
	c.first, c.open = c.first+int64(len(c.open)), nil
	if c.inUse--; m.plan.keepSegment {
		c.inUse++
		return
	}
	m.p.in(m.attempt, protocol.SegmentReturned, ends[0], 0, 0, c.inUse)
}

func (m *model) arrive(channel int) {
	c, ends := &m.now.channels[channel], modelEnds[channel]
	if len(c.wire) == 0 {
		return
	}
	m.p.in(m.attempt, protocol.BufferReceived, ends[2], ends[3], c.sequence-int64(len(c.wire)),
		int64(len(c.wire[0])), 0)
	c.queue, c.wire = append(c.queue, c.wire[0]), c.wire[1:]
	c.arrived++
}

// consume takes some elements of the buffer in front; the event is that of the whole.
func (m *model) consume(channel int) {
	c, ends := &m.now.channels[channel], modelEnds[channel]
	if len(c.queue) == 0 || channel == 1 && m.now.channels[0].partly > 0 || channel == 0 &&
		m.now.channels[1].partly > 0 {
		return // a task reads a buffer to its end before it turns to another
	}
	for n := m.draw(4) + 1; n > 0 && c.partly < len(c.queue[0]); n-- {
		m.apply(channel, c.queue[0][c.partly])
		c.partly++
	}
	if size := len(c.queue[0]); c.partly == size {
		m.p.in(m.attempt, protocol.BufferConsumed, ends[2], ends[3], c.consumed, int64(size), 0)
		c.queue, c.partly, c.consumed = c.queue[1:], 0, c.consumed+int64(size)
		if c.arrived > 0 {
			c.arrived--
			m.grant(channel, 1)
		}
	}
}

// apply is the operators: delays numbers records in the order of their merging, db writes.
func (m *model) apply(channel int, lineage uint64) {
	s := &m.now
	s.received[channel].Extend(lineage)
	if channel == 2 {
		s.applied[1].Add(lineage)
		s.txn.Add(lineage)
		return
	}
	s.applied[0].Add(lineage)
	told := s.order
	if m.plan.mergeDifferent {
		told++
	}
	s.order = protocol.MixLineage(told ^ lineage)
	m.put(2, protocol.DerivedLineage(delaysOperator, lineage, s.order))
}

// trigger freezes everything for an instant.
func (m *model) trigger() {
	if m.pending != 0 && !m.plan.triggerTwice {
		return
	}
	m.p.after(60 * ms)
	m.lastID++
	m.pending = m.lastID
	m.p.master(protocol.CheckpointTriggered, m.lastID, m.attempt, 0)
	for i, ends := range modelEnds {
		if c := &m.now.channels[i]; c.partly > 0 {
			m.p.in(m.attempt, protocol.ElementsTaken, ends[2], ends[3], c.consumed, int64(c.partly), -1, 0)
		}
	}
	for task := int64(0); task < 4; task++ {
		m.p.in(m.attempt, protocol.SnapshotStarted, task, m.lastID, 0)
	}
	name := txn(protocol.Attempt(m.attempt), protocol.CheckpointID(m.lastID))
	m.p.in(m.attempt, protocol.TransactionPreCommitted, db, name, m.lastID, m.now.txn.Count)
	m.prepared[name] = m.now.txn
	m.now.held = append(m.now.held, modelHeld{name, m.now.txn})
	m.now.txn = protocol.Tally{}
	m.snapshots[m.lastID] = m.now.clone()
	if m.plan.commitEarly {
		m.commit(name)
	}
}

func (m *model) complete() {
	if m.pending == 0 {
		return
	}
	id, last := m.pending, int64(4)
	m.pending = 0
	if m.draw(4) == 0 {
		m.p.master(protocol.CheckpointAborted, id, int64(protocol.CheckpointDeclined))
		return
	}
	if m.plan.skipAck {
		last--
	}
	for task := int64(0); task < last; task++ {
		m.p.master(protocol.CheckpointAcknowledged, id, task, m.attempt, 0)
	}
	m.p.master(protocol.MetadataStored, id, 1)
	m.p.master(protocol.CheckpointCompleted, id, 0, 0)
	m.completed = id
	m.p.suite.ObservePoint(m.point(id))
}

// notify commits what the newest completed checkpoint holds.
func (m *model) notify() {
	var left []modelHeld
	for _, held := range m.now.held {
		if int64(protocol.TransactionID(held.id).Checkpoint()) > m.completed {
			left = append(left, held)
			continue
		}
		m.commit(held.id)
		if m.plan.recommit {
			m.settled[held.id] = false
			m.commit(held.id)
		}
	}
	m.now.held = left
}

func (m *model) commit(id int64) {
	if m.settled[id] {
		return
	}
	m.settled[id] = true
	content := m.prepared[id]
	m.p.external(protocol.TransactionCommitted, dbSink, id, content.Count, int64(content.Sum))
	m.p.external(protocol.OutputVisible, dbSink, id, content.Count, int64(content.Sum))
	m.shown = m.shown.Plus(content)
}

// trouble is a watermark, or now and then a failure.
func (m *model) trouble() {
	if m.draw(3) > 0 {
		m.now.mark++
		mark := m.now.mark
		if m.plan.watermarkBack {
			mark = -mark
		}
		m.p.in(m.attempt, protocol.WatermarkAdvanced, delays, mark)
		return
	}
	if m.pending != 0 {
		m.p.master(protocol.CheckpointAborted, m.pending, int64(protocol.JobFailoverRegion))
	}
	zombie, from := m.attempt, m.completed
	if m.plan.restoreOlder {
		from = m.older()
	}
	m.p.master(protocol.JobRestarting, m.attempt+1, 0)
	m.start(m.attempt+1, from)
	m.p.master(protocol.CheckpointAcknowledged, m.lastID, delays, zombie, m.zombieVerdict())
}

func (m *model) zombieVerdict() int64 {
	if m.plan.countZombieAcks {
		return 0
	}
	return 3
}

// older is a checkpoint before the newest completed one.
func (m *model) older() int64 {
	for id := m.completed - 1; id > 0; id-- {
		if m.snapshots[id] != nil {
			return id
		}
	}
	return 0
}

// finish lets the job use up its input and ends it with a last checkpoint.
func (m *model) finish() []Violation {
	for busy := true; busy; {
		for range 4 {
			m.read(0)
			m.read(1)
		}
		for channel := range 3 {
			m.send(channel)
			m.arrive(channel)
			m.consume(channel)
		}
		busy = m.now.sources[0].offset+m.now.sources[1].offset < 2*m.input
		for i := range m.now.channels {
			c := &m.now.channels[i]
			busy = busy || len(c.open)+len(c.wire)+len(c.queue) > 0
		}
	}
	m.complete()
	for last := m.lastID + 1; m.completed < last; {
		m.trigger()
		m.complete()
	}
	m.notify()
	for task := int64(0); task < 4; task++ {
		m.p.in(m.attempt, protocol.TaskFinished, task, m.attempt)
	}
	m.p.master(protocol.JobStatusChanged, int64(protocol.JobFinished), m.attempt)
	return m.p.finish(End{
		Status: protocol.JobFinished, Quiescent: true,
		Outputs: []OutputEnd{{Sink: dbSink, Visible: m.shown}},
	})
}

// point is what would be restored from a checkpoint.
func (m *model) point(id int64) *protocol.RecoveryPoint {
	s := m.snapshots[id]
	tasks := make([]protocol.TaskPoint, 4)
	for i := range tasks {
		tasks[i].Task = protocol.TaskID(i)
	}
	for split := range 2 {
		at := s.sources[split].offset
		if m.plan.positionOff && at > 0 {
			at--
		}
		tasks[split].Positions = []protocol.SplitPosition{{Split: int32(split), Offset: at}}
	}
	for i, ends := range modelEnds {
		sender, receiver := &tasks[ends[0]], &tasks[ends[2]]
		sender.Sent, sender.OutputState = append(sender.Sent, s.sent[i]), append(sender.OutputState,
			s.channels[i].open)
		recorded := s.channels[i].inFlight()
		if m.plan.forgetInput {
			recorded = nil
		}
		receiver.Received = append(receiver.Received, s.received[i])
		receiver.InputState = append(receiver.InputState, recorded)
	}
	tasks[delays].States = []protocol.StatePoint{{Operator: delaysOperator, Applied: s.applied[0],
		Content: s.order}}
	tasks[db].States = []protocol.StatePoint{{Operator: dbOperator, Applied: s.applied[1]}}
	for _, held := range s.held {
		tasks[db].Transactions = append(tasks[db].Transactions,
			protocol.TransactionPoint{Transaction: protocol.TransactionID(held.id), Content: held.content})
	}
	return &protocol.RecoveryPoint{Checkpoint: protocol.CheckpointID(id),
		Attempt: protocol.Attempt(m.attempt), Tasks: tasks}
}

// modelReplay runs delays again in the witnessed order.
type modelReplay struct {
	input   int64
	next    [2]int64
	order   uint64
	applied protocol.Tally
	output  protocol.Tally
	runs    int
}

func newModelReplay(input int64) *modelReplay { return &modelReplay{input: input} }

func (r *modelReplay) Expected() (*Expected, bool) { return &Expected{}, true }

func (r *modelReplay) Reexecute(w *Witness) error {
	for _, s := range w.Tasks[delays].Steps {
		if s.Kind != StepRun {
			continue
		}
		if s.First != r.next[s.Channel] || s.First+s.Elements > r.input {
			return fmt.Errorf("channel %d: run of %d from %d, want %d", s.Channel, s.Elements, s.First,
				r.next[s.Channel])
		}
		for offset := s.First; offset < s.First+s.Elements; offset++ {
			lineage := protocol.SourceLineage(0, s.Channel, offset)
			r.applied.Add(lineage)
			r.order = protocol.MixLineage(r.order ^ lineage)
			r.output.Add(protocol.DerivedLineage(delaysOperator, lineage, r.order))
		}
		r.next[s.Channel] += s.Elements
		r.runs++
	}
	return nil
}

func (r *modelReplay) Reached() *Expected {
	return &Expected{
		Outputs: []ExpectedOutput{{Sink: dbSink, Tally: r.output}},
		States: []ExpectedState{{Operator: delaysOperator, Name: "delays", Applied: r.applied,
			Content: r.order}},
	}
}
