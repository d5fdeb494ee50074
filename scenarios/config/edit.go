package config

import (
	"simrun/faults/plan"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
)

// Edited is the scenario with its tree changed: every leaf written out, edited, then read
// and checked as a file is. The error is an *Error and says why the edited one cannot run.
func (s *Scenario) Edited(edit func(root *document.Node)) (*Scenario, error) {
	root := s.tree()
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
