package trial

import "simrun/sim"

// ActorName is the name of an actor of the latest run; "outside" for the world's.
func (t *Trial) ActorName(id sim.ActorID) string {
	if id < 0 {
		return "outside"
	}
	return t.kernel.ActorName(id)
}
