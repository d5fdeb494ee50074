package task

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/sim"
)

// witness is what the task has decided and not told yet: in which order it merged its
// input channels, or read its splits. It is told when a buffer is used up, and before
// anything that must be placed exactly among the elements: a snapshot, a timer, the end.
//
// The order matters where operators are not order-free: a second execution that is to come
// to the same state must do the same at the same element. (1) A two-input task reads a
// record of channel 0, one of channel 2, one of channel 0. (2) The buffers in hand end
// later. (3) Were only the buffers told, nobody knew which record came first.
type witness struct {
	turns turns

	records protocol.Chain // read from the splits and not told
	told    int64          // records that were told, of the attempt

	// clocked: operators read the clock. channel and element of what is being handled then.
	clocked        bool
	handledChannel protocol.ChannelIndex
	handled        int64
	reads          []clockRead
}

// turns are elements of one channel, or of two that took turns: the first, third … of
// channel, the others of other.
type turns struct {
	channel, other    protocol.ChannelIndex
	first, otherFirst int64
	elements          int64
}

// extend appends an element if it goes on with the turns.
func (w *turns) extend(channel protocol.ChannelIndex, element int64) bool {
	due := w.channel
	if w.other != protocol.NoChannel && w.elements&1 == 1 {
		due = w.other
	}
	switch {
	case w.elements == 0:
		*w = turns{channel: channel, other: protocol.NoChannel, first: element}
	case channel == due:
	case w.elements == 1:
		w.other, w.otherFirst = channel, element
	default:
		return false
	}
	w.elements++
	return true
}

// clockRead is what an operator has read from the clock during the present call.
type clockRead struct {
	operator int
	nanos    int64
}

// handlesNothing stands for a call of the chain that no element causes.
const handlesNothing = -1

// took notes the element that was just received from a channel.
func (t *Task) took(c *sim.Context, end *inputEnd) {
	w, element := &t.witness, end.Received.Count-1
	if w.clocked && len(t.inputs) > 1 {
		t.tellTaken(c) // what it reads from the clock is told for this element alone
	}
	if !w.turns.extend(end.Index, element) {
		t.tellTaken(c)
		w.turns.extend(end.Index, element)
	}
	w.handledChannel, w.handled = end.Index, element
}

// tookAll is took for elements that come one after the other, which have not been
// received yet.
func (t *Task) tookAll(c *sim.Context, end *inputEnd, elements []record.Record) {
	w := &t.witness
	for i := range elements {
		if i > 0 && w.turns.other == protocol.NoChannel && w.turns.channel == end.Index {
			w.turns.elements += int64(len(elements) - i)
			end.Received = extended(end.Received, elements[i:])
			break
		}
		end.Received.Extend(elements[i].Lineage)
		t.took(c, end)
	}
	w.handledChannel, w.handled = end.Index, end.Received.Count-1
}

// extended is a chain after so many more elements: a copy is worked on in registers.
func extended(chain protocol.Chain, elements []record.Record) protocol.Chain {
	for i := range elements {
		chain.Extend(elements[i].Lineage)
	}
	return chain
}

// tookRecords notes the records that the source has just emitted.
func (w *witness) tookRecords(records []record.Record) {
	w.records = extended(w.records, records)
	w.handledChannel, w.handled = protocol.NoChannel, w.told+w.records.Count-1
}

// tookRecord notes the record that the source has just emitted.
func (w *witness) tookRecord(lineage uint64) {
	w.records.Extend(lineage)
	w.handledChannel, w.handled = protocol.NoChannel, w.told+w.records.Count-1
}

// usedUp is called before a used up buffer of the channel is told, which tells the rest of
// its elements if they came one after the other.
func (t *Task) usedUp(c *sim.Context, end *inputEnd) {
	w := &t.witness.turns
	switch {
	case w.elements == 0:
	case w.other != protocol.NoChannel && (w.channel == end.Index || w.other == end.Index):
		t.tellTaken(c)
	case w.channel == end.Index:
		*w = turns{}
	}
}

// tellTaken tells everything that was taken and not told. What follows is caused by no
// element.
func (t *Task) tellTaken(c *sim.Context) {
	w := &t.witness
	if e := &w.turns; e.elements > 0 {
		c.Emit(uint16(protocol.ElementsTaken), int64(t.id), int64(e.channel), e.first, e.elements,
			int64(e.other), e.otherFirst)
	}
	if n := w.records.Count; n > 0 {
		c.Emit(uint16(protocol.SourceAdvanced), int64(t.id), w.told, n, int64(w.records.Hash), 0, 0)
		w.told, w.records = w.told+n, protocol.Chain{}
	}
	w.turns = turns{}
	w.handledChannel, w.handled = protocol.NoChannel, handlesNothing
}

// tellSplits tells from where splits are read from now on.
func (t *Task) tellSplits(c *sim.Context, splits []split) {
	if len(splits) > 0 {
		t.tellTaken(c)
	}
	for i := range splits {
		c.Emit(uint16(protocol.SplitAssigned), int64(t.id), int64(splits[i].number), splits[i].offset, 0, 0, 0)
	}
}

// tellStatus tells that an input, or the source, turned idle or active.
func (t *Task) tellStatus(c *sim.Context, input int) {
	idle := int64(0)
	if t.inactive[input] {
		idle = 1
	}
	c.Emit(uint16(protocol.WatermarkStatusChanged), int64(t.id), int64(input), idle, 0, 0, 0)
}

// tellClock tells what operators have read from the clock in the latest call.
func (t *Task) tellClock(c *sim.Context) {
	w := &t.witness
	for _, r := range w.reads {
		c.Emit(uint16(protocol.ClockRead), int64(t.id), int64(t.chain.Spec(r.operator).Hash()), r.nanos,
			int64(w.handledChannel), w.handled, 0)
	}
	w.reads = w.reads[:0]
}

// watchClock finds out whether there is anything to tell of the clock.
func (t *Task) watchClock() {
	for i := range t.chain.Operators() {
		t.witness.clocked = t.witness.clocked || t.chain.Spec(i).ReadsClock
	}
	t.witness.handledChannel, t.witness.handled = protocol.NoChannel, handlesNothing
}
