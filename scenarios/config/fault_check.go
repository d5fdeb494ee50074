package config

import (
	"slices"
	"strconv"
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime/sink"
	"simrun/scenarios/config/document"
)

// checkFaults: faults strike what is there, at steps that there are.
func (s *Scenario) checkFaults() error {
	for i := range s.Faults {
		f, at := &s.Faults[i], "faults."+strconv.Itoa(i)+"."
		roles := s.Roles(f.Kind)
		if f.Step != "" {
			roles = append(hereWords(roles), roles...)
		}
		for _, target := range f.Targets {
			if target != "" && !slices.Contains(roles, target) {
				return s.unknownRole(at+f.Kind.String(), f.Kind, target, roles)
			}
		}
		if err := s.checkUserCode(at, f); err != nil {
			return err
		}
		processes := s.Roles(protocol.FaultPause)
		if f.Sender != "" && !slices.Contains(processes, f.Sender) {
			return s.unknownRole(at+"sender", f.Kind, f.Sender, processes)
		}
		if f.Receiver != "" && !slices.Contains(processes, f.Receiver) {
			return s.unknownRole(at+"receiver", f.Kind, f.Receiver, processes)
		}
		if err := s.checkStep(i); err != nil {
			return err
		}
	}
	return nil
}

// hereWords are the words for whoever makes a step that stand for one of the roles.
func hereWords(roles []string) (words []string) {
	isTask := func(role string) bool { return strings.HasSuffix(role, "]") }
	processes := slices.Contains(roles, "task-manager-0")
	if processes || slices.ContainsFunc(roles, isTask) {
		words = append(words, protocol.Here)
	}
	if processes {
		words = append(words, protocol.HereProcess)
	}
	if slices.Contains(roles, "node-0") {
		words = append(words, protocol.HereNode)
	}
	return words
}

// checkStep: the step at which a fault strikes exists, and so does who is to make it.
func (s *Scenario) checkStep(i int) error {
	f := &s.Faults[i]
	if f.Step == "" {
		return nil
	}
	at := func(key string) *document.Node { return s.node("faults." + strconv.Itoa(i) + "." + key) }
	_, named := protocol.ParseStep(f.Step)
	_, event := protocol.EventStep(f.Step)
	switch makers := s.Roles(protocol.FaultCrash); {
	case !named && !event:
		unknown := document.Errorf(at("step"), "a step that `simrun list` shows", "%q is no protocol step", f.Step)
		unknown.Nearest = protocol.Nearest(f.Step, protocol.StepWords())
		return unknown
	case event && f.Moment == protocol.Before:
		return document.Errorf(at("step"), "a named step, or no `before`",
			"%q is an event: nothing can strike before it", f.Step)
	case f.Of != "" && !slices.Contains(makers, f.Of):
		unknown := document.Errorf(at("of"), strings.Join(brief(makers), ", "), "%q makes no steps", f.Of)
		unknown.Nearest = protocol.Nearest(f.Of, makers)
		return unknown
	}
	return nil
}

// checkUserCode: user code has the callback that throws, the record that poisons is of a
// source, and who fails gets such requests.
func (s *Scenario) checkUserCode(at string, f *plan.Fault) error {
	switch f.Kind {
	case protocol.FaultThrow:
		able := s.operatorsWith(f.Callback)
		if f.Targets[0] != protocol.Here && !slices.Contains(able, operatorOf(f.Targets[0])) {
			return document.Errorf(s.node(at+f.Kind.String()), strings.Join(able, ", "),
				"user code of %q has no callback %q", f.Targets[0], f.Callback)
		}
	case protocol.FaultFail:
		if f.Operation != protocol.StorageAny && f.Operation.OfExternal() != (f.Targets[0] != "storage") {
			return document.Errorf(s.node(at+"operation"), operationsOf(f.Targets[0]),
				"%q is asked to %q by nobody", f.Targets[0], f.Operation)
		}
	case protocol.FaultPoison:
		sources := s.operatorsWith(protocol.CallbackRead)
		if !slices.Contains(sources, f.Source) {
			return s.unknownRole(at+"source", f.Kind, f.Source, sources)
		}
	}
	return nil
}

// operationsOf lists the requests that the storage, or an external system, gets.
func operationsOf(role string) string {
	words := []string{protocol.StorageAny.String()}
	for o := protocol.StorageAny + 1; int(o) < protocol.StorageOperations; o++ {
		if o.OfExternal() == (role != "storage") {
			words = append(words, o.String())
		}
	}
	return strings.Join(words, ", ")
}

// operatorOf is the operator of a role that may be one of its subtasks.
func operatorOf(role string) string {
	operator, _, _ := strings.Cut(role, "[")
	return operator
}

// operatorsWith lists the operators whose user code has a callback.
func (s *Scenario) operatorsWith(c protocol.Callback) (ids []string) {
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		source, toSink := o.Does.Source != nil, o.Does.Sink
		has := true
		switch c {
		case protocol.CallbackRead:
			has = source
		case protocol.CallbackTimer:
			has = !source && toSink == nil
		case protocol.CallbackPreCommit, protocol.CallbackCommit:
			has = toSink != nil && toSink.spec(o.ID).Kind == sink.Transactional
		}
		if has {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func (s *Scenario) unknownRole(path string, kind protocol.FaultKind, role string, roles []string) error {
	unknown := document.Errorf(s.node(path), strings.Join(brief(roles), ", "),
		"%s cannot strike %q: there is no such role", kind, role)
	unknown.Nearest = protocol.Nearest(role, roles)
	return unknown
}
