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
	// Full walks orders, too, that differ only in the order of deliveries that commute. So do
	// walks with MostChoices, and of scenarios with faults, which strike between them.
	Full bool
	// Until, if not nil, ends a walk early. It is asked between batches.
	Until func() bool
	// Ran, if not nil, is told of each order that was run to its end.
	Ran func(choices []int)
	// Progress, if not nil, is told after each batch how many orders were run.
	Progress func(runs int)
}

// batchSize is the number of orders that are run before their alternatives are known. It
// decides nothing but how many cores a walk can use.
const batchSize = 256

// walk is one under way.
type walk struct {
	scenario *config.Scenario
	seed     uint64
	options  Options
	full     bool
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
	w.full = o.Full || o.MostChoices > 0 || len(s.Faults) > 0
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

// run is what one order came to: what there was to choose from at each of its choices.
type run struct {
	awake   [][]bool // of each choice, which paths no other order has taken there
	twin    bool     // what it has come to, another order has come to
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
		if runs[i].twin {
			w.result.Twins++
		} else {
			w.result.add(taken[i], runs[i].outcome)
			if w.options.Ran != nil {
				w.options.Ran(written(taken[i]))
			}
		}
		w.branch(taken[i], runs[i].awake)
	}
	return nil
}

// branch opens the alternatives at the choices behind those that were given: before them
// they are opened by whoever opened this order.
func (w *walk) branch(choices []int, awake [][]bool) {
	varied := len(awake)
	if most := w.options.MostChoices; most > 0 && varied > most {
		varied, w.result.Shortened = most, true
	}
	order := slices.Clone(choices)
	for at := len(choices); at < varied; at++ {
		first := slices.Index(awake[at], true)
		for choice := first + 1; choice < len(awake[at]); choice++ {
			if awake[at][choice] {
				w.open = append(w.open, append(slices.Clone(order), choice))
			}
		}
		order = append(order, first)
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
	z := sleepers{choices: choices, run: &r, full: w.full}
	k.c.Options.Deliveries = written(choices)
	k.c.Options.Turn = z.turn
	k.c.Run.Until = func() bool { return r.twin }
	r.outcome, r.err = k.trial.Run(k.c)
	if r.err == nil && !panicked(r.outcome) {
		w.workers <- k
	}
	return r
}

func panicked(o *result.Outcome) bool {
	return slices.ContainsFunc(o.Violations, func(f result.Finding) bool { return f.Class == "panic" })
}
