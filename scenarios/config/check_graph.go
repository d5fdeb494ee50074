package config

import (
	"fmt"
	"strconv"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/state"
	"simrun/scenarios/config/document"
)

// checkIDs: state belongs to ids, so they are unique.
func (s *Scenario) checkIDs() error {
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if first := s.position(o.ID); first != i {
			return document.Errorf(o.at("id"), "an id that no other operator has",
				"the id %q is used twice", o.ID)
		}
	}
	return nil
}

// at is where a key of the operator stands; the operator itself when it is not given.
func (o *Operator) at(key string) *document.Node {
	if o.node == nil {
		return nil
	}
	return o.node.Find(key)
}

// position is the index of the operator with an id; -1 when there is none.
func (s *Scenario) position(id string) int {
	for i := range s.Job.Graph {
		if s.Job.Graph[i].ID == id {
			return i
		}
	}
	return -1
}

func (s *Scenario) ids() []string {
	ids := make([]string, len(s.Job.Graph))
	for i := range s.Job.Graph {
		ids[i] = s.Job.Graph[i].ID
	}
	return ids
}

// checkInputs: edges come from operators that are there, stand earlier and are no sinks.
func (s *Scenario) checkInputs() error {
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		for j := range o.From {
			in := &o.From[j]
			node := o.at("from." + strconv.Itoa(j))
			from := s.position(in.ID)
			switch {
			case from < 0:
				unknown := document.Errorf(node, wordsOf(s.ids()), "unknown operator %q", in.ID)
				unknown.Nearest = protocol.Nearest(in.ID, s.ids())
				return unknown
			case from >= i && s.reaches(i, from):
				return document.Errorf(node, "a graph without cycles, or a feedback edge",
					"%q and %q form a cycle without a feedback edge", in.ID, o.ID)
			case from >= i:
				return document.Errorf(node, "every operator after those that it reads from",
					"%q reads from %q, which stands behind it", o.ID, in.ID)
			case s.Job.Graph[from].Does.Sink != nil:
				return document.Errorf(node, "an operator that is not a sink",
					"%q reads from %q, which is a sink", o.ID, in.ID)
			}
			if err := s.checkExchange(o, in, &s.Job.Graph[from], node); err != nil {
				return err
			}
		}
	}
	return nil
}

// reaches reports whether records get from operator i to operator j.
func (s *Scenario) reaches(i, j int) bool {
	seen := make([]bool, len(s.Job.Graph))
	var walk func(at int) bool
	walk = func(at int) bool {
		if at == j || seen[at] {
			return at == j
		}
		seen[at] = true
		for k := range s.Job.Graph {
			for _, in := range s.Job.Graph[k].From {
				if in.ID == s.Job.Graph[at].ID && walk(k) {
					return true
				}
			}
		}
		return false
	}
	return walk(i)
}

func (s *Scenario) checkExchange(o *Operator, in *Input, from *Operator, node *document.Node) error {
	exchange := s.exchange(o, in, from)
	if exchange == job.Forward && from.Parallelism != o.Parallelism {
		return document.Errorf(node, "equal parallelism, or the exchange rebalance or keyed",
			"a forward exchange cannot join %q (parallelism %d) to %q (parallelism %d)",
			from.ID, from.Parallelism, o.ID, o.Parallelism)
	}
	if spec := o.spec(); spec != nil && spec.Keyed != nil && exchange != job.Keyed && o.Parallelism > 1 {
		return document.Errorf(node, "the exchange keyed",
			"%q keeps state by key, so its records must come by a keyed exchange, not %s", o.ID, exchange)
	}
	return nil
}

// checkShape: a source and a sink, and everything in between joined to both.
func (s *Scenario) checkShape() error {
	sources := 0
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		switch {
		case o.Does.Source != nil && len(o.From) > 0:
			return document.Errorf(o.at("from"), "no from", "the source %q reads from another operator", o.ID)
		case o.Does.Source == nil && len(o.From) == 0:
			return document.Errorf(o.node, "from: [id of an operator]",
				"%q is not a source and reads from nothing", o.ID)
		case o.Does.Source != nil:
			sources++
		}
	}
	if sources == 0 {
		return document.Errorf(s.node("job.graph"), "an operator with source", "the graph has no source")
	}
	return nil
}

// checkOperators: inputs fit the operator.
func (s *Scenario) checkOperators() error {
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		spec := o.spec()
		if spec == nil {
			continue
		}
		gates := make([]bool, spec.InputCount())
		for j := range o.From {
			gate := o.gate(j)
			if gate >= len(gates) {
				return document.Errorf(o.at("from."+strconv.Itoa(j)), fmt.Sprintf("%d input(s)", len(gates)),
					"%q has no input %d", o.ID, gate)
			}
			gates[gate] = true
		}
		for gate, fed := range gates {
			if !fed {
				return document.Errorf(o.at("from"), fmt.Sprintf("an edge into each of %d inputs", len(gates)),
					"nothing feeds input %d of %q", gate, o.ID)
			}
		}
	}
	return nil
}

// checkWindows: windows have the lengths that they need.
func (s *Scenario) checkWindows() error {
	for i := range s.Job.Graph {
		if err := s.Job.Graph[i].checkWindow(); err != nil {
			return err
		}
	}
	return nil
}

func (o *Operator) checkWindow() error {
	w := o.Does.Window
	if w == nil {
		return nil
	}
	bad := func(key string) error {
		return document.Errorf(o.at("window"), key+" longer than 0 s",
			"the %s window %q has no %s", w.Assigner, o.ID, key)
	}
	switch {
	case w.Assigner == operator.Session && w.GapNanos <= 0:
		return bad("gap")
	case w.Assigner != operator.Session && w.SizeNanos <= 0:
		return bad("size")
	case w.Assigner == operator.Sliding && w.SlideNanos <= 0:
		return bad("slide")
	}
	return nil
}

// keyed reports whether an operator keeps state by key.
func keyed(spec *operator.Spec) bool { return spec != nil && spec.Keyed != nil }

// broadcastState reports whether an operator has broadcast state, which its second input
// must feed alike at every subtask.
func broadcastState(spec *operator.Spec) bool {
	if spec == nil {
		return false
	}
	for i := range spec.Lists {
		if spec.Lists[i].Redistribution == state.Broadcast {
			return true
		}
	}
	return false
}
