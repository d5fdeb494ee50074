package task

import (
	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// outputEnd is one output channel with who reads it.
type outputEnd struct {
	sub        *network.Subpartition
	partition  int
	position   int
	local      bool
	consumer   sim.ActorID
	channel    int64 // the consumer's
	connection sim.ConnectionID
	credits    int32
	barrier    protocol.SubpartitionBarrier
	told       bool // local: the consumer knows that something waits
	processed  bool // the consumer has processed every record
}

// buildOutputs lays out result partitions and subpartitions as the plan says.
func (t *Task) buildOutputs() {
	w := t.env.Workspaces
	t.out = w.outputs.Make(len(t.shape.Outputs))
	t.firstOut = w.positions.Make(len(t.vertex.Outputs))
	t.partitions = t.env.Arena.Partitions(len(t.vertex.Outputs))
	maxParallelism := t.d.Plan.MaxParallelism
	if t.config.Bug == protocol.BugKeyGroupsShifted && t.d.Restore != nil {
		maxParallelism--
	}
	for p := range t.vertex.Outputs {
		edge := &t.vertex.Outputs[p]
		count := t.countOutputs(p)
		t.partitions = append(t.partitions, network.NewPartition(network.PartitionOptions{
			Edge: edge, Subpartitions: count, MaxParallelism: maxParallelism,
			Network: t.network, Arena: t.env.Arena, Bug: t.config.Bug,
			FirstChannel: network.FirstChannel(t.env.Seed, int(t.id), p, count),
		}))
	}
	next := w.positions.Make(len(t.partitions))
	for i := range t.out {
		port := t.shape.Outputs[i].Port
		if next[port] == 0 {
			t.firstOut[port] = i
		}
		t.out[i] = outputEnd{
			sub: &t.partitions[port].Subpartitions[next[port]], partition: port, position: next[port],
			local:    t.d.Locations[t.shape.Outputs[i].Peer].TaskManager == t.d.Locations[t.id].TaskManager,
			consumer: sim.NoActor,
		}
		next[port]++
	}
	t.writer.Partitions = t.partitions
}

func (t *Task) countOutputs(partition int) int {
	n := 0
	for i := range t.shape.Outputs {
		if t.shape.Outputs[i].Port == partition {
			n++
		}
	}
	return n
}

// acceptConsumer joins a consumer to its subpartition; what waits there may be sent.
func (t *Task) acceptConsumer(c *sim.Context, r *rpc.ChannelRequest) {
	out := &t.out[r.ProducerChannel]
	out.consumer, out.channel = r.ConsumerActor, int64(r.ConsumerChannel)
	out.credits = r.InitialCredit
	if !out.local {
		out.connection = t.host.ConnectionTo(c, t.id, t.d.Locations[r.Consumer].TaskManager)
	}
	t.send(c, int(r.ProducerChannel))
}

// sendReady looks at every subpartition that has finished a buffer.
func (t *Task) sendReady(c *sim.Context) {
	for p, partition := range t.partitions {
		for _, position := range partition.Ready {
			partition.Subpartitions[position].Seen()
			t.send(c, t.firstOut[p]+int(position))
		}
		partition.Ready = partition.Ready[:0]
	}
}

// send sends what the channel may: data against credit, events at once; a local
// consumer is told and polls.
func (t *Task) send(c *sim.Context, channel int) {
	out := &t.out[channel]
	if out.consumer == sim.NoActor {
		return
	}
	if out.local {
		t.tellLocal(c, channel, out)
		return
	}
	sub := out.sub
	for sub.CanPoll() {
		if sub.NextIsData() {
			if out.credits == 0 {
				t.announceBacklog(c, out)
				return
			}
			out.credits--
		}
		b := sub.Poll()
		t.polled(c, channel, b)
		t.forward(c, b)
		sub.LetGo(b)
		m := sim.Message{Kind: rpc.Buffer, A: out.channel, Body: b}
		c.Transmit(out.connection, out.consumer, wireSize(b), m)
	}
}

// announceBacklog lets a receiver without exclusive buffers know that data waits: it has
// no credit to give before it does (Flink: BacklogAnnouncement).
func (t *Task) announceBacklog(c *sim.Context, out *outputEnd) {
	if t.network.ExclusiveBuffers > 0 || out.told {
		return
	}
	out.told = true
	b := t.env.Arena.NewBuffer(network.BacklogEvent)
	b.Backlog = out.sub.Backlog()
	m := sim.Message{Kind: rpc.Buffer, A: out.channel, Body: b}
	c.Transmit(out.connection, out.consumer, eventSizeBytes, m)
}

// forward charges the node for what its network stack does with a data buffer: threads of
// its own, which take cores from the tasks, and which the buffer does not wait for.
func (t *Task) forward(c *sim.Context, b *network.Buffer) {
	nanos := int64(b.Piece.SizeBytes) * t.config.Costs.NetworkPicosPerByte / 1000
	if b.IsData() && nanos > 0 {
		c.CPU().Begin(c, nanos, sim.Message{Kind: rpc.Forwarded, Housekeeping: true})
	}
}

func wireSize(b *network.Buffer) int64 {
	if b.IsData() {
		return headerSizeBytes + int64(b.Piece.SizeBytes)
	}
	return eventSizeBytes
}

// tellLocal makes a local consumer poll. What overtakes data is handed over at once:
// nothing can be ahead of it.
func (t *Task) tellLocal(c *sim.Context, channel int, out *outputEnd) {
	for out.sub.NextHasPriority() {
		b := out.sub.Poll()
		t.polled(c, channel, b)
		c.Send(out.consumer, 1, sim.Message{Kind: rpc.Buffer, A: out.channel, Body: b})
	}
	if out.told || !out.sub.CanPoll() {
		return
	}
	out.told = true
	c.Send(out.consumer, 1, sim.Message{Kind: rpc.DataAvailable, A: out.channel})
}

// answerPoll gives a local consumer the next buffer, by reference: its memory stays this
// task's until it is recycled.
func (t *Task) answerPoll(c *sim.Context, channel int64) {
	out := &t.out[channel]
	b := out.sub.Poll()
	if b == nil {
		b = t.env.Arena.NewBuffer(network.EmptyReply)
	} else {
		t.polled(c, int(channel), b)
	}
	b.More = out.sub.CanPoll()
	out.told = b.More
	c.Send(out.consumer, 1, sim.Message{Kind: rpc.Buffer, A: out.channel, Body: b})
}

// polled notes what leaves a subpartition.
func (t *Task) polled(c *sim.Context, channel int, b *network.Buffer) {
	if b.IsData() {
		c.Emit(uint16(protocol.BufferSent), int64(t.id), int64(channel), b.Sequence,
			int64(b.Piece.SizeBytes), b.First, int64(len(b.Piece.Elements)))
	}
	if b.Kind == network.BarrierEvent {
		t.barrierLeft(c, b.Barrier.ID, channel)
		if t.config.Bug == protocol.BugBarrierBlocksNothing {
			t.out[channel].sub.Resume()
		}
	}
}

// recycleLocal takes back the memory of a buffer that a local consumer has read.
func (t *Task) recycleLocal(c *sim.Context, channel int64, b *network.Buffer) {
	t.out[channel].sub.LetGo(b)
	t.env.Arena.Free(b)
	t.memoryReturned(c)
}

func (t *Task) receiveCredit(c *sim.Context, channel int64, credits int32) {
	out := &t.out[channel]
	out.credits += credits
	out.told = out.told && out.local
	t.send(c, int(channel))
	t.memoryReturned(c)
}

// resumeOutput lets a channel go on after a blocking event.
func (t *Task) resumeOutput(c *sim.Context, channel int64) {
	out := &t.out[channel]
	out.sub.Resume()
	if t.network.ExclusiveBuffers == 0 && t.config.Bug != protocol.BugFloatingBuffersPinned {
		out.credits, out.told = 0, false // the receiver has taken them back
	}
	t.send(c, int(channel))
	t.memoryReturned(c)
}

// releaseOutput: the consumer will read no more.
func (t *Task) releaseOutput(c *sim.Context, channel int64) {
	t.out[channel].sub.Release()
	t.memoryReturned(c)
}

// flushAll is Flink's OutputFlusher: partly filled buffers may go.
func (t *Task) flushAll(c *sim.Context) {
	t.flushOutputs(c)
	t.armFlush(c)
}

func (t *Task) flushOutputs(c *sim.Context) {
	for i := range t.out {
		if t.out[i].sub.Flush() {
			t.send(c, i)
		}
	}
}

func (t *Task) armFlush(c *sim.Context) {
	if timeout := t.config.BufferTimeoutNanos; timeout > 0 && len(t.out) > 0 {
		c.After(timeout, sim.Message{Kind: rpc.FlushTimer, Housekeeping: true})
	}
}

// broadcastEvent appends an event behind the data of every output channel.
func (t *Task) broadcastEvent(c *sim.Context, kind network.Kind, mark int64) {
	for i := range t.out {
		b := t.env.Arena.NewBuffer(kind)
		b.Mark = mark
		t.out[i].sub.Append(b)
	}
	for i := range t.out {
		t.send(c, i)
	}
}

// reportPools tells of the segments that were taken and returned.
func (t *Task) reportPools(c *sim.Context) {
	for i, p := range t.partitions {
		for _, change := range p.Pool.Changes {
			kind := protocol.SegmentReturned
			if change.Taken {
				kind = protocol.SegmentTaken
			}
			c.Emit(uint16(kind), int64(t.id), int64(i), int64(change.Subpartition), int64(change.InUse), 0, 0)
			if over := change.InUse - p.Pool.Target(); change.Taken && over > 0 {
				c.Emit(uint16(protocol.OverdraftTaken), int64(t.id), int64(i), int64(over), 0, 0, 0)
			}
		}
		p.Pool.Changes = p.Pool.Changes[:0]
	}
}
