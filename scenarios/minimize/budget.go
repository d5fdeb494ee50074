package minimize

import (
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// QuickBudget is how many messages and timers a run may take while a case is made small that
// had used a larger budget up: a tenth of a second instead of ten. That such a run has not
// ended proves nothing, so that it must also be over no later, by its own clock, than
// the case was at that point; and the smallest one is run with the whole budget in the end.
const QuickBudget = 200_000

// begin runs the case as it is; one that was stuck and may take much, with a part of its
// budget first: what has ended by then has ended.
func (s *search) begin(c *config.Case) (err error) {
	if c.Verdict == result.Stuck && c.Scenario.Run.Budget > s.options.RunBudget {
		s.whole = c.Scenario
		s.best = c.Scenario.Clone()
		s.best.Run.Budget = s.options.RunBudget
		if s.outcome, err = s.run(s.best, s.seed, 0); err != nil || byBudget(s.outcome) {
			return err
		}
		s.best, s.whole = s.whole, nil
		return nil
	}
	s.outcome, err = s.run(s.best, s.seed, 0)
	return err
}

// confirm runs the smallest case with the budget of the one that was given. If that is
// enough for it, nothing has been made small.
func (s *search) confirm() error {
	if s.whole == nil {
		return nil
	}
	patient := s.best.Clone()
	patient.Run.Budget = s.whole.Run.Budget
	s.runs++
	outcome, err := s.run(patient, s.seed, 0)
	if err != nil || byBudget(outcome) {
		return err
	}
	s.best, s.dropped = s.whole, nil
	s.runs++
	if s.outcome, err = s.run(s.best, s.seed, 0); err != nil {
		return err
	}
	if !Failing(s.best, s.outcome) {
		return &NotFailing{Recorded: result.Stuck, Now: s.outcome.Verdict}
	}
	s.measured = s.size()
	return nil
}

func byBudget(o *result.Outcome) bool { return o.StuckSignature == result.StuckByBudget }
