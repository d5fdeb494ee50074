package scenarios

import (
	"time"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// RunOptions say how closely a run is watched. The zero value is an ordinary run.
type RunOptions struct {
	// Watch, if not nil, is called before the run with a function that names actors; what
	// it returns sees every event of the run.
	Watch func(names func(sim.ActorID) string) func(*sim.Event)
	// Snapshots fills Outcome.Snapshots.
	Snapshots bool
}

// Run runs the scenario with a seed. The error is about the scenario, never about the
// run: what a run comes to is its Outcome.
func (s *Scenario) Run(seed uint64) (*result.Outcome, error) {
	return s.RunWith(seed, RunOptions{Snapshots: true})
}

// RunWith is Run with options.
func (s *Scenario) RunWith(seed uint64, o RunOptions) (*result.Outcome, error) {
	return runIn(trial.New(), s.config, seed, o)
}

// runIn runs a scenario in the memory of earlier ones.
func runIn(t *trial.Trial, s *config.Scenario, seed uint64, o RunOptions) (*result.Outcome, error) {
	c, err := trial.NewCase(s, seed)
	if err != nil {
		return nil, err
	}
	c.Snapshots = o.Snapshots
	if o.Watch != nil {
		c.Observe = o.Watch(t.ActorName)
	}
	return timed(t, c)
}

// timed runs a case and takes its wall time, the one figure that is not reproducible.
func timed(t *trial.Trial, c *trial.Case) (*result.Outcome, error) {
	start := time.Now()
	outcome, err := t.Run(c)
	if err != nil {
		return nil, err
	}
	outcome.WallNanos = time.Since(start).Nanoseconds()
	return outcome, nil
}

// Expected reports whether an outcome is what the scenario expects of its runs: verdict,
// class of the violation, and everything reached.
func (s *Scenario) Expected(o *result.Outcome) bool {
	e := &s.config.Expect
	if o.Verdict != e.Verdict || len(o.Missing) > 0 {
		return false
	}
	if e.Class == "" {
		return true
	}
	for i := range o.Violations {
		if o.Violations[i].Class == e.Class {
			return true
		}
	}
	return false
}

// Passed reports whether a command that made this run has succeeded: the verdict is ok,
// or failed where that is expected. A violation is never a success, even an expected one.
func (s *Scenario) Passed(o *result.Outcome) bool {
	healthy := o.Verdict == result.OK || o.Verdict == result.Failed
	return healthy && s.Expected(o)
}
