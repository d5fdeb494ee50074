package campaign

import (
	"context"
	"fmt"
	"slices"
	"time"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// Blocks grow until one takes about so long: workers meet seldom, and an end of time is
// noticed soon.
const (
	blockTime   = 50 * time.Millisecond
	largestSize = 1 << 16
)

// worker runs seeds, one after the other, in the same memory.
type worker struct {
	c *campaign
	// trial runs every seed, twin those that are run twice: what one keeps from run to
	// run, the other does not have.
	trial, twin *trial.Trial
	source      Source
	listed      Listed       // the source, if its seeds are numbers
	ready       []*prepared  // the scenarios drawn last
	sum         *tally.Tally // of the block in hand
	size        uint64
}

// prepared is a scenario ready to run.
type prepared struct {
	scenario *config.Scenario
	c        *trial.Case
	expect   tally.Expectation
}

// maxReady bounds the scenarios that are kept ready: as many as the library has.
const maxReady = 32

func newWorker(c *campaign) (*worker, error) {
	source, err := c.o.NewSource()
	listed, _ := source.(Listed)
	return &worker{c: c, trial: trial.New(), twin: trial.New(), source: source, listed: listed, size: 1}, err
}

// run takes blocks of seeds until there are none, or ctx ends.
func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		block, ok := w.c.take(w.size)
		if !ok {
			return
		}
		begin := time.Now()
		w.sum = &tally.Tally{}
		at := block.From
		for ; at < block.To && ctx.Err() == nil; at++ {
			if err := w.seed(w.c.o.Plan.seed(at)); err != nil {
				w.c.stop(err)
				break
			}
		}
		w.c.finish(Span{block.From, at}, w.sum)
		w.resize(time.Since(begin))
	}
}

func (w *worker) resize(took time.Duration) {
	switch {
	case took < blockTime/2:
		w.size = min(2*w.size, largestSize)
	case took > 2*blockTime:
		w.size = max(w.size/2, 1)
	}
}

// seed runs one seed and adds it up.
func (w *worker) seed(seed uint64) error {
	s, err := w.source.Draw(seed)
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	own := seed
	if w.listed != nil {
		own = s.Seed
	}
	p, err := w.prepare(s, own)
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	o, err := attempt(&w.trial, p.c)
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	twice := sim.Below(sim.Draw(seed, purposeDouble, 0, 0, 0), doubleEvery) == 0
	if twice {
		if err := w.double(s, p, o); err != nil {
			return err
		}
	}
	// What fails is written before it is counted: a seed whose file could not be written is
	// run again when the campaign is resumed.
	if tally.ClassOf(p.expect, o).Bad() {
		if err := w.c.failed(s, o, seed); err != nil {
			return err
		}
	}
	if w.listed != nil {
		o.Seed, o.Scenario = seed, w.listed.Group(seed)
	}
	w.sum.Add(p.expect, o)
	if twice {
		w.sum.Doubled++
	}
	return nil
}

// prepare makes a seed's scenario ready to run. One that was drawn before is: then its job
// graph is the same, and what earlier runs have made of it serves again.
func (w *worker) prepare(s *config.Scenario, seed uint64) (*prepared, error) {
	for _, p := range w.ready {
		if p.scenario == s {
			p.c.Options.Seed = seed
			return p, nil
		}
	}
	c, err := trial.NewCase(s, seed)
	if err != nil {
		return nil, err
	}
	c.Options.Unforeseen = true
	if c.Budget == 0 {
		c.Budget = w.c.o.Plan.Budget
	}
	if len(w.ready) == maxReady {
		w.ready = slices.Delete(w.ready, 0, 1)
	}
	p := &prepared{scenario: s, c: c, expect: expectationOf(s)}
	w.ready = append(w.ready, p)
	return p, nil
}

// largeRun has so many times the events of an ordinary one that the memory it leaves, grown to
// its size, is not worth keeping for those to come.
const largeRun = 100_000

// attempt runs a case. A panic that the trial itself does not catch, as of a checker at the
// end of a run, is a finding like any other; the memory it leaves is not used again.
func attempt(t **trial.Trial, c *trial.Case) (o *result.Outcome, err error) {
	defer func() {
		if value := recover(); value != nil {
			o = &result.Outcome{Scenario: c.Scenario, Protocol: c.Options.Config.Protocol, Seed: c.Options.Seed,
				Verdict:    result.Violation,
				Violations: []result.Finding{trial.Panicked(fmt.Sprint(value), trial.RaisedIn())}}
			*t = trial.New()
		}
	}()
	o, err = (*t).Run(c)
	panicked := err == nil && len(o.Violations) > 0 && o.Violations[0].Class == "panic"
	if panicked || err == nil && o.Events > largeRun {
		*t = trial.New()
	}
	return o, err
}

// double runs a seed again and compares.
func (w *worker) double(s *config.Scenario, p *prepared, o *result.Outcome) error {
	again, err := attempt(&w.twin, p.c)
	if err != nil {
		return err
	}
	if again.Digest != o.Digest {
		return w.c.diverged(s, o, again)
	}
	return nil
}

// NondeterminismError says that two runs of one seed differ.
type NondeterminismError struct {
	Scenario string
	Seed     uint64
	// Explanation shows the first event that differs, with both causes.
	Explanation string
}

// Error implements error.
func (e *NondeterminismError) Error() string {
	return fmt.Sprintf("two runs of %s with seed %d differ\n%s", e.Scenario, e.Seed, e.Explanation)
}

func (c *campaign) diverged(s *config.Scenario, o, again *result.Outcome) error {
	e := &NondeterminismError{Scenario: s.Name, Seed: o.Seed}
	if c.o.Diverge != nil {
		text, err := c.o.Diverge(s, o.Seed)
		if err != nil {
			return err
		}
		e.Explanation = text
	}
	if e.Explanation == "" {
		const text = "digests %016x and %016x; runs in fresh memory do not show it"
		e.Explanation = fmt.Sprintf(text, o.Digest, again.Digest)
	}
	return e
}
