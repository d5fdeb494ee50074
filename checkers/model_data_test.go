package checkers

import (
	"pgregory.net/rapid"

	"simrun/protocol"
)

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
