package faults

import (
	"simrun/protocol"
	"simrun/sim"
)

// Target is the system under test, as faults see it.
type Target interface {
	// Apply begins a disturbance and says whom it hit (an id for the event; any number). It
	// fails when the target does not exist or cannot be hurt in that way.
	Apply(d *protocol.Disturbance) (target int64, err error)
	// Revert ends a disturbance that Apply began: what crashed is restarted, what was slow
	// is as fast as before. It is called at most once for each Apply. For a crashed task it
	// does nothing: its job restarts it.
	Revert(d *protocol.Disturbance) error
	// Steps lists the protocol steps at which a fault can strike, so that the list cannot
	// go stale.
	Steps() []string
	// OnStep has the watch act when the run reaches its step for the ordinal-th time. It
	// fails, with a *StepError, for a step that is not in Steps or has no such side.
	OnStep(w *protocol.StepWatch) error
}

// World is the part of the kernel that faults need. *sim.Kernel satisfies it.
type World interface {
	// At has f called at a virtual time, before everything else of that instant.
	At(nanos int64, f func())
	NowNanos() int64
	// Emit makes an event of the world outside.
	Emit(kind sim.EventKind, a, b, d, e, f, g int64)
}
