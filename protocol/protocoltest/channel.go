package protocoltest

import (
	"fmt"

	"simrun/protocol"
)

// The queues of a channel, in data buffers; events need no room.
const (
	outputQueueLimit = 4
	inputQueueLimit  = 3
)

type itemKind uint8

const (
	itemData itemKind = iota
	itemBarrier
	itemAnnouncement
	itemCancelMarker
	itemEndOfPartition
)

// item is what a channel carries: a buffer with one part of a record, or an event.
type item struct {
	kind        itemKind
	lineage     uint64
	part, parts int
	barrier     protocol.Barrier
	checkpoint  protocol.CheckpointID // of a cancel marker
	sequence    int64                 // given when it leaves the sender
}

func (i item) String() string {
	switch i.kind {
	case itemData:
		return fmt.Sprintf("record %d part %d of %d", i.lineage, i.part+1, i.parts)
	case itemBarrier:
		return "barrier " + i.barrier.String()
	case itemAnnouncement:
		return "announcement of " + i.barrier.String()
	case itemCancelMarker:
		return fmt.Sprintf("cancel marker checkpoint=%d", i.checkpoint)
	}
	return "end of partition"
}

// queue is a FIFO with a priority part in front.
type queue struct {
	items    []item
	priority int
}

func (q *queue) append(i item) { q.items = append(q.items, i) }

// appendPriority puts i behind the priority part, in front of everything else.
func (q *queue) appendPriority(i item) {
	q.items = append(q.items, item{})
	copy(q.items[q.priority+1:], q.items[q.priority:])
	q.items[q.priority] = i
	q.priority++
}

func (q *queue) pop() item {
	first := q.items[0]
	q.items = q.items[1:]
	q.priority = max(0, q.priority-1)
	return first
}

func (q *queue) remove(at int) item {
	removed := q.items[at]
	q.items = append(q.items[:at], q.items[at+1:]...)
	return removed
}

func (q *queue) data() int {
	count := 0
	for _, i := range q.items {
		if i.kind == itemData {
			count++
		}
	}
	return count
}

// findBarrier is the position of the in-line barrier of id, or -1.
func (q *queue) findBarrier(id protocol.CheckpointID) int {
	for at := q.priority; at < len(q.items); at++ {
		if q.items[at].kind == itemBarrier && q.items[at].barrier.ID == id {
			return at
		}
	}
	return -1
}

// channel joins two tasks: the sender's queue, a wire of no length, the receiver's
// queue. A local channel has no queue at the receiver, which polls the sender's.
type channel struct {
	Link
	local   bool
	output  OutputChannel
	input   InputChannel
	out, in queue
	// stopped: the sender has sent a blocking barrier and waits to be resumed.
	stopped bool
	// blocked: EffectBlock was carried out, for the checkpoint blockedFor.
	blocked    bool
	blockedFor protocol.CheckpointID
	// unresumed counts blocking barriers that were consumed and not yet resumed.
	unresumed int
	ended     bool
	half      []item // the parts read so far of the record in hand
	sequence  int64
	sentLog   []uint64 // every lineage that was sent, the witness of the states
	weight    uint64
}

// appendRecord puts a record's parts into the sender's queue.
func (c *channel) appendRecord(lineage uint64) {
	parts := 1 + int(protocol.MixLineage(lineage+7)%3)
	for part := range parts {
		c.out.append(item{kind: itemData, lineage: lineage, part: part, parts: parts})
	}
	c.sentLog = append(c.sentLog, lineage)
}

// canPoll reports whether the first item can cross to the receiver's queue.
func (c *channel) canPoll() bool {
	if c.local || c.stopped || len(c.out.items) == 0 {
		return false
	}
	return c.out.items[0].kind != itemData || c.in.data() < inputQueueLimit
}

// canConsume reports whether the receiver may take an item.
func (c *channel) canConsume() bool {
	switch {
	case c.blocked || c.ended:
		return false
	case c.local:
		return !c.stopped && len(c.out.items) > 0
	}
	return len(c.in.items) > 0
}

// isDrained reports whether the receiver has consumed all data.
func (c *channel) isDrained() bool {
	return c.out.data() == 0 && c.in.data() == 0 && len(c.half) == 0
}

// leave takes the first item from the sender's queue and numbers it.
func (w *world) leave(c *channel) item {
	i := c.out.pop()
	c.sequence++
	i.sequence = c.sequence
	if i.kind != itemBarrier {
		return i
	}
	c.stopped = w.stopsSender && i.barrier.BlocksUpstream()
	w.decideOutput(c, c.output.Polled(i.barrier.ID))
	return i
}

// arrive puts an item into the receiver's queue (Flink: RemoteInputChannel.onBuffer).
func (w *world) arrive(c *channel, i item) {
	switch {
	case i.kind == itemBarrier && i.barrier.Priority():
		c.in.appendPriority(i)
	case i.kind == itemBarrier && i.barrier.Timeoutable():
		c.in.append(i)
		c.in.appendPriority(item{kind: itemAnnouncement, barrier: i.barrier, sequence: i.sequence})
	default:
		c.in.append(i)
	}
	w.observe(c, i)
}

// observe is what an input channel does about the item that arrived: at a local channel,
// that the task polls.
func (w *world) observe(c *channel, i item) {
	switch i.kind {
	case itemBarrier:
		c.input.OnBarrier(i.barrier.ID, i.sequence)
	case itemData:
		if id, persist := c.input.ShouldPersist(); persist {
			s := w.tasks[c.Receiver].snapshot(id)
			s.input[c.ReceiverChannel] = append(s.input[c.ReceiverChannel], i)
		}
	}
}

// startInput records what of an input channel belongs to the checkpoint already.
func (w *world) startInput(c *channel, s *snapshot) {
	if c.ended {
		return
	}
	queued, ok := c.input.Start(s.id)
	if !ok {
		s.refused = true
		return
	}
	recorded := s.input[c.ReceiverChannel]
	if queued.HalfRead {
		recorded = append(recorded, c.half...)
		w.coverage.HalfRead += len(c.half)
	}
	for _, i := range c.in.items[c.in.priority:] {
		if i.kind == itemData && i.sequence < queued.BeforeSequence {
			recorded = append(recorded, i)
		}
	}
	s.input[c.ReceiverChannel] = recorded
}

// prioritize moves an announced barrier to the front of the receiver's queue.
func (w *world) prioritize(c *channel, effect protocol.Effect) {
	at := c.in.findBarrier(effect.Checkpoint)
	if at < 0 || c.in.items[at].sequence != effect.Sequence {
		w.fail(ClassOrder, "task %d prioritizes a barrier that is not queued: %s", c.Receiver, effect)
		return
	}
	c.in.appendPriority(c.in.remove(at))
	w.coverage.Prioritized++
}

// decideOutput carries a sender's decision out.
func (w *world) decideOutput(c *channel, d protocol.SubpartitionDecision) {
	sender := w.tasks[c.Sender]
	if d.Fails != protocol.NoCheckpoint {
		// The asynchronous part fails with it, which is the host's own decline.
		sender.snapshot(d.Fails).outputFailed = true
		w.abort(d.Fails)
	}
	w.captureOutput(c, d)
	switch d.Place {
	case protocol.PlaceLast:
		c.out.append(item{kind: itemBarrier, barrier: d.Barrier})
	case protocol.PlaceFirst:
		if at := c.out.findBarrier(d.Barrier.ID); at >= 0 {
			c.out.remove(at)
			w.coverage.SwitchedOutputs++
		}
		c.out.appendPriority(item{kind: itemBarrier, barrier: d.Barrier})
	}
	if d.Completes != protocol.NoCheckpoint {
		sender.snapshot(d.Completes).outputsKnown++
	}
}

func (w *world) captureOutput(c *channel, d protocol.SubpartitionDecision) {
	end := len(c.out.items)
	switch d.Capture {
	case protocol.CaptureNothing:
		return
	case protocol.CaptureAheadOfBarrier:
		end = c.out.findBarrier(d.Barrier.ID)
	}
	s := w.tasks[c.Sender].snapshot(d.Barrier.ID)
	for _, i := range c.out.items[:end] {
		if i.kind == itemData {
			s.output[c.SenderChannel] = append(s.output[c.SenderChannel], i)
		}
	}
}
