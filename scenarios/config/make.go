package config

import "simrun/scenarios/config/document"

// New is a scenario of no operators, with every default of a file that says nothing else.
// Whoever fills it in calls Resolve before anything is made of it.
func New(name string) *Scenario {
	s := newScenario()
	s.Name, s.files = name, NoFiles{}
	return s
}

// NewOperator is an operator with every default, which does nothing yet.
func NewOperator(id string, from ...Input) Operator {
	o := newOperator()
	o.ID, o.From = id, from
	return o
}

// NewInput is an edge from an operator with every default.
func NewInput(id string) Input {
	in := newInput()
	in.ID = id
	return in
}

// NewSource has every default; what it reads is to be set.
func NewSource() Source { return newSource() }

// NewSink has every default; the external system is to be set.
func NewSink() Sink { return newSink() }

// Resolve makes the options agree with Job.Config.Protocol, which must be set, and finds
// everything wrong, as Load does for a file. The error is an *Error.
func (s *Scenario) Resolve() error {
	s.options.given = map[string]*document.Node{}
	if s.Job.Config.AlignedTimeoutNanos > 0 {
		s.options.given[optionAlignedTimeout] = document.NewScalar("given")
	}
	if err := s.resolveProtocol(); err != nil {
		return err
	}
	return s.check()
}
