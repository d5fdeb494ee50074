package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// FIFO holds that every channel delivers exactly what it was fed, in order, within each
// attempt, from where the restored checkpoint left it. The interleaving that it is for
// (FLINK-18989):
//
//  1. checkpoint 7 recorded elements 90 to 99 of a channel as input state;
//  2. the job is restored from 7: the receiver begins to read them back;
//  3. the channel is converted to a live one when they are read, not when consumed;
//  4. the sender goes on with element 100, and the receiver consumes it after element 93.
//
// Element counts make step 4 visible: consumption goes on at 100 where 94 was due.
type FIFO struct {
	flows lanes[channelFlow]
}

// channelFlow is one channel in one attempt.
type channelFlow struct {
	sentNext     int64 // the element that the sender completes next; -1 unknown
	consumedNext int64
	otherStart   int64 // where the receiver may start under at-least-once
	consuming    bool
	// ahead is by how much the receiver counts more than the sender: under at-least-once
	// its state may hold what the sender will send again.
	ahead int64
	// remote: credits were granted, so that arrivals are events and can be matched.
	remote       bool
	sentSequence int64
	received     int64 // the last sequence number that arrived; -1 none
	missing      int64 // a sequence number that was jumped over; -1 none
	inFlight     queue[wireBuffer]
	lastSent     sim.Event
	lastReceived sim.Event
	lastConsumed sim.Event
}

// wireBuffer is a buffer on its way.
type wireBuffer struct{ sequence, bytes int64 }

// NewFIFO makes the checker.
func NewFIFO() *FIFO { return &FIFO{} }

// Name is "fifo".
func (f *FIFO) Name() string { return "fifo" }

// Kinds are the buffers' events, and grants as the sign of a remote channel.
func (f *FIFO) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.CreditGranted, protocol.BufferSent, protocol.BufferReceived, protocol.BufferConsumed,
	}
}

// Reset forgets all channels.
func (f *FIFO) Reset(s *Setup) { f.flows.reset(len(s.Links)) }

// Observe follows one buffer.
func (f *FIFO) Observe(e *sim.Event, r *Report) {
	h := r.History()
	find := h.incoming
	if protocol.EventKind(e.Kind) == protocol.BufferSent {
		find = h.outgoing
	}
	link := find(e.Args[0], e.Args[1])
	if link < 0 {
		return
	}
	flow := f.flow(link, h.AttemptOf(e, e.Args[0]), h)
	if flow == nil {
		return
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.CreditGranted:
		flow.remote = true
	case protocol.BufferSent:
		flow.sent(e, link, r)
	case protocol.BufferReceived:
		flow.arrived(e, link, r)
	case protocol.BufferConsumed:
		flow.consumed(e, link, r)
	}
}

func (f *FIFO) flow(link int32, attempt protocol.Attempt, h *History) *channelFlow {
	flow, fresh := f.flows.at(link, attempt)
	if fresh {
		start := h.startOf(attempt, link)
		*flow = channelFlow{
			sentNext: start.sender, consumedNext: start.applied, otherStart: start.receiver,
			sentSequence: -1, received: -1, missing: -1, inFlight: flow.inFlight,
		}
		flow.inFlight.reset()
	}
	return flow
}

func (c *channelFlow) sent(e *sim.Event, link int32, r *Report) {
	h, first := r.History(), e.Args[4]
	if c.sentNext >= 0 && first != c.sentNext {
		r.Violate(lostOrDuplicated(first > c.sentNext), h.linkRole(link), fmt.Sprintf(
			"%s: the sender went on with element %d where %d was due", h.linkName(link), first, c.sentNext),
			c.lastSent, *e)
	}
	c.sentNext = first + e.Args[5]
	if e.Args[2] <= c.sentSequence {
		r.Violate(Reordered, h.linkRole(link), fmt.Sprintf("%s: sequence number %d was sent after %d",
			h.linkName(link), e.Args[2], c.sentSequence), c.lastSent, *e)
	}
	c.sentSequence = e.Args[2]
	c.lastSent = *e
	if c.remote {
		c.inFlight.push(wireBuffer{e.Args[2], e.Args[3]})
	}
}

// arrived matches an arrival with what was sent: the oldest buffer on its way.
func (c *channelFlow) arrived(e *sim.Event, link int32, r *Report) {
	if !c.remote || c.settleGap(e, link, r) {
		return
	}
	b, ok := c.inFlight.pop()
	for ; ok && b.sequence < e.Args[2]; b, ok = c.inFlight.pop() {
		if c.missing < 0 {
			c.missing = b.sequence
		}
	}
	switch {
	case !ok:
		c.unsent(e, link, r)
	case b.sequence > e.Args[2]:
		c.inFlight.pushFront(b)
		c.unsent(e, link, r)
	case b.bytes != e.Args[3]:
		h := r.History()
		r.Violate(Corrupt, h.linkRole(link), fmt.Sprintf("%s: buffer %d was sent with %d bytes and has %d",
			h.linkName(link), b.sequence, b.bytes, e.Args[3]), *e)
	}
	c.received, c.lastReceived = max(c.received, e.Args[2]), *e
}

// unsent is called for an arrival that is not on its way (any more).
func (c *channelFlow) unsent(e *sim.Event, link int32, r *Report) {
	h := r.History()
	if e.Args[2] <= c.received {
		r.Violate(Duplicated, h.linkRole(link), fmt.Sprintf("%s: buffer %d arrived again",
			h.linkName(link), e.Args[2]), c.lastReceived, *e)
		return
	}
	r.Violate(Orphan, h.linkRole(link), fmt.Sprintf("%s: buffer %d arrived and was never sent",
		h.linkName(link), e.Args[2]), c.lastSent, *e)
}

// settleGap decides about a buffer that another one overtook: the next arrival e is it, or
// it never comes. It reports whether e is the late one.
func (c *channelFlow) settleGap(e *sim.Event, link int32, r *Report) bool {
	if c.missing < 0 {
		return false
	}
	h, missing := r.History(), c.missing
	c.missing = -1
	if e != nil && e.Args[2] == missing {
		r.Violate(Reordered, h.linkRole(link), fmt.Sprintf("%s: buffer %d arrived after %d",
			h.linkName(link), missing, c.received), c.lastReceived, *e)
		return true
	}
	r.Violate(Lost, h.linkRole(link), fmt.Sprintf("%s: buffer %d never arrived; %d did",
		h.linkName(link), missing, c.received), c.lastReceived)
	return false
}

func (c *channelFlow) consumed(e *sim.Event, link int32, r *Report) {
	h, first := r.History(), e.Args[2]
	if !c.consuming && h.setup.Contract == protocol.ContractAtLeastOnce {
		c.startAhead(first)
	}
	if c.consumedNext >= 0 && first != c.consumedNext {
		r.Violate(lostOrDuplicated(first > c.consumedNext), h.linkRole(link), fmt.Sprintf(
			"%s: the receiver consumed element %d where %d was due", h.linkName(link), first, c.consumedNext),
			c.lastConsumed, *e)
	}
	c.consuming, c.consumedNext = true, first+e.Args[3]
	if c.sentNext >= 0 && c.consumedNext-c.ahead > c.sentNext {
		r.Violate(Orphan, h.linkRole(link), fmt.Sprintf("%s: element %d was consumed and only %d were sent",
			h.linkName(link), c.consumedNext-1, c.sentNext), c.lastSent, *e)
	}
	c.lastConsumed = *e
}

// startAhead lets a receiver whose state holds what the sender sends again go on counting
// from either.
func (c *channelFlow) startAhead(first int64) {
	if first == c.otherStart {
		c.consumedNext = first
	}
	c.ahead = max(first-c.otherStart, 0)
}

func lostOrDuplicated(lost bool) Class {
	if lost {
		return Lost
	}
	return Duplicated
}

// Finish reports buffers that were overtaken and never came.
func (f *FIFO) Finish(_ *End, r *Report) {
	f.flows.each(func(link int32, _ protocol.Attempt, c *channelFlow) { c.settleGap(nil, link, r) })
}
