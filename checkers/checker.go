package checkers

import (
	"simrun/protocol"
	"simrun/sim"
)

// Checker observes a run and reports where one property is broken. It owns its state and
// never steers the run.
type Checker interface {
	// Name is the checker's word: in signatures, reports and simrun list.
	Name() string
	// Kinds are the events that it wants; it sees no others.
	Kinds() []protocol.EventKind
	// Observe is called for each such event in the order of the run. e is valid during
	// the call only; what a checker may need as a witness, it copies.
	Observe(e *sim.Event, r *Report)
	// Finish is called once, after the last event.
	Finish(end *End, r *Report)
}

// PointObserver is a Checker that also looks at every completed checkpoint: at what would
// be restored, read back from the store. p is valid during the call only.
type PointObserver interface {
	ObservePoint(p *protocol.RecoveryPoint, r *Report)
}

// Resetter is a Checker whose memory the next run can use. All checkers of New are.
type Resetter interface {
	Reset(s *Setup)
}

// Violation is one broken property with its proof.
type Violation struct {
	Class   Class
	Checker string
	// Signature is what makes two violations the same over all seeds: class, checker and
	// the role of the operator or component; no ids and no times.
	Signature string
	// Detail is one sentence with the numbers.
	Detail string
	// Witness are the events that prove it, in the order of the run; none for what is
	// known from a state alone.
	Witness []sim.Event
	// TimeNanos is the virtual time at which it was noticed.
	TimeNanos int64
	// Repeats counts further violations with the same signature in the run.
	Repeats int64
}
