package orders

import (
	"slices"

	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Options bound a walk.
type Options struct {
	// MostRuns is the number of orders that are run at most; 0: any number.
	MostRuns int
	// MostChoices is the number of a run's choices that are varied, from the first on; 0: all.
	MostChoices int
	// Until, if not nil, ends a walk early. It is asked between batches.
	Until func() bool
	// Progress, if not nil, is told after each batch how many orders were run.
	Progress func(runs int)
}

// batchSize is the number of orders that are run before their alternatives are known. It
// decides nothing but how many cores a walk can use.
const batchSize = 64

// walk is one under way.
type walk struct {
	scenario *config.Scenario
	seed     uint64
	options  Options
	workers  chan *worker
	// open are the beginnings of orders that have not been run; the last is next.
	open   [][]int
	result Result
}

// Walk runs the orders of a scenario under a seed. The error is a *config.Error.
func Walk(s *config.Scenario, seed uint64, o Options, each census.Each) (*Result, error) {
	w := &walk{scenario: s.Clone(), seed: seed, options: o, workers: make(chan *worker, batchSize),
		open: [][]int{nil}}
	w.scenario.Seed = seed
	w.scenario.Expect = config.Expect{Verdict: result.OK, Guarantee: s.Expect.Guarantee}
	w.result.Scenario = w.scenario
	for len(w.open) > 0 && !w.over() {
		if err := w.batch(each); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(w.result.Runs)
		}
	}
	w.result.Exhausted = len(w.open) == 0
	return &w.result, nil
}

func (w *walk) over() bool {
	return w.options.MostRuns > 0 && w.result.Runs >= w.options.MostRuns ||
		w.options.Until != nil && w.options.Until()
}

// run is what one order came to: how many paths there were at each of its choices.
type run struct {
	paths   []int
	outcome *result.Outcome
	err     error
}

// batch runs the next orders and opens their alternatives.
func (w *walk) batch(each census.Each) error {
	size := min(len(w.open), batchSize)
	if w.options.MostRuns > 0 {
		size = min(size, w.options.MostRuns-w.result.Runs)
	}
	taken := slices.Clone(w.open[len(w.open)-size:])
	w.open = w.open[:len(w.open)-size]
	runs := make([]run, size)
	each(size, func(i int) { runs[i] = w.run(taken[i]) })
	for i := range runs {
		if runs[i].err != nil {
			return runs[i].err
		}
		w.result.add(taken[i], runs[i].outcome)
		w.branch(taken[i], runs[i].paths)
	}
	return nil
}

// branch opens the alternatives at the choices behind those that were given: before them
// they are opened by whoever opened this order.
func (w *walk) branch(choices, paths []int) {
	varied := len(paths)
	if most := w.options.MostChoices; most > 0 && varied > most {
		varied, w.result.Shortened = most, true
	}
	for at := len(choices); at < varied; at++ {
		for choice := 1; choice < paths[at]; choice++ {
			order := make([]int, at+1)
			copy(order, choices)
			order[at] = choice
			w.open = append(w.open, order)
		}
	}
}

// worker is what one run at a time needs.
type worker struct {
	trial *trial.Trial
	c     *trial.Case
}

func (w *walk) worker() (*worker, error) {
	select {
	case k := <-w.workers:
		return k, nil
	default:
	}
	c, err := trial.NewCase(w.scenario, w.seed)
	return &worker{trial.New(), c}, err
}

// run runs one order. A run that panics leaves its memory behind.
func (w *walk) run(choices []int) run {
	k, err := w.worker()
	if err != nil {
		return run{err: err}
	}
	r := run{}
	k.c.Options.Deliveries = written(choices)
	k.c.Options.Delivered = func(paths int) { r.paths = append(r.paths, paths) }
	r.outcome, r.err = k.trial.Run(k.c)
	if r.err == nil && !panicked(r.outcome) {
		w.workers <- k
	}
	return r
}

func panicked(o *result.Outcome) bool {
	return slices.ContainsFunc(o.Violations, func(f result.Finding) bool { return f.Class == "panic" })
}
