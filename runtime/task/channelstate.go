package task

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// persistInputs begins to record the input channels: the half-read record first, then
// what is queued before the barrier, then what arrives until it does (Flink:
// StreamTaskNetworkInput.prepareSnapshot, InputChannel.checkpointStarted). A channel
// whose barrier was consumed is recorded too: what the barrier overtook still waits.
func (t *Task) persistInputs(c *sim.Context, id protocol.CheckpointID) {
	cp := t.checkpoints.find(id)
	if cp == nil {
		panic("task: in-flight data of a checkpoint that was not begun")
	}
	if t.before(c, protocol.StepStartChannelState, id) {
		return
	}
	cp.inputsOpen = true
	for i := range t.in {
		end := &t.in[i]
		if end.Ended() || t.config.Bug == protocol.BugFirstGateOnly && end.gate > 0 {
			continue
		}
		queued, ok := end.Persister.Start(id)
		if !ok {
			t.checkpoints.refused = id
			return
		}
		if queued.HalfRead && t.config.Bug != protocol.BugHalfReadForgotten {
			t.persistHalfRead(c, id, end)
		}
		end.Queued(func(b *network.Buffer) {
			if b.IsData() && b.Sequence < queued.BeforeSequence {
				end.PersistBuffer(b)
			}
		})
	}
	t.after(c, protocol.StepStartChannelState, id)
}

// persistHalfRead records what the task has taken out of the channel's queue but not
// applied: the rest of the buffer in hand, or the beginning of a spanning record.
func (t *Task) persistHalfRead(c *sim.Context, id protocol.CheckpointID, end *inputEnd) {
	reading := &t.serve.reading[end.input]
	spanning := end.PartialBytes()
	if reading.channel == end {
		spanning = reading.buffer.Piece.TailBytes
		if rest := t.restOf(reading); rest.SizeBytes > 0 {
			reading.buffer.Shared = true
			end.Persist(rest)
		}
	} else if spanning > 0 {
		end.Persist(record.Piece{SizeBytes: spanning, TailBytes: spanning})
	}
	if spanning > 0 {
		c.Emit(uint16(protocol.SpanningRecordAtCut), int64(t.id), int64(id), int64(end.Index),
			int64(spanning), 0, 0)
	}
}

// restOf is the unread rest of a buffer in hand as a piece of its own. Its first element
// is whole again: the deserializer holds what earlier buffers had of it.
func (t *Task) restOf(reading *reading) record.Piece {
	p := &reading.buffer.Piece
	if len(p.Elements) == 0 {
		bytes := reading.channel.PartialBytes() + p.HeadBytes + p.TailBytes
		return record.Piece{SizeBytes: bytes, TailBytes: bytes}
	}
	rest := record.Piece{Elements: p.Elements[reading.next:], TailBytes: p.TailBytes, SizeBytes: p.TailBytes}
	for i := range rest.Elements {
		rest.SizeBytes += rest.Elements[i].SizeBytes
	}
	return rest
}

// persistArrival records a buffer that arrives while its channel is being recorded.
func (t *Task) persistArrival(c *sim.Context, end *inputEnd, b *network.Buffer) {
	if _, ok := end.Persister.ShouldPersist(); ok {
		end.PersistBuffer(b)
	}
}

// inputsDone closes the input side of the checkpoint's channel state.
func (t *Task) inputsDone(c *sim.Context, id protocol.CheckpointID) {
	cp := t.checkpoints.find(id)
	recorded := cp != nil && cp.inputsOpen
	if recorded && t.before(c, protocol.StepFinishInput, id) {
		return
	}
	for i := range t.in {
		end := &t.in[i]
		end.Persister.Stop(id)
		pieces := end.TakePersisted()
		if t.config.Bug == protocol.BugRecordedOutOfOrder {
			slices.Reverse(pieces)
		}
		if cp == nil || len(pieces) == 0 {
			continue
		}
		cp.addInput(t, end.Index, pieces)
		bytes := piecesBytes(pieces)
		cp.stats.PersistedInputBytes += bytes
		c.Emit(uint16(protocol.InFlightPersisted), int64(t.id), int64(id), 0, int64(end.Index), bytes, 0)
	}
	if cp != nil {
		cp.inputsOpen = false
		cp.stats.ChannelStateDoneNanos = c.NowNanos()
	}
	if recorded && t.after(c, protocol.StepFinishInput, id) {
		return
	}
	if cp != nil {
		t.advance(c, cp)
	}
}

func (cp *localCheckpoint) addInput(t *Task, channel protocol.ChannelIndex, pieces []record.Piece) {
	if cp.snapshot == nil {
		cp.snapshot = t.newSnapshot(cp.id)
	}
	if cp.snapshot.Input == nil {
		cp.snapshot.Input = make([][]record.Piece, len(t.in))
	}
	cp.snapshot.Input[channel] = pieces
}

func piecesBytes(pieces []record.Piece) int64 {
	n := int64(0)
	for i := range pieces {
		n += int64(pieces[i].SizeBytes)
	}
	return n
}

// emitBarrier sends the barrier of a snapshot to all outputs, each as its edge supports:
// ahead of the data where it is unaligned, in line elsewhere (reference 2.6 step 5, 2.7).
// What it overtakes belongs to the checkpoint.
func (t *Task) emitBarrier(c *sim.Context, cp *localCheckpoint) {
	if t.before(c, protocol.StepBroadcastBarrier, cp.id) {
		return
	}
	cp.snapshot.Output = make([][]record.Piece, len(t.out))
	canTimeOut := protocol.PolicyOf(t.config.Protocol).OutputTimeout
	for i := range t.out {
		out := &t.out[i]
		b := protocol.BarrierForEdge(cp.barrier, t.vertex.Outputs[out.partition].Unaligned)
		decision := out.barrier.Append(b, canTimeOut && !out.sub.Released())
		if decision.Fails != protocol.NoCheckpoint {
			if t.asyncFailed(c, decision.Fails); t.busy == ended {
				return
			}
		}
		if decision.Capture == protocol.CaptureQueued && t.config.Bug != protocol.BugOvertakenForgotten {
			t.addOutput(c, cp, i, out.sub.Overtaken(nil))
		}
		if decision.Completes != cp.id {
			cp.outputsOpen++
		}
		event := t.env.Arena.NewBuffer(network.BarrierEvent)
		event.Barrier = decision.Barrier
		if decision.Place == protocol.PlaceFirst {
			out.sub.AppendPriority(event)
		} else {
			out.sub.Append(event)
		}
	}
	for i := range t.out {
		t.send(c, i)
	}
	if !t.after(c, protocol.StepBroadcastBarrier, cp.id) {
		t.armOutputTimer(c, cp)
	}
}

func (t *Task) addOutput(c *sim.Context, cp *localCheckpoint, channel int, pieces []record.Piece) {
	if len(pieces) == 0 {
		return
	}
	cp.snapshot.Output[channel] = pieces
	bytes := piecesBytes(pieces)
	cp.stats.PersistedOutputBytes += bytes
	c.Emit(uint16(protocol.InFlightPersisted), int64(t.id), int64(cp.id), 1, int64(channel), bytes, 0)
	last := pieces[len(pieces)-1]
	if pieces[0].HeadBytes > 0 || last.TailBytes > 0 {
		c.Emit(uint16(protocol.SpanningRecordAtCut), int64(t.id), int64(cp.id), int64(channel),
			int64(pieces[0].HeadBytes+last.TailBytes), 0, 0)
	}
}

// armOutputTimer sets the timer after which barriers still in line are converted.
func (t *Task) armOutputTimer(c *sim.Context, cp *localCheckpoint) {
	if cp.outputsOpen == 0 || t.before(c, protocol.StepArmOutputTimer, cp.id) {
		return
	}
	delay := max(0, cp.barrier.TriggerNanos+cp.barrier.TimeoutNanos-c.ClockNanos())
	c.After(delay, sim.Message{Kind: rpc.OutputTimer, A: int64(cp.id)})
	t.after(c, protocol.StepArmOutputTimer, cp.id)
}

// barrierLeft: a barrier was polled in line; no data of its subpartition is recorded.
func (t *Task) barrierLeft(c *sim.Context, id protocol.CheckpointID, channel int) {
	cp := t.checkpoints.find(id)
	if t.out[channel].barrier.Polled(id).Completes != id || cp == nil {
		return
	}
	cp.outputsOpen--
	if cp.outputsOpen == 0 {
		c.Send(c.Self(), 0, sim.Message{Kind: rpc.Wake, A: int64(id)})
	}
}

// outputTimer converts the barriers that still wait in line on the output side
// (FLINK-27251).
func (t *Task) outputTimer(c *sim.Context, id protocol.CheckpointID) {
	cp := t.checkpoints.find(id)
	if cp == nil || cp.outputsOpen == 0 {
		return
	}
	switched := false
	for i := range t.out {
		decision := t.out[i].barrier.Timeout(id)
		if decision.Completes != id {
			continue
		}
		switched = true
		pieces := t.out[i].sub.Convert(decision.Barrier, nil)
		cp.outputsOpen--
		t.addOutput(c, cp, i, pieces)
		t.send(c, i)
	}
	if switched {
		c.Emit(uint16(protocol.SwitchedToUnaligned), int64(t.id), int64(id), 1, 0, 0, 0)
	}
	cp.stats.ChannelStateDoneNanos = c.NowNanos()
	t.advance(c, cp)
}

// finishOutput closes the checkpoint's in-flight data, where the protocol has any. False:
// the task is over.
func (t *Task) finishOutput(c *sim.Context, cp *localCheckpoint) bool {
	if !protocol.PolicyOf(t.config.Protocol).Alternates() {
		t.channelStateKnown(c, cp)
		return true
	}
	if t.before(c, protocol.StepFinishOutput, cp.id) {
		return false
	}
	t.channelStateKnown(c, cp)
	return !t.after(c, protocol.StepFinishOutput, cp.id)
}

// channelStateKnown tells those who share the file what this task has for it.
func (t *Task) channelStateKnown(c *sim.Context, cp *localCheckpoint) {
	bytes := cp.stats.PersistedInputBytes + cp.stats.PersistedOutputBytes
	cp.stats.PersistedBytes, cp.handle.ChannelBytes = bytes, bytes
	cp.channelsKnown, cp.channelsSince = true, c.NowNanos()
	t.file.tell(c, t.fileMember, cp.id, bytes)
}

// writeChannelState stores the recorded in-flight data, or leaves it to travel in the
// acknowledgement when it is small with all that shares its file.
func (t *Task) writeChannelState(c *sim.Context, cp *localCheckpoint) {
	bytes := cp.handle.ChannelBytes
	if !t.needsObject(max(bytes, t.file.bytes(cp.id))) {
		return
	}
	cp.fileOpen = true
	if bytes == 0 {
		return
	}
	cp.channelsWrite = true
	t.serialize(c, cp, bytes*t.config.Costs.InFlightPicosPerByte/1000, serializedChannels)
}

// needsObject reports whether so much goes to the store: less travels in the
// acknowledgement, and everything does when checkpoints are kept in the job manager's heap.
func (t *Task) needsObject(bytes int64) bool {
	return bytes > t.config.DataInlineThresholdBytes && t.config.Storage == job.StorageObjectStore
}
