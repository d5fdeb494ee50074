package explore

import (
	"errors"

	"simrun/faults/generate"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// Options say what there is to explore.
type Options struct {
	// Scenarios are run as they are, with a drawn plan beside their own.
	Scenarios []*config.Scenario
	// Profile is one of generate.Profiles; "" is the default.
	Profile string
	// Universes draws jobs and clusters too. With Scenarios, one seed in three runs one of these.
	Universes bool
	// Bug is the planted bug to switch on. A seed's universe is the same with and without.
	Bug protocol.Bug
}

// Space is a set of runs, one for each seed.
type Space struct {
	bases     []*base
	universes bool
	profile   generate.Profile
	bug       protocol.Bug
}

// errNothing is the error of Options without scenarios and universes.
var errNothing = errors.New("there is nothing to explore: no scenario, and no drawn universes")

// New makes a space. Each of the scenarios is rehearsed once, without faults, to see how
// long it takes and which steps it gets to. The error is a *generate.ProfileError, or one of
// config about a scenario that cannot run.
func New(o Options) (*Space, error) {
	profile, err := generate.FindProfile(o.Profile)
	if err != nil {
		return nil, err
	}
	if len(o.Scenarios) == 0 && !o.Universes {
		return nil, errNothing
	}
	s := &Space{universes: o.Universes, profile: profile, bug: o.Bug}
	for _, scenario := range o.Scenarios {
		b, err := rehearse(scenario)
		if err != nil {
			return nil, err
		}
		s.bases = append(s.bases, b)
	}
	return s, nil
}

// Draw is what a seed runs: a scenario with everything resolved, whose Faults are the drawn
// plan and whose Seed is the seed. It expects the verdict ok, or failed where the plan holds a
// poison, and asks for nothing to be reached: that is asked of the campaign.
func (s *Space) Draw(seed uint64) (*config.Scenario, error) {
	drawn, err := s.DrawFrom(generate.NewSeed(seed))
	if err != nil {
		return nil, err
	}
	drawn.Seed = seed
	return drawn, nil
}

// DrawFrom is Draw under another Choice: a fuzzer's bytes, rapid, an enumeration.
func (s *Space) DrawFrom(c generate.Choice) (*config.Scenario, error) {
	drawn, shape, err := s.job(c)
	if err != nil {
		return nil, err
	}
	wants := drawn.Expect.Reached
	drawn.Expect = config.Expect{Verdict: result.OK, Guarantee: drawn.Expect.Guarantee}
	if !s.universes { // whoever names a scenario is told what it never got to
		drawn.Expect.Reached = wants
	}
	faults := generate.Plan(c, shape, s.profile)
	if last := len(faults) - 1; last >= 0 && faults[last].Kind == protocol.FaultPoison {
		drawn.Faults = append(survivable(drawn, faults[:last]), faults[last])
		mustFail(drawn)
	} else {
		drawn.Faults = survivable(drawn, faults)
	}
	drawn.Run.Bug = s.bug
	drawn.Run.ConvergeWithinNanos = max(drawn.Run.ConvergeWithinNanos, convergeWithin(drawn)) +
		outages(drawn.Faults)
	return drawn, nil
}

// mustFail has a job give up soon, which keeps its last checkpoint then: what it promises can
// be seen by that (docs/fault-model.md).
func mustFail(s *config.Scenario) {
	const attempts = 3
	const never = 1000 * 60e9 // attempts may be long: failures stay counted
	c := &s.Job.Config
	c.Restart.FixedDelay.Attempts = attempts
	c.Restart.FailureRate.MaxFailures, c.Restart.FailureRate.IntervalNanos = attempts, never
	c.Restart.ExponentialDelay.Attempts, c.Restart.ExponentialDelay.ResetNanos = attempts, never
	c.Checkpointing.Retention = protocol.RetainOnCancellation
	s.Run.ConvergeWithinNanos *= attempts + 1 // each gets as far as the one before
	s.Expect.Verdict = result.Failed
}

// survivable is a scenario's own plan with what was drawn, or as much of that as the job
// survives beside its own, unless that is too much already.
func survivable(s *config.Scenario, drawn plan.Plan) plan.Plan {
	own, cluster := len(s.Faults), s.FaultCluster()
	all := append(s.Faults, drawn...)
	if plan.Recoverable(all, cluster) == nil || plan.Recoverable(s.Faults, cluster) != nil {
		return all
	}
	for len(all) > own && plan.Recoverable(all, cluster) != nil {
		all = all[:len(all)-1]
	}
	return all
}

// job draws a base scenario or, in two of three draws if there are both, a universe.
func (s *Space) job(c generate.Choice) (*config.Scenario, generate.Shape, error) {
	if len(s.bases) == 0 || s.universes && c.Choose(3) > 0 {
		return universe(c)
	}
	drawn, shape := s.bases[c.Choose(uint64(len(s.bases)))].draw()
	return drawn, shape, nil
}

// convergeWithin is what a healthy job may stand still at most when no fault lasts: a control
// message that a partition swallowed is missed only when its checkpoint times out, and once
// more for the next one.
func convergeWithin(s *config.Scenario) int64 {
	const slack = 30e9
	return 2*s.Job.Config.Checkpointing.TimeoutNanos + slack
}

// outages is how long faults last in sum: a second one may strike when the first is over,
// before the job has moved.
func outages(p plan.Plan) int64 {
	nanos := int64(0)
	for i := range p {
		nanos += max(p[i].LastsNanos, 0)
	}
	return nanos
}
