package handmade

import "simrun/protocol"

// Machine is the protocol at one task.
type Machine struct {
	current protocol.Barrier               // of the checkpoint whose barriers are awaited
	done    protocol.CheckpointID          // the newest that was taken or given up
	aborted map[protocol.CheckpointID]bool // the coordinator gave them up
	inputs  []input
}

type input struct{ arrived, waits, ended bool }

// New makes the machine of a task.
func New(shape protocol.TaskShape) protocol.Machine {
	return &Machine{aborted: map[protocol.CheckpointID]bool{}, inputs: make([]input, shape.Channels)}
}

// Step implements protocol.Machine.
func (m *Machine) Step(in protocol.Input, out *protocol.Effects) {
	switch in.Kind {
	case protocol.InputTrigger: // all inputs have ended, or are about to
		m.begin(in.Barrier, out)
		for ch := range m.inputs {
			m.inputs[ch].arrived = true
		}
	case protocol.InputBarrier:
		m.barrier(in.Channel, in.Barrier, out)
	case protocol.InputEndOfPartition:
		m.inputs[in.Channel].ended = true
	case protocol.InputCancelMarker:
		m.giveUp(in.Checkpoint, protocol.CheckpointDeclinedOnCancellationBarrier, out)
	case protocol.InputAborted:
		m.aborted[in.Checkpoint] = true
	}
	m.maybeSnapshot(out)
}

func (m *Machine) barrier(ch protocol.ChannelIndex, b protocol.Barrier, out *protocol.Effects) {
	if b.ID <= m.done { // too late: let its sender go on
		out.Add(protocol.Effect{Kind: protocol.EffectResume, Channel: ch, Checkpoint: b.ID})
		return
	}
	m.begin(b, out)
	m.inputs[ch].arrived, m.inputs[ch].waits = true, true
	out.Add(protocol.Effect{Kind: protocol.EffectBlock, Channel: ch, Checkpoint: b.ID})
}

// begin awaits the barriers of a newer checkpoint; an older one gets nowhere any more.
func (m *Machine) begin(b protocol.Barrier, out *protocol.Effects) {
	if b.ID <= max(m.current.ID, m.done) {
		return
	}
	m.giveUp(m.current.ID, protocol.CheckpointDeclinedSubsumed, out)
	m.current, m.done = b, b.ID-1
	out.Add(protocol.Effect{Kind: protocol.EffectAlignmentStarted, Checkpoint: b.ID})
}

func (m *Machine) maybeSnapshot(out *protocol.Effects) {
	for ch := range m.inputs {
		if !m.inputs[ch].arrived && !m.inputs[ch].ended {
			return
		}
	}
	id := m.current.ID
	if id <= m.done {
		return
	}
	m.done = id
	out.Add(protocol.Effect{Kind: protocol.EffectAlignmentEnded, Checkpoint: id})
	out.Add(protocol.Effect{Kind: protocol.EffectInputsDone, Checkpoint: id})
	if m.aborted[id] {
		out.Add(protocol.Effect{Kind: protocol.EffectForwardCancel, Checkpoint: id})
	} else {
		out.Add(protocol.Effect{Kind: protocol.EffectSnapshot, Checkpoint: id, Barrier: m.current})
	}
	m.resume(out)
}

func (m *Machine) giveUp(id protocol.CheckpointID, why protocol.FailureReason, out *protocol.Effects) {
	if id > m.done {
		m.done = id
		out.Add(protocol.Effect{Kind: protocol.EffectDecline, Checkpoint: id, Reason: why})
	}
}

func (m *Machine) resume(out *protocol.Effects) {
	for ch := range m.inputs {
		in := &m.inputs[ch]
		if in.arrived = false; in.waits {
			in.waits = false
			out.Add(protocol.Effect{Kind: protocol.EffectResume, Channel: protocol.ChannelIndex(ch)})
		}
	}
}
