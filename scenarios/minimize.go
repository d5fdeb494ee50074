package scenarios

import (
	"context"

	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Minimize makes a failing case small: see package minimize. The returned case is a
// record of its own, for replay.
func Minimize(ctx context.Context, c *config.Case, o minimize.Options) (*config.Case,
	*result.Minimization, error) {
	return minimize.Case(ctx, c, func() minimize.Run {
		t := trial.New()
		return func(s *config.Scenario, seed uint64, limitNanos int64) (*result.Outcome, error) {
			tc, err := trial.NewCase(s, seed)
			if err != nil {
				return nil, err
			}
			if limitNanos > 0 {
				tc.Run.LimitNanos = min(tc.Run.LimitNanos, limitNanos)
			}
			return t.Run(tc)
		}
	}, o)
}
