package protocoltest

import (
	"simrun/protocol"
)

// task hosts the machine under test.
type task struct {
	id              protocol.TaskID
	machine         protocol.Machine
	inputs, outputs []*channel
	received, sent  []protocol.Chain
	applied         protocol.Tally
	emitted         int // records of a source
	mails           []protocol.Input
	timers          []timer
	snapshots       []*snapshot
	lastSnapshot    protocol.CheckpointID
	alignmentEnded  protocol.CheckpointID
	finished        bool
	weight          uint64
}

// timer is armed until it is due; then it is a mail, which nobody can take back.
type timer struct {
	id      protocol.CheckpointID
	atNanos int64
	output  bool // converts queued barriers at the outputs
}

// snapshot is one task's part of a checkpoint, from the first effect that names it.
type snapshot struct {
	id                       protocol.CheckpointID
	taken, declined, passed  bool // passed: answered with a cancel marker
	writer, persist, refused bool
	inputsDone, acked        bool
	outputFailed             bool
	outputsKnown             int
	received, sent           []protocol.Chain
	applied                  protocol.Tally
	input, output            [][]item
}

// snapshot finds or opens the task's part of checkpoint id.
func (t *task) snapshot(id protocol.CheckpointID) *snapshot {
	for _, s := range t.snapshots {
		if s.id == id {
			return s
		}
	}
	s := &snapshot{id: id, input: make([][]item, len(t.inputs)), output: make([][]item, len(t.outputs))}
	t.snapshots = append(t.snapshots, s)
	return s
}

// hasDecidedAfter reports whether a checkpoint newer than id has been decided here.
func (t *task) hasDecidedAfter(id protocol.CheckpointID) bool {
	for _, s := range t.snapshots {
		if s.id > id && (s.taken || s.declined || s.passed) {
			return true
		}
	}
	return false
}

func (t *task) openInputs() int {
	open := 0
	for _, c := range t.inputs {
		if !c.ended {
			open++
		}
	}
	return open
}

// canEmit reports whether every output queue has room before a record is begun (soft
// backpressure).
func (t *task) canEmit() bool {
	for _, c := range t.outputs {
		if c.out.data() >= outputQueueLimit {
			return false
		}
	}
	return true
}

// canAck reports whether everything that the task owes to the checkpoint is there.
func (s *snapshot) canAck(t *task) bool {
	return s.taken && s.inputsDone && !s.declined && !s.acked && !s.refused && !s.outputFailed &&
		s.outputsKnown == len(t.outputs)
}

// emitSourceRecord emits a source's next record.
func (w *world) emitSourceRecord(t *task) {
	lineage := protocol.SourceLineage(0, int32(t.id), int64(t.emitted))
	t.emitted++
	t.applied.Add(lineage)
	w.emit(t, lineage)
}

// apply is the operator: it counts the record and emits none, one or two derived ones.
func (w *world) apply(t *task, c *channel, lineage uint64) {
	t.received[c.ReceiverChannel].Extend(lineage)
	t.applied.Add(lineage)
	if len(t.outputs) == 0 {
		return
	}
	for ordinal := range protocol.MixLineage(lineage+uint64(t.id)) % 3 {
		w.emit(t, protocol.DerivedLineage(uint64(t.id), lineage, ordinal))
	}
}

func (w *world) emit(t *task, lineage uint64) {
	at := protocol.MixLineage(lineage+3) % uint64(len(t.outputs))
	t.outputs[at].appendRecord(lineage)
	t.sent[at].Extend(lineage)
}

// consume takes one item from a channel.
func (w *world) consume(c *channel) {
	t := w.tasks[c.Receiver]
	var i item
	if c.local {
		i = w.leave(c)
		w.observe(c, i)
	} else {
		i = c.in.pop()
	}
	if w.limits.story {
		w.tell("task %d channel %d consumes %s", t.id, c.ReceiverChannel, i)
	}
	switch i.kind {
	case itemData:
		w.consumeData(t, c, i)
	case itemBarrier:
		w.consumeBarrier(t, c, i.barrier)
	case itemAnnouncement:
		w.step(t, protocol.Input{Kind: protocol.InputAnnouncement, Channel: c.ReceiverChannel,
			Barrier: i.barrier, Sequence: i.sequence})
	case itemCancelMarker:
		w.step(t, protocol.Input{Kind: protocol.InputCancelMarker, Channel: c.ReceiverChannel,
			Checkpoint: i.checkpoint})
		w.checkCanceled(t, i.checkpoint)
	case itemEndOfPartition:
		c.ended = true
		w.step(t, protocol.Input{Kind: protocol.InputEndOfPartition, Channel: c.ReceiverChannel})
	}
}

func (w *world) consumeData(t *task, c *channel, i item) {
	c.half = append(c.half, i)
	if i.part == i.parts-1 {
		c.half = c.half[:0]
		w.apply(t, c, i.lineage)
	}
}

func (w *world) consumeBarrier(t *task, c *channel, b protocol.Barrier) {
	if b.BlocksUpstream() {
		c.unresumed++
	}
	w.step(t, protocol.Input{Kind: protocol.InputBarrier, Channel: c.ReceiverChannel, Barrier: b})
	if c.unresumed > 0 && !c.blocked {
		w.fail(ClassBlocking, "task %d consumed blocking barrier %s from channel %d, "+
			"and neither blocks nor resumes it", t.id, b, c.ReceiverChannel)
	}
}

// read takes a mail.
func (w *world) read(t *task, at int) {
	mail := t.mails[at]
	t.mails = append(t.mails[:at], t.mails[at+1:]...)
	w.step(t, mail)
}

// fire makes mails of the timers that are due, and converts at the outputs.
func (w *world) fireTimers(t *task) {
	kept := t.timers[:0]
	for _, timer := range t.timers {
		switch {
		case timer.atNanos > w.nowNanos:
			kept = append(kept, timer)
		case timer.output:
			w.timeOutputs(t, timer.id)
		default:
			t.mails = append(t.mails, protocol.Input{Kind: protocol.InputTimer, Checkpoint: timer.id})
		}
	}
	t.timers = kept
}

func (w *world) timeOutputs(t *task, id protocol.CheckpointID) {
	if w.limits.story {
		w.tell("task %d output timer of checkpoint %d", t.id, id)
	}
	for _, c := range t.outputs {
		w.decideOutput(c, c.output.Timeout(id))
	}
}

// broadcastCancel sends a cancel marker to everybody downstream.
func (w *world) broadcastCancel(t *task, id protocol.CheckpointID) {
	for _, c := range t.outputs {
		w.decideOutput(c, c.output.Abort(id))
		c.out.append(item{kind: itemCancelMarker, checkpoint: id})
	}
}

// finish ends a task: its outputs end behind everything that they hold.
func (w *world) finish(t *task) {
	if w.limits.story {
		w.tell("task %d finishes", t.id)
	}
	t.finished = true
	t.mails = t.mails[:0]
	t.timers = t.timers[:0]
	for _, c := range t.outputs {
		c.out.append(item{kind: itemEndOfPartition})
	}
}
