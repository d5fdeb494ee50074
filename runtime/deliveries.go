package runtime

import (
	"simrun/runtime/rpc"
	"simrun/sim"
)

// deliveries are the turns of a run: the messages of which the order can matter to a
// checkpoint come one by one, as the choices say.
type deliveries struct {
	choices   []int
	made      int
	delivered func(paths int)
}

// turnsOf is nil for a run whose deliveries are left to the network.
func turnsOf(o *Options) sim.Turns {
	if len(o.Deliveries) == 0 {
		return nil
	}
	return &deliveries{choices: o.Deliveries, delivered: o.Delivered}
}

// Holds implements sim.Turns.
func (d *deliveries) Holds(kind rpc.Kind) bool {
	switch kind {
	case rpc.Buffer, rpc.NotifyDone, rpc.NotifyAbort, rpc.Acknowledge, rpc.DeclineReport:
		return true
	}
	return false
}

// Choose implements sim.Turns. A choice that is larger than the number of paths is the last.
func (d *deliveries) Choose(paths int) int {
	if d.delivered != nil {
		d.delivered(paths)
	}
	choice := 0
	if d.made < len(d.choices) {
		choice = min(d.choices[d.made], paths-1)
	}
	d.made++
	return choice
}
