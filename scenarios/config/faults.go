package config

import (
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

type planPlan = []*document.Node

func faultList(p *planPlan) binding.Value {
	return binding.Custom{ReadFunc: func(n *document.Node) error {
		if n.Kind != document.Sequence {
			return document.Errorf(n, "a list of faults", "faults is %s", n.Kind)
		}
		*p = n.Items
		return nil
	}, WriteFunc: func() *document.Node {
		if len(*p) == 0 {
			return nil
		}
		return document.NewSequence(*p...)
	}, SchemaNode: document.NewMapping().Add("type", document.NewText("array"))}
}

func (s *Scenario) checkFaults() error { return nil }
