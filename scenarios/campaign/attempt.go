package campaign

import (
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// RunSeed runs what a seed has drawn as a campaign does: a budget bounds it, and whatever
// panics is a finding. The trial, nil at first, is memory that is used again.
func RunSeed(t **trial.Trial, s *config.Scenario, seed, budget uint64) (*result.Outcome, error) {
	if *t == nil {
		*t = trial.New()
	}
	c, err := trial.NewCase(s, seed)
	if err != nil {
		return nil, err
	}
	if c.Budget == 0 {
		c.Budget = budget
	}
	return attempt(t, c)
}
