package runtime

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// messageFault is a fault of control messages that has not ended.
type messageFault struct {
	disturbance      *protocol.Disturbance
	kind             rpc.Kind // rpc.None: any
	sender, receiver sim.ProcessID
	struck           int64
}

// anyMessage is the target of a fault that strikes every kind of control message.
const anyMessage = "any"

func (t *Target) hurtMessages(d *protocol.Disturbance) (int64, error) {
	f := messageFault{disturbance: d, sender: sim.NoProcess, receiver: sim.NoProcess}
	if d.Targets[0] != anyMessage {
		message, ok := rpc.ControlMessageOf(d.Targets[0])
		if !ok {
			names := append(rpc.ControlMessageNames(), anyMessage)
			return 0, &RoleError{d.Targets[0], d.Kind, protocol.Nearest(d.Targets[0], names)}
		}
		f.kind = message.Kind
	}
	for _, side := range []struct {
		role    string
		process *sim.ProcessID
	}{{d.Sender, &f.sender}, {d.Receiver, &f.receiver}} {
		if side.role == "" {
			continue
		}
		p, ok := t.process(side.role)
		if !ok {
			return 0, &RoleError{side.role, d.Kind, protocol.Nearest(side.role, t.Roles())}
		}
		*side.process = p
	}
	t.messages = append(t.messages, f)
	t.s.Kernel.SetPostFilter(t.judge)
	return int64(f.kind), nil
}

// spareMessages ends a fault of control messages.
func (t *Target) spareMessages(d *protocol.Disturbance) {
	for i := range t.messages {
		if *t.messages[i].disturbance == *d {
			t.messages = append(t.messages[:i], t.messages[i+1:]...)
			break
		}
	}
	if len(t.messages) == 0 {
		t.s.Kernel.SetPostFilter(nil)
	}
}

// judge is what the active faults do to one control message, together.
func (t *Target) judge(p *sim.Post) sim.Verdict {
	var v sim.Verdict
	for i := range t.messages {
		f := &t.messages[i]
		if !f.matches(t.s.Kernel, p) {
			continue
		}
		f.struck++
		if f.struck == 1 {
			t.bit(f.disturbance.Kind, int64(p.Message.Kind))
		}
		switch f.disturbance.Kind {
		case protocol.FaultLose:
			v.Drop = true
		case protocol.FaultDuplicate:
			v.Duplicate, v.DuplicateNanos = true, max(v.DuplicateNanos, f.disturbance.ByNanos)
		case protocol.FaultReorder:
			late := sim.Below(f.draw(t.s.Kernel, p, 1), uint64(f.disturbance.ByNanos))
			v.Unordered, v.DelayNanos = true, v.DelayNanos+1+int64(late)
		}
	}
	return v
}

// bit tells that a fault which lies in wait hurt somebody.
func (t *Target) bit(kind protocol.FaultKind, detail int64) {
	t.s.Kernel.Emit(uint16(protocol.FaultBit), int64(kind), detail, 0, 0, 0, 0)
}

func (f *messageFault) matches(k *sim.Kernel, p *sim.Post) bool {
	d := f.disturbance
	switch {
	case f.kind != rpc.None && f.kind != p.Message.Kind, d.Count > 0 && f.struck >= d.Count,
		f.sender != sim.NoProcess && k.ProcessOf(p.From) != f.sender,
		f.receiver != sim.NoProcess && k.ProcessOf(p.To) != f.receiver:
		return false
	}
	return d.Every <= 1 || sim.Below(f.draw(k, p, 0), uint64(d.Every)) == 0
}

// draw is addressed by the message. One that is sent again draws anew each time, or it would
// be struck for ever.
func (f *messageFault) draw(k *sim.Kernel, p *sim.Post, of uint64) uint64 {
	a, b := rpc.AddressOf(&p.Message)
	a ^= k.ActorAddress(p.From) ^ k.ActorAddress(p.To)<<1
	if rpc.IsRepeated(p.Message.Kind) {
		b ^= uint64(p.NowNanos) << 16
	}
	purpose := uint64(f.disturbance.Kind)<<32 | uint64(p.Message.Kind)<<8 | of
	return sim.Draw(k.Seed(), sim.PurposeFault, purpose, a, b)
}
