package campaign

import (
	"fmt"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
	"simrun/sim"
)

// Source says what a seed runs. *explore.Space is one.
type Source interface {
	// Draw gives the scenario of a seed: a pure function of the seed. It is not changed.
	// The error is about the input and ends the campaign.
	Draw(seed uint64) (*config.Scenario, error)
}

// Listed is a Source whose seeds number a list of runs: what a number runs, runs under the seed
// of its own scenario. *census.List is one.
type Listed interface {
	Source
	// Group names the runs that one counts to: it takes the place of the scenario's name.
	Group(number uint64) string
}

// Among is the Source that draws one of the given scenarios.
func Among(scenarios []*config.Scenario) Source { return among(scenarios) }

type among []*config.Scenario

func (a among) Draw(seed uint64) (*config.Scenario, error) {
	return a[sim.Below(sim.Draw(seed, purposeScenario, 0, 0, 0), uint64(len(a)))], nil
}

// What the draws of a campaign are for.
const (
	purposeScenario = sim.PurposeFirstFree + 64 + iota // which scenario
	purposeDouble                                      // whether to run twice
)

// Fit refuses a scenario that has no place in a campaign, and says why. The error is a
// *config.Error.
func Fit(s *config.Scenario) error {
	if s.Expect.Verdict == result.OK || s.Expect.Verdict == result.Failed {
		return nil
	}
	return &config.Error{
		Message: fmt.Sprintf("%s expects the verdict %s: a campaign looks for what nobody expects",
			s.Name, s.Expect.Verdict),
		Expected: "a scenario with expect: {verdict: ok}; simrun run shows this one",
	}
}

// expectationOf is what a tally must know of a scenario.
func expectationOf(s *config.Scenario) tally.Expectation {
	e := tally.Expectation{MayFail: s.Expect.Verdict == result.Failed, Bounded: s.Run.ForNanos == 0}
	for _, word := range s.Expect.Reached {
		if mark, ok := protocol.ParseMark(word); ok {
			e.Reached = e.Reached.Plus(protocol.MarkSetOf(mark))
		}
	}
	return e
}
