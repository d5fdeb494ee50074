package census

import (
	"simrun/faults/plan"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Each calls f for 0 to n-1, each once, and returns when all calls have.
type Each func(n int, f func(i int))

// InOrder is the Each of one core.
func InOrder(n int, f func(i int)) {
	for i := range n {
		f(i)
	}
}

// Census is the crash points of one scenario under one seed.
type Census struct {
	scenario *config.Scenario
	seed     uint64
	points   []Point
	workers  chan *worker
}

// maxWorkers bounds the memory that is kept for runs.
const maxWorkers = 256

// worker is what one run at a time needs.
type worker struct {
	trial *trial.Trial
	c     *trial.Case
}

// New takes the census of a scenario: one run without faults. What the scenario expects to
// be reached is not asked of crashed runs. The error is a *config.Error.
func New(s *config.Scenario, seed uint64) (*Census, error) {
	calm := s.Clone()
	calm.Faults, calm.Seed = nil, seed
	calm.Expect = config.Expect{Verdict: result.OK, Guarantee: s.Expect.Guarantee}
	c := &Census{scenario: calm, seed: seed, workers: make(chan *worker, maxWorkers)}
	w, err := c.worker()
	if err != nil {
		return nil, err
	}
	r := recorder{in: w.trial}
	r.watch(w.c, 0)
	if _, err := w.run(nil); err != nil {
		return nil, err
	}
	c.points = r.points
	c.give(w)
	return c, nil
}

// Points are the crash points of a scenario under a seed, in the order in which the run
// gets to them. The error is a *config.Error.
func Points(s *config.Scenario, seed uint64) ([]Point, error) {
	c, err := New(s, seed)
	if err != nil {
		return nil, err
	}
	return c.points, nil
}

// Points are the census's, in the order in which the run gets to them. They must not be
// changed.
func (c *Census) Points() []Point { return c.points }

// Scenario is the scenario with the given crashes as its plan.
func (c *Census) Scenario(points ...Point) *config.Scenario {
	s := c.scenario.Clone()
	s.Faults = Plan(points...)
	return s
}

func (c *Census) worker() (*worker, error) {
	select {
	case w := <-c.workers:
		return w, nil
	default:
	}
	base, err := trial.NewCase(c.scenario, c.seed)
	if err != nil {
		return nil, err
	}
	return &worker{trial: trial.New(), c: base}, nil
}

func (c *Census) give(w *worker) {
	w.c.Observe, w.c.ObserveSteps = nil, nil
	select {
	case c.workers <- w:
	default:
	}
}

// run runs the case with a plan.
func (w *worker) run(p plan.Plan) (*result.Outcome, error) {
	w.c.Plan = p
	return w.trial.Run(w.c)
}
