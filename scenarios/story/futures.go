package story

import (
	"simrun/runtime"
	"simrun/scenarios/result"
)

// DefaultFutureRuns bounds the runs of other futures when nobody says how many.
const DefaultFutureRuns = 240

// The number of futures of one moment: enough to tell a third from a half, and a bound below which
// a share says nothing.
const (
	mostFutures  = 16
	leastFutures = 4
)

// futures asks when the failure became likely: each moment of the story, and the start, gets
// other futures (runtime.Branch), and the share of them that fail in the same way is told. What
// has to go wrong by chance shows as a step; what is wrong anyway as a share that is 1 from the
// start. (Antithesis draws such a curve from snapshots of machines. Here a run up to a moment is
// simply run again.)
func (t *teller) futures() error {
	r := &t.story.Recording
	if t.story.Finding.Class == "" || len(t.c.Scenario.Run.Deliveries) > 0 || t.c.Scenario.Run.Branch != nil {
		return nil
	}
	each := min(t.options.FutureRuns/(len(t.story.Moments)+1), mostFutures)
	if each < leastFutures {
		return nil
	}
	told := []result.Future{{Moment: -1, Runs: each}}
	for i := range t.story.Moments {
		at := r.Events[t.story.Moments[i].Events[0]].TimeNanos + 1
		if last := &told[len(told)-1]; last.AtNanos == at {
			last.Moment = i // what happens in one instant parts in the next
			continue
		}
		told = append(told, result.Future{Moment: i, AtNanos: at, Runs: each})
	}
	for i := range told {
		if err := t.branch(&told[i]); err != nil {
			return err
		}
	}
	t.story.Futures = told
	return nil
}

// branch runs a moment's futures.
func (t *teller) branch(f *result.Future) error {
	q := questions{teller: t, most: f.Runs}
	for i := range f.Runs {
		s := t.c.Scenario.Clone()
		s.Run.Branch = &runtime.Branch{AtNanos: f.AtNanos, Seed: uint64(i + 1), JitterNanos: t.jitterNanos()}
		if w, answered := q.ask(s, result.WhatIf{}); answered && w.Same {
			f.Same++
		}
	}
	return q.err
}

// jitterNanos is how much later messages may come in another future: several times what the
// network takes, so that they come in other orders, and much less than any timeout.
func (t *teller) jitterNanos() int64 {
	const times, least = 5, 100e3
	return max(times*t.c.Scenario.Cluster.Network.Latency.MeanNanos(), least)
}
