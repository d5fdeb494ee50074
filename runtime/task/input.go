package task

import (
	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Sizes of control messages on the wire, in bytes.
const (
	creditSizeBytes  = 20
	requestSizeBytes = 60
	eventSizeBytes   = 40
	headerSizeBytes  = 30 // of a data buffer
)

// inputEnd is one input channel with whom it comes from.
type inputEnd struct {
	network.InputChannel
	producer   protocol.TaskID
	sender     sim.ActorID // known with the first buffer
	connection sim.ConnectionID
	input      int // of the function
	gate       int
	requested  bool
	watermark  int64
	idle       bool
	endOfData  bool
	recovered  bool // its restored data is consumed
	outputDone bool // the producer's restored output data is consumed
}

// buildInputs lays out gates and channels as the plan says.
func (t *Task) buildInputs() {
	w := t.env.Workspaces
	t.in = w.inputs.Make(len(t.shape.Inputs))
	for i := range t.in {
		channel := &t.shape.Inputs[i]
		end := &t.in[i]
		end.Index = protocol.ChannelIndex(i)
		end.Local = t.d.Locations[channel.Peer].TaskManager == t.d.Locations[t.id].TaskManager
		end.producer, end.gate = channel.Peer, channel.Port
		end.input = t.vertex.Inputs[channel.Port].FunctionInput
		end.watermark, end.sender = operator.NoWatermark, sim.NoActor
		end.Persister.Bug = t.config.Bug
	}
	functionInputs := 1
	t.gates = w.gates.Room(len(t.vertex.Inputs))
	for g := range t.vertex.Inputs {
		t.gates = append(t.gates, t.buildGate(g))
		functionInputs = max(functionInputs, t.vertex.Inputs[g].FunctionInput+1)
	}
	t.inputs = w.functionInputs.Make(functionInputs)
	for i := range t.inputs {
		t.inputs[i] = t.env.Arena.NewInput(len(t.gates))
	}
	for g, gate := range t.gates {
		in := &t.inputs[t.vertex.Inputs[g].FunctionInput]
		in.Gates = append(in.Gates, gate)
	}
	t.serve.reading = w.readings.Make(functionInputs)
	t.inactive = w.flags.Make(functionInputs)
	t.lowest = w.lowest.Make(functionInputs)
}

// buildGate makes the gate of a port: its channels are those of t.in that belong to it.
func (t *Task) buildGate(port int) *network.Gate {
	channels := t.env.Arena.Channels(len(t.in))
	for i := range t.in {
		if t.in[i].gate == port {
			channels = append(channels, &t.in[i].InputChannel)
		}
	}
	gate := network.NewGate(t.env.Arena, channels, t.network.ExclusiveBuffers, t.network.FloatingBuffers)
	gate.Bug = t.config.Bug
	return gate
}

// requestPartition asks the channel's producer to send.
func (t *Task) requestPartition(c *sim.Context, index protocol.ChannelIndex) {
	if t.before(c, protocol.StepRequestPartition, t.restoredFrom()) {
		return
	}
	end := &t.in[index]
	peer := &t.d.Locations[end.producer]
	if !end.requested && !end.Local {
		end.connection = t.host.ConnectionTo(c, t.id, peer.TaskManager)
	}
	if !end.requested && !end.Local {
		c.Emit(uint16(protocol.CreditGranted), int64(t.id), int64(index), int64(end.Credits()),
			int64(end.Credits()), 0, 0)
	}
	end.requested = true
	credit := t.network.ExclusiveBuffers
	if t.config.Bug == protocol.BugCreditAnnouncedTwice && t.d.Restore != nil {
		credit *= 2
	}
	request := t.env.Messages.ChannelRequests.New()
	*request = rpc.ChannelRequest{
		Producer: end.producer, ProducerChannel: t.shape.Inputs[index].PeerChannel,
		Consumer: t.id, ConsumerChannel: index, ConsumerActor: c.Self(), Attempt: t.attempt,
		InitialCredit: credit, Local: end.Local,
	}
	m := sim.Message{Kind: rpc.PartitionRequest, Body: request}
	if end.Local {
		c.Send(peer.Actor, 1, m)
	} else {
		c.Transmit(end.connection, peer.Actor, requestSizeBytes, m)
	}
	t.after(c, protocol.StepRequestPartition, t.restoredFrom())
}

// receiveBuffer takes a buffer or event from a producer.
func (t *Task) receiveBuffer(c *sim.Context, channel int64, b *network.Buffer) {
	end := &t.in[channel]
	end.sender = c.From()
	if t.busy == polling && end.Local && !b.Priority {
		t.pollAnswered(c, end, b)
		return
	}
	if b.Kind == network.BacklogEvent {
		end.Gate().OnBacklog(&end.InputChannel, b.Backlog)
		t.env.Arena.Free(b)
		return
	}
	t.arrive(c, end, b)
}

// arrive queues a buffer and notes what its arrival means for the checkpoint in hand
// (Flink: RemoteInputChannel.onBuffer).
func (t *Task) arrive(c *sim.Context, end *inputEnd, b *network.Buffer) {
	if !end.Receive(b) {
		t.fail(c, rpc.CauseCorruptStream)
		return
	}
	if b.BlocksUpstream() {
		t.takeCreditBack(c, end)
	}
	switch {
	case b.Kind == network.BarrierEvent:
		end.Persister.OnBarrier(b.Barrier.ID, b.Sequence)
		if b.Priority {
			t.urgent = append(t.urgent, end.Index)
		}
		t.announce(end, b)
		if len(t.urgent) > 0 {
			t.cutAhead(c)
		}
	case b.IsData():
		c.Emit(uint16(protocol.BufferReceived), int64(t.id), int64(end.Index), b.Sequence,
			int64(b.Piece.SizeBytes), int64(end.Credits()), 0)
		t.persistArrival(c, end, b)
		if !end.Local {
			t.forward(c, b)
		}
	}
	t.noteBacklog(end, b)
	t.offer(end)
}

// noteBacklog takes in what waits at the sender. Events tell it as well as data, and behind
// one that blocks the channel nothing counts as waiting: its floating buffers go to others.
func (t *Task) noteBacklog(end *inputEnd, b *network.Buffer) {
	switch {
	case end.Local:
		end.Gate().NoteBacklog(&end.InputChannel, b.Backlog)
	case b.IsData() || t.network.ExclusiveBuffers > 0:
		end.Gate().OnBacklog(&end.InputChannel, b.Backlog)
	}
}

// takeCreditBack tells of the credit that a stopped sender has lost.
func (t *Task) takeCreditBack(c *sim.Context, end *inputEnd) {
	if credits := end.Gate().Stopped(&end.InputChannel); credits > 0 {
		c.Emit(uint16(protocol.CreditGranted), int64(t.id), int64(end.Index), -int64(credits), 0, 0, 0)
	}
}

// announce puts the announcement of a timeoutable barrier ahead of the data, so that the
// task knows of the checkpoint while the barrier waits. Remote channels only.
func (t *Task) announce(end *inputEnd, b *network.Buffer) {
	if !b.Barrier.Timeoutable() || end.Local {
		return
	}
	a := t.env.Arena.NewBuffer(network.AnnouncementEvent)
	a.Barrier, a.Mark, a.Priority = b.Barrier, b.Sequence, true
	end.Announce(a)
	t.urgent = append(t.urgent, end.Index)
}

// offer puts the channel into its input's rotation if it has something to read.
func (t *Task) offer(end *inputEnd) {
	if waits, _ := end.Peek(); waits || end.Available() {
		t.inputs[end.input].Offer(&end.InputChannel)
	}
}

// localAvailable: the producer of a local channel has something to poll.
func (t *Task) localAvailable(c *sim.Context, channel int64) {
	end := &t.in[channel]
	end.sender = c.From()
	end.SetAvailable(true)
	t.offer(end)
}

// poll asks the producer of a local channel for its next buffer. Being actors, the two
// are a nanosecond apart.
func (t *Task) poll(c *sim.Context, end *inputEnd) {
	if !end.Available() {
		return
	}
	t.busy = polling
	c.Send(end.sender, 1, sim.Message{Kind: rpc.Poll, A: int64(t.shape.Inputs[end.Index].PeerChannel)})
}

// pollAnswered takes what a poll gave.
func (t *Task) pollAnswered(c *sim.Context, end *inputEnd, b *network.Buffer) {
	t.busy = free
	end.SetAvailable(b.More)
	if b.Kind == network.EmptyReply {
		t.env.Arena.Free(b)
		t.offer(end)
		return
	}
	t.arrive(c, end, b)
	input := end.input
	if b.IsData() && t.serve.reading[input].channel == nil && !t.hasPriority(end) {
		end.Take()
		t.beginBuffer(c, input, end, b)
		t.offer(end)
	}
}

func (t *Task) hasPriority(end *inputEnd) bool {
	_, priority := end.Peek()
	return priority
}

// giveBack recycles a consumed buffer: to the gate's pool, or to the local producer's.
func (t *Task) giveBack(c *sim.Context, end *inputEnd, b *network.Buffer) {
	if end.Local && !b.Recovered {
		c.Send(end.sender, 1, sim.Message{
			Kind: rpc.Recycle, A: int64(t.shape.Inputs[end.Index].PeerChannel), Body: b,
		})
		return
	}
	end.Gate().Recycle(&end.InputChannel, b)
	t.env.Arena.Free(b)
}

// announceCredits sends the credits that the gates have granted.
func (t *Task) announceCredits(c *sim.Context) {
	for _, g := range t.gates {
		for _, grant := range g.Grants {
			end := &t.in[grant.Channel]
			c.Emit(uint16(protocol.CreditGranted), int64(t.id), int64(grant.Channel),
				int64(grant.Credits), int64(end.Credits()), 0, 0)
			t.toProducer(c, end, sim.Message{Kind: rpc.Credit, B: int64(grant.Credits)})
		}
		g.Grants = g.Grants[:0]
	}
}

// toProducer sends a control message along a channel, against the data.
func (t *Task) toProducer(c *sim.Context, end *inputEnd, m sim.Message) {
	m.A = int64(t.shape.Inputs[end.Index].PeerChannel)
	if end.sender == sim.NoActor || end.Ended() {
		return
	}
	if end.Local {
		c.Send(end.sender, 1, m)
		return
	}
	c.Transmit(end.connection, end.sender, creditSizeBytes, m)
}

// emitConsumed tells of a buffer that was read to its end.
func (t *Task) emitConsumed(c *sim.Context, end *inputEnd, b *network.Buffer) {
	c.Emit(uint16(protocol.BufferConsumed), int64(t.id), int64(end.Index), b.First,
		int64(len(b.Piece.Elements)), int64(end.Received.Hash), 0)
}
