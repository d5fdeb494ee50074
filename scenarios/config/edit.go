package config

import (
	"slices"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
)

// Brief is the scenario's tree with only those leaves that are not at their default: what
// its author has to know of it. It reads back to the same scenario.
func (s *Scenario) Brief() *document.Node {
	root := s.tree()
	prune(root, newScenario().object().Write())
	if options := root.Find("job.configuration"); s.Job.Config.Protocol != protocol.None {
		options.Entries = slices.DeleteFunc(options.Entries, func(e document.Entry) bool {
			return e.Name() == optionMode || e.Name() == optionUnaligned // said by job.protocol
		})
	}
	if graph := root.Find("job.graph"); graph.Kind == document.Sequence {
		for _, item := range graph.Items {
			briefOperator(item)
		}
	}
	return root
}

// briefOperator leaves out what an operator has by default, and writes inputs that only
// have an id as that.
func briefOperator(item *document.Node) {
	fresh := newOperator()
	prune(item, operatorFields(&fresh).Write())
	for i := range operatorKinds {
		k := &operatorKinds[i]
		parameters := item.Get(k.word)
		if d, ok := k.bind(&fresh).(interface{ Default() *document.Node }); ok && parameters != nil {
			prune(parameters, d.Default())
		}
	}
	from := item.Get("from")
	if from == nil {
		return
	}
	input := newInput()
	for i, in := range from.Items {
		prune(in, inputFields(&input).Write())
		if len(in.Entries) == 1 {
			from.Items[i] = in.Entries[0].Value
		}
	}
}

// prune leaves out of a mapping what is the same in another one.
func prune(n, same *document.Node) {
	if n.Kind != document.Mapping || same.Kind != document.Mapping {
		return
	}
	kept := n.Entries[:0]
	for _, entry := range n.Entries {
		other := same.Get(entry.Name())
		if other != nil && entry.Value.Equal(other) {
			continue
		}
		if other != nil && other.Kind == document.Mapping {
			if prune(entry.Value, other); len(entry.Value.Entries) == 0 {
				continue
			}
		}
		kept = append(kept, entry)
	}
	n.Entries = kept
}

// Edited is the scenario with its brief tree changed, read and checked as a file is. The
// error is an *Error and says why the edited one cannot run.
func (s *Scenario) Edited(edit func(root *document.Node)) (*Scenario, error) {
	root := s.Brief()
	edit(root)
	return fromTree(root, s.files)
}

// WithFaults is the scenario under another plan.
func (s *Scenario) WithFaults(p plan.Plan) (*Scenario, error) {
	changed := s.Clone()
	changed.Faults = p
	return changed.Edited(func(*document.Node) {})
}

// CaseOf is the record of a run of the scenario.
func CaseOf(s *Scenario, o *result.Outcome) *Case {
	c := NewCase(s, o.Seed)
	c.Verdict, c.Events, c.Digest, c.Trail = o.Verdict, uint64(o.Events), o.Digest, o.Trail
	if len(o.Violations) > 0 {
		c.Class, c.Signature = o.Violations[0].Class, o.Violations[0].Signature
	}
	return c
}
