package tally

import (
	"slices"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// Scenarios are the runs of each scenario, by name.
type Scenarios map[string]Scenario

// Scenario are the runs of one scenario.
type Scenario struct {
	Seeds   uint64 `json:"seeds"`
	Vacuous uint64 `json:"vacuous"`
	Failing uint64 `json:"failing"`
	// Wanted are the marks that the scenario wants, Missing those of them that no run
	// reached. Reached are all that were.
	Wanted  Words `json:"wanted"`
	Reached Words `json:"reached"`
}

// Words is a set of marks that is written as their words, in alphabetical order.
type Words protocol.MarkSet

// Missing are the marks that were wanted and reached by no seed.
func (s Scenario) Missing() []string { return protocol.MarkSet(s.Wanted &^ s.Reached).Words() }

func (s *Scenarios) add(e Expectation, o *result.Outcome, class Class) {
	one := Scenario{Seeds: 1, Wanted: Words(e.Reached), Reached: Words(o.Marks)}
	if class == Vacuous {
		one.Vacuous = 1
	}
	if class.Bad() {
		one.Failing = 1
	}
	s.plus(o.Scenario, one)
}

// Plus adds the runs of others.
func (s *Scenarios) Plus(o Scenarios) {
	for name, one := range o {
		s.plus(name, one)
	}
}

func (s *Scenarios) plus(name string, o Scenario) {
	if *s == nil {
		*s = Scenarios{}
	}
	a := (*s)[name]
	(*s)[name] = Scenario{
		Seeds: sum(a.Seeds, o.Seeds), Vacuous: sum(a.Vacuous, o.Vacuous), Failing: sum(a.Failing, o.Failing),
		Wanted: a.Wanted | o.Wanted, Reached: a.Reached | o.Reached,
	}
}

// Names are the names in alphabetical order.
func (s Scenarios) Names() []string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
