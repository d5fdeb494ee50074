package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// activeSlow is a slowdown that has not ended: several of one target multiply.
type activeSlow struct {
	role   string
	stall  bool
	factor sim.Ratio
}

func (t *Target) slowDown(d *protocol.Disturbance) (int64, error) {
	factor := sim.Ratio{Num: d.FactorNumerator, Den: max(d.FactorDenominator, 1)}
	t.slow = append(t.slow, activeSlow{d.Targets[0], d.Kind == protocol.FaultStall, factor})
	if !t.applySlow(d.Targets[0]) {
		t.slow = t.slow[:len(t.slow)-1]
		return 0, t.refuse(d)
	}
	return 0, nil
}

func (t *Target) speedUp(d *protocol.Disturbance) error {
	stall := d.Kind == protocol.FaultStall
	factor := sim.Ratio{Num: d.FactorNumerator, Den: max(d.FactorDenominator, 1)}
	for i, active := range t.slow {
		if active.role == d.Targets[0] && active.stall == stall && (stall || active.factor == factor) {
			t.slow = append(t.slow[:i], t.slow[i+1:]...)
			break
		}
	}
	t.applySlow(d.Targets[0])
	return nil
}

// applySlow makes a role as slow as its active slowdowns together.
func (t *Target) applySlow(role string) bool {
	factor, stalled := sim.One, false
	for _, active := range t.slow {
		switch {
		case active.role != role:
		case active.stall:
			stalled = true
		default:
			factor = sim.Ratio{Num: factor.Num * active.factor.Num, Den: factor.Den * active.factor.Den}
		}
	}
	if role == storageRole {
		if stalled {
			factor = sim.Ratio{Num: 1 << 20, Den: 1}
		}
		t.s.Kernel.StoreAt(t.s.store).SetSlow(factor)
		return true
	}
	if node, subtask, ok := t.operator(role); ok {
		t.s.env.Faults.Slow(node, subtask, factor)
		t.s.stall(node, subtask, stalled)
		return true
	}
	for _, e := range t.s.Externals {
		if e.Name == role {
			t.setConditions(e, factor, stalled)
			return true
		}
	}
	return false
}

func (t *Target) setConditions(e *External, factor sim.Ratio, stalled bool) {
	resumes := e.Conditions.Stalled && !stalled
	e.Conditions.Slower, e.Conditions.Stalled = factor, stalled
	if resumes && t.s.Kernel.Running(e.Process) {
		t.s.Kernel.Inject(e.Actor, 1, sim.Message{Kind: rpc.ExternalResume})
	}
}

// ends are the two machines of a link.
func (t *Target) ends(d *protocol.Disturbance) (a, b sim.NodeID, err error) {
	a, okA := t.node(d.Targets[0])
	b, okB := t.node(d.Targets[1])
	switch {
	case !okA:
		return a, b, t.refuse(d)
	case !okB:
		return a, b, &RoleError{d.Targets[1], d.Kind, protocol.Nearest(d.Targets[1], t.Roles())}
	case a == b:
		return a, b, fmt.Errorf("cannot %s %q and %q: they are on one machine", d.Kind, d.Targets[0], d.Targets[1])
	}
	return a, b, nil
}

func (t *Target) cut(d *protocol.Disturbance) (int64, error) {
	a, b, err := t.ends(d)
	if err != nil {
		return 0, err
	}
	if d.Kind == protocol.FaultPartition {
		t.s.Kernel.PartitionOneWay(a, b)
		if !d.OneWay {
			t.s.Kernel.PartitionOneWay(b, a)
		}
		return int64(a), nil
	}
	t.delay(a, b, d.ByNanos)
	if !d.OneWay {
		t.delay(b, a, d.ByNanos)
	}
	return int64(a), nil
}

func (t *Target) delay(from, to sim.NodeID, byNanos int64) {
	options := t.s.Kernel.LinkOptionsOf(from, to)
	options.AddedNanos += byNanos
	t.s.Kernel.SetLinkOneWay(from, to, options)
}

func (t *Target) mend(d *protocol.Disturbance) error {
	a, b, err := t.ends(d)
	if err != nil {
		return err
	}
	if d.Kind == protocol.FaultPartition {
		t.s.Kernel.HealOneWay(a, b)
		if !d.OneWay {
			t.s.Kernel.HealOneWay(b, a)
		}
		return nil
	}
	t.delay(a, b, -d.ByNanos)
	if !d.OneWay {
		t.delay(b, a, -d.ByNanos)
	}
	return nil
}
