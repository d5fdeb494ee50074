package bugs

import (
	"context"

	"simrun/protocol"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Explorer is a way to look for bugs.
type Explorer struct {
	// Word names it: random, census, exhaustive.
	Word string
	// Enumerates: its runs have one order, so that there is a single stream of them.
	Enumerates bool
	// New makes what one worker runs the streams with.
	New func() (Runner, error)
}

// Runner runs streams, one after the other.
type Runner interface {
	// Run makes the runs of a stream with a bug switched on, at most limit of them, and says
	// how many it has made. It shows each that fails, in their order, and ends with the one at
	// which failed says that it need not go on, or when ctx ends.
	Run(ctx context.Context, bug protocol.Bug, stream int, limit uint64,
		failed func(*Failure) (goOn bool, err error)) (runs uint64, err error)
}

// Failure is a run that shows something wrong, with all that it takes to make it again.
type Failure struct {
	Scenario *config.Scenario
	Seed     uint64
	Outcome  *result.Outcome
}

// Random runs what seeds draw, as a campaign does, but for the one switch. Each worker has a
// Source of its own; all of them answer alike, without any bug.
func Random(newSource func() (campaign.Source, error)) Explorer {
	return Explorer{Word: "random", New: func() (Runner, error) {
		source, err := newSource()
		return &seeds{source: source}, err
	}}
}

// seeds runs seed after seed.
type seeds struct {
	source campaign.Source
	trial  *trial.Trial
}

// firstSeed of a stream: far enough from the others for any limit.
func firstSeed(stream int) uint64 { return uint64(stream+1) << 32 }

// Run implements Runner.
func (s *seeds) Run(ctx context.Context, bug protocol.Bug, stream int, limit uint64,
	failed func(*Failure) (bool, error)) (runs uint64, err error) {
	for runs < limit && ctx.Err() == nil {
		seed := firstSeed(stream) + runs
		runs++
		drawn, err := s.draw(bug, seed)
		if err != nil {
			return runs, err
		}
		o, err := campaign.RunSeed(&s.trial, drawn, seed, campaign.DefaultBudget)
		if err != nil {
			return runs, err
		}
		if !failing(drawn, o) {
			continue
		}
		if goOn, err := failed(&Failure{drawn, seed, o}); err != nil || !goOn {
			return runs, err
		}
	}
	return runs, nil
}

func (s *seeds) draw(bug protocol.Bug, seed uint64) (*config.Scenario, error) {
	drawn, err := s.source.Draw(seed)
	if err != nil {
		return nil, err
	}
	drawn = drawn.Clone()
	drawn.Run.Bug = bug
	return drawn, nil
}
