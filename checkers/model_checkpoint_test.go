package checkers

import "simrun/protocol"

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
