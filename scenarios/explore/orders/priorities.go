package orders

import (
	"fmt"
	"slices"

	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/result"
	"simrun/sim"
)

// Depth is how many orderings a bug may hang on for a sample to have its bound.
const Depth = 3

// Sample runs orders of a scenario that is too large for all of them, each drawn by priorities
// (PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
// Guarantees of Finding Bugs", ASPLOS 2010). Every path to a process has a random priority, and
// of those that wait the highest is heard; at Depth-1 random turns the path that is heard
// falls below all others. With n paths and k turns, a bug that hangs on d orderings shows in
// a run with a probability of at least 1 in n * k^(d-1), however many orders there are; a
// scheduler that chooses anew at each turn has no such bound, and hardly ever holds one path back
// for long. The error is a *config.Error.
func Sample(s *config.Scenario, seed uint64, o Options, each census.Each) (*Sampled, error) {
	w := &walk{scenario: s.Clone(), seed: seed, options: o, workers: make(chan *worker, batchSize)}
	w.scenario.Seed = seed
	w.scenario.Expect = config.Expect{Verdict: result.OK, Guarantee: s.Expect.Guarantee}
	sampled := &Sampled{Result: Result{Scenario: w.scenario}}
	first, err := w.draw(priorities{})
	if err != nil {
		return nil, err
	}
	sampled.Paths, sampled.Turns = len(first.paths), first.turn
	for !w.over() {
		drawn, err := w.drawSome(sampled.Turns, each)
		if err != nil {
			return nil, err
		}
		for i := range drawn {
			w.result.add(drawn[i].choices, drawn[i].outcome)
		}
		if o.Progress != nil {
			o.Progress(w.result.Runs)
		}
	}
	w.result.Scenario = w.scenario
	sampled.Result = w.result
	return sampled, nil
}

// Sampled is what came of a sample.
type Sampled struct {
	Result
	// Paths to processes and Turns there were in the first run.
	Paths, Turns int
}

// String is "2,000 of 2,000 drawn orders survived, of 14 paths and 60 turns", with the bound.
func (s *Sampled) String() string {
	bound := s.Paths
	for range Depth - 1 {
		bound *= s.Turns
	}
	const text = "%s of %s drawn orders survived, of %d paths and %d turns: " +
		"what hangs on %d orderings shows in one run of at most %s"
	return fmt.Sprintf(text, grouped(s.Survived), grouped(s.Runs), s.Paths, s.Turns, Depth, grouped(bound))
}

// drawSome draws and runs the next orders.
func (w *walk) drawSome(turns int, each census.Each) ([]priorities, error) {
	size := batchSize
	if most := w.options.MostRuns; most > 0 {
		size = min(size, most-w.result.Runs)
	}
	drawn, errs := make([]priorities, size), make([]error, size)
	each(size, func(i int) {
		p := priorities{seed: sim.Draw(w.seed, sim.PurposeFault, uint64(w.result.Runs+i), 0, 0)}
		for d := range uint64(Depth - 1) {
			change := sim.Draw(p.seed, sim.PurposeFault, d, 0, 0)
			p.changes = append(p.changes, int(sim.Below(change, uint64(max(turns, 1)))))
		}
		drawn[i], errs[i] = w.draw(p)
	})
	return drawn, firstError(errs)
}

func firstError(errs []error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// draw runs the order of priorities.
func (w *walk) draw(p priorities) (priorities, error) {
	k, err := w.worker()
	if err != nil {
		return p, err
	}
	k.c.Options.Deliveries = []int{0}
	k.c.Options.Turn = p.choose
	k.c.Run.Until = nil
	if p.outcome, err = k.trial.Run(k.c); err == nil && !panicked(p.outcome) {
		w.workers <- k
	}
	return p, err
}

// priorities are an order of all paths, and what came of hearing them by it.
type priorities struct {
	seed    uint64
	changes []int // turns at which the path that is heard falls to the bottom
	paths   []path
	turn    int
	choices []int // as a case holds them
	outcome *result.Outcome
}

// path is a way to a process; the higher its priority, the sooner it is heard.
type path struct {
	to       sim.ProcessID
	way      runtime.DeliveryPath
	priority uint64
}

// choose implements runtime.Options.Turn.
func (p *priorities) choose(waiting []runtime.Delivery, _ int) int {
	heard, highest := 0, p.find(&waiting[0])
	for i := 1; i < len(waiting); i++ {
		if at := p.find(&waiting[i]); p.paths[at].priority > p.paths[highest].priority {
			heard, highest = i, at
		}
	}
	if fallen := slices.Index(p.changes, p.turn); fallen >= 0 {
		p.paths[highest].priority = uint64(fallen)
	}
	p.turn++
	if len(waiting) > 1 {
		p.choices = append(p.choices, heard)
	}
	return heard
}

// find is the position of a path. A new one draws its priority, above all that have fallen.
func (p *priorities) find(d *runtime.Delivery) int {
	for i := range p.paths {
		if p.paths[i].to == d.To && p.paths[i].way == d.Path {
			return i
		}
	}
	draw := sim.Draw(p.seed, sim.PurposeLinkLatency, uint64(len(p.paths)), 0, 0)
	p.paths = append(p.paths, path{d.To, d.Path, max(draw, Depth)})
	return len(p.paths) - 1
}
