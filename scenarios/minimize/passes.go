package minimize

import (
	"slices"

	"simrun/faults/plan"
	"simrun/faults/shrink"
)

// minimize goes through all passes until a whole round keeps nothing.
func (s *search) minimize() {
	passes := []struct {
		name string
		run  func()
	}{
		{"expectations", s.dropExpectations},
		{"faults", s.shrinkFaults},
		{"deliveries", s.shrinkDeliveries},
		{"graph", s.shrinkGraph},
		{"parallelism", s.shrinkParallelism},
		{"cluster", s.shrinkCluster},
		{"settings", s.shrinkSettings},
		{"time", s.shrinkTime},
		{"input", s.shrinkInput},
		{"checkpoints", s.shrinkCheckpoints},
		{"distributions", s.shrinkDistributions},
		{"faults", s.shrinkFaults},
		{"deliveries", s.shrinkDeliveries},
	}
	for kept := -1; kept != len(s.dropped) && !s.over(); s.round++ {
		kept = len(s.dropped)
		for _, pass := range passes {
			s.pass = pass.name
			pass.run()
		}
	}
}

// shrinkFaults leaves out what never struck, which nobody needs to look at, and then
// shrinks the rest.
func (s *search) shrinkFaults() {
	s.tryFaults(s.struck())
	shrink.Plan(s.best.Faults, s.tryFaults)
}

// struck are the faults of the best plan that did strike in its run.
func (s *search) struck() plan.Plan {
	var struck plan.Plan
	for i := range s.best.Faults {
		if i >= len(s.outcome.Faults) || s.outcome.Faults[i].Fired {
			struck = append(struck, s.best.Faults[i])
		}
	}
	return struck
}

func (s *search) tryFaults(p plan.Plan) bool {
	if s.over() {
		return false
	}
	candidate, err := s.best.WithFaults(p)
	return s.consider(planChange(s.best.Faults, p), candidate, err, nil)
}

// planChange says what another plan has less of.
func planChange(before, after plan.Plan) string {
	if len(after) < len(before) {
		text := "faults:"
		for i := range before {
			if !slices.Contains(after, before[i]) {
				text += " " + before[i].String() + ";"
			}
		}
		return text[:len(text)-1]
	}
	for i := range after {
		if after[i] != before[i] {
			return "fault: " + before[i].String() + " → " + after[i].String()
		}
	}
	return "faults"
}
