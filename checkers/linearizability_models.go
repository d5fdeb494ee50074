package checkers

import "simrun/protocol"

// serviceModel is a durable service that does one thing at a time.
type serviceModel interface {
	first() serviceState
	// step appends the states that an operation with its answer can lead to from a state:
	// none when it cannot have been answered so.
	step(from serviceState, o *protocol.Operation, to []serviceState) []serviceState
}

// serviceState is a state of any service; comparable.
type serviceState struct {
	// register: version is 0 for nothing, unbound for a write that was not answered.
	version int64
	value   protocol.RegisterValue
	// transaction: attempts before fence may do nothing new.
	fence protocol.Attempt
	phase phase
}

// unbound is the version of a value whose writer was not told it.
const unbound int64 = -1

func modelOf(s protocol.Service) serviceModel {
	switch s {
	case protocol.ServiceLease:
		return registerModel{rule: leaseRule}
	case protocol.ServiceCheckpoints:
		return registerModel{rule: recordRule}
	}
	return transactionModel{}
}

// registerModel is one object that is changed by compare-and-swap.
type registerModel struct {
	// rule says whether a value may follow another; was is the zero value for nothing.
	rule func(was, is protocol.RegisterValue) bool
}

// leaseRule: a fencing token rises with every change of the holder, also to a new
// incarnation of the same one, and nobody else renews.
func leaseRule(was, is protocol.RegisterValue) bool {
	renewed := is.Epoch == was.Epoch && is.Owner == was.Owner && is.Counter == was.Counter+1
	return is.Epoch > was.Epoch || renewed
}

// recordRule: once a leader has written the record no former one can; the newest completed
// checkpoint never gets older, and no checkpoint id is given twice.
func recordRule(was, is protocol.RegisterValue) bool {
	newer := is.Newest >= was.Newest || is.Ended
	return is.Epoch >= was.Epoch && newer && is.Counter >= was.Counter
}

func (registerModel) first() serviceState { return serviceState{} }

func (m registerModel) step(from serviceState, o *protocol.Operation, to []serviceState) []serviceState {
	if o.Kind == protocol.OperationRead {
		if from.value != o.Value || from.version != o.Version && from.version != unbound {
			return to
		}
		from.version = o.Version
		return append(to, from)
	}
	expected := from.version == o.Expected || from.version == unbound && o.Expected != 0
	written := serviceState{version: o.Version, value: o.Value}
	switch o.Outcome {
	case protocol.OutcomeConflict:
		if from.version != o.Expected {
			return append(to, from)
		}
	case protocol.OutcomeOK:
		if expected && m.rule(from.value, o.Value) {
			return append(to, written)
		}
	case protocol.OutcomeUnknown:
		to = append(to, from)
		if expected && m.rule(from.value, o.Value) {
			written.version = unbound
			return append(to, written)
		}
	}
	return to
}

// phase is where a transaction is.
type phase uint64

const (
	phaseNone phase = iota
	phaseOpen
	phasePrepared
	phaseCommitted
	phaseAborted
)

// transactionModel is what an external system does with one transaction (reference
// protocols.md 3.3; Kafka: the transaction coordinator).
type transactionModel struct{}

func (transactionModel) first() serviceState { return serviceState{} }

func (transactionModel) step(from serviceState, o *protocol.Operation, to []serviceState) []serviceState {
	next, outcome := from, protocol.OutcomeOK
	switch o.Kind {
	case protocol.OperationFence:
		next = from.fenced(o)
	case protocol.OperationExclude:
		next.fence = max(from.fence, o.Attempt)
	default:
		next.phase, outcome = advance(o, from.phase, o.Transaction.Attempt() < from.fence)
	}
	switch {
	case o.Outcome == outcome:
		return append(to, next)
	case o.Outcome != protocol.OutcomeUnknown:
		return to
	case next != from && outcome == protocol.OutcomeOK:
		to = append(to, next)
	}
	return append(to, from)
}

// fenced aborts what an attempt before the new one has left open or prepared.
func (s serviceState) fenced(o *protocol.Operation) serviceState {
	if s.phase == phaseOpen || s.phase == phasePrepared {
		s.phase = phaseAborted
	}
	s.fence = max(s.fence, o.Attempt)
	return s
}

// advance is where a step takes a transaction, and the answer. Commits are not fenced: a
// successor commits the transactions of its predecessor.
func advance(o *protocol.Operation, is phase, fenced bool) (phase, protocol.OperationOutcome) {
	wanted, from := phaseOpen, phaseNone
	switch o.Kind {
	case protocol.OperationPrepare:
		wanted, from = phasePrepared, phaseOpen
	case protocol.OperationCommit:
		wanted, from, fenced = phaseCommitted, phasePrepared, false
	case protocol.OperationAbort, protocol.OperationTimeout:
		switch is {
		case phaseCommitted:
			return is, protocol.OutcomeRefused
		case phaseNone:
			return is, protocol.OutcomeOK
		}
		return phaseAborted, protocol.OutcomeOK
	}
	switch {
	case fenced:
		return is, protocol.OutcomeFenced
	case is == wanted:
		return is, protocol.OutcomeOK
	case is != from:
		return is, protocol.OutcomeRefused
	}
	return wanted, protocol.OutcomeOK
}
