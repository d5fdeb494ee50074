package story

import (
	"math"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Record runs a case and keeps its events, the latest ones when there are more than
// Options.KeepEvents. The error is about the case's scenario.
func Record(c *config.Case, o Options) (*result.Recording, error) {
	t := &teller{options: o.withDefaults(), c: c, trial: trial.New()}
	if err := t.look(); err != nil {
		return nil, err
	}
	t.endNanos = math.MaxInt64 - afterNanos
	if err := t.record(); err != nil {
		return nil, err
	}
	return &t.story.Recording, nil
}
