package runtime

import (
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
