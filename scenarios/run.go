package scenarios

import (
	"time"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// Bounds of a run that a scenario does not set.
const (
	// limitNanos ends a run that never ends by itself: a week of virtual time.
	limitNanos int64 = 7 * 24 * 3600e9
	// settleNanos is what a finished job gets to commit and clean up.
	settleNanos int64 = 5e9
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
	c, err := trialCase(s, seed)
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

// trialCase is everything that decides a run.
func trialCase(s *config.Scenario, seed uint64) (*trial.Case, error) {
	b, err := s.Build()
	if err != nil {
		return nil, err
	}
	b.Options.Seed = seed
	return &trial.Case{
		Scenario: s.Name, Options: b.Options, Plan: b.Plan, ForNanos: b.Run.ForNanos,
		Run: runtime.RunOptions{
			LimitNanos: limitNanos, ProgressNanos: b.Run.ConvergeWithinNanos, SettleNanos: settleNanos,
		},
		MeasureFromNanos: b.Run.WarmUpNanos,
		Expect:           expectation(b),
	}, nil
}

func expectation(b *config.Build) trial.Expectation {
	e := trial.Expectation{Contract: protocol.PolicyOf(b.Options.Config.Protocol).Contract()}
	switch b.Guarantee {
	case config.ExactlyOnce:
		e.Contract = protocol.ContractExactlyOnce
	case config.AtLeastOnce:
		e.Contract = protocol.ContractAtLeastOnce
	case config.NoGuarantee:
		e.NoGuarantee = true
	}
	for _, word := range b.Expect.Reached {
		if mark, ok := protocol.ParseMark(word); ok {
			e.Reached = e.Reached.Plus(protocol.MarkSetOf(mark))
		}
	}
	return e
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
