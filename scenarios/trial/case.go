package trial

import (
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
)

// Bounds of a run that a scenario does not set.
const (
	// limitNanos ends a run that never ends by itself: a week of virtual time.
	limitNanos int64 = 7 * 24 * 3600e9
	// settleNanos is what a finished job gets to commit and clean up.
	settleNanos int64 = 5e9
)

// NewCase is the case of a scenario and a seed: everything that decides the run. The error
// is a *config.Error.
func NewCase(s *config.Scenario, seed uint64) (*Case, error) {
	b, err := s.Build()
	if err != nil {
		return nil, err
	}
	b.Options.Seed = seed
	return &Case{
		Scenario: s.Name, Options: b.Options, Plan: b.Plan, ForNanos: b.Run.ForNanos,
		Run: runtime.RunOptions{
			LimitNanos: limitNanos, ProgressNanos: b.Run.ConvergeWithinNanos, SettleNanos: settleNanos,
		},
		MeasureFromNanos: b.Run.WarmUpNanos,
		Expect:           expectation(b),
	}, nil
}

func expectation(b *config.Build) Expectation {
	e := Expectation{Contract: protocol.PolicyOf(b.Options.Config.Protocol).Contract()}
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
