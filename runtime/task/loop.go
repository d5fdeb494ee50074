package task

import (
	"simrun/runtime/network"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// loop is the mailbox loop: mails first, then one thing of the default action, until the
// task is busy or has nothing to do (Flink: MailboxProcessor.runMailboxLoop).
//
// The order matters. (1) A record ends. (2) A barrier that overtook data waits, and so
// does the next record. Were (3) the record taken first, it would be in the state and,
// as it was queued when the barrier came, in the channel state too (FLINK-17568).
func (t *Task) loop(c *sim.Context) {
	for t.busy == free {
		if !t.mails.empty() {
			next := t.mails.take()
			t.handleMail(c, next.m, next.from)
			continue
		}
		if t.priorityEvent(c) {
			continue
		}
		if !t.step(c) {
			break
		}
	}
	if t.finish.partition && t.busy == free {
		t.maybeFinished(c)
	}
	t.announceCredits(c)
	t.reportPools(c)
	t.pressure.observe(t, c)
}

// priorityEvent handles one event that overtook data, if any waits.
func (t *Task) priorityEvent(c *sim.Context) bool {
	if t.restore.pending {
		return false
	}
	for len(t.urgent) > 0 {
		end := &t.in[t.urgent[0]]
		if t.hasPriority(end) {
			t.event(c, end, end.Take())
			return true
		}
		t.urgent = append(t.urgent[:0], t.urgent[1:]...)
	}
	return false
}

// step does one thing of the default action. False: there is nothing to do, or no room
// for its output (soft backpressure).
func (t *Task) step(c *sim.Context) bool {
	if t.restore.pending || t.sink != nil && !t.sink.ready || !t.finish.done && !t.outputsAvailable() {
		return false
	}
	if t.source != nil {
		return t.readSource(c)
	}
	for range t.inputs {
		t.turn++
		if t.turn >= len(t.inputs) {
			t.turn = 0
		}
		if t.readInput(c, t.turn) {
			return true
		}
	}
	return false
}

// outputsAvailable asks every result partition whether a record may be started.
func (t *Task) outputsAvailable() bool {
	for _, p := range t.partitions {
		if !p.Pool.Available() {
			return false
		}
	}
	return true
}

// readInput takes the next element of an input: of the buffer in hand, or of the next
// channel in rotation.
func (t *Task) readInput(c *sim.Context, input int) bool {
	reading := &t.serve.reading[input]
	if reading.channel != nil {
		t.element(c, input, reading)
		return true
	}
	ch := t.inputs[input].Select()
	if ch == nil {
		return false
	}
	end := &t.in[ch.Index]
	if ch.Local && !t.queued(end) {
		t.poll(c, end)
		return true
	}
	if !t.queued(end) {
		return true
	}
	b := end.Take()
	t.offer(end)
	if b.IsData() {
		t.beginBuffer(c, input, end, b)
		return true
	}
	t.event(c, end, b)
	return true
}

func (t *Task) queued(end *inputEnd) bool {
	waits, _ := end.Peek()
	return waits
}

// element begins the next element of the buffer in hand, or ends the buffer.
func (t *Task) element(c *sim.Context, input int, reading *reading) {
	elements := reading.buffer.Piece.Elements
	if reading.next == len(elements) {
		t.endBuffer(c, reading)
		return
	}
	r := &elements[reading.next]
	if r.IsRecord() {
		if !t.runAhead(c, t.config.Costs.DeserializePicosPB, nextOfBuffer) {
			t.beginRecord(c, input, r)
		}
		return
	}
	reading.next++
	reading.channel.Received.Extend(r.Lineage)
	t.took(c, reading.channel)
	t.controlElement(c, reading.channel, r)
}

// controlElement handles a watermark or a change of idleness.
func (t *Task) controlElement(c *sim.Context, end *inputEnd, r *record.Record) {
	switch r.Tag {
	case record.TagWatermark:
		t.setWatermark(end, r.TimeNanos)
	case record.TagIdle:
		t.setIdle(end, true)
	case record.TagActive:
		t.setIdle(end, false)
	}
	t.combineWatermarks(c, end)
}

// reading is the buffer that an input consumes now.
type reading struct {
	channel *inputEnd
	buffer  *network.Buffer
	next    int // element
}

// beginBuffer makes b the buffer in hand of the input.
func (t *Task) beginBuffer(c *sim.Context, input int, end *inputEnd, b *network.Buffer) {
	if !end.Join(&b.Piece) {
		t.fail(c, rpc.CauseCorruptStream)
		return
	}
	t.serve.reading[input] = reading{channel: end, buffer: b}
	t.checkpoints.consumed(int64(b.Piece.SizeBytes))
	t.serve.consumedBytes += int64(b.Piece.SizeBytes)
}

// endBuffer gives the consumed buffer back.
func (t *Task) endBuffer(c *sim.Context, reading *reading) {
	end, b := reading.channel, reading.buffer
	end.Leave(&b.Piece)
	t.usedUp(c, end)
	t.emitConsumed(c, end, b)
	*reading = emptyReading
	t.giveBack(c, end, b)
}

var emptyReading = reading{}
