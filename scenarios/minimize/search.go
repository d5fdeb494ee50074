package minimize

import (
	"context"
	"hash/maphash"
	"time"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/config"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
)

// search holds the smallest failing scenario so far and what it was found with.
type search struct {
	ctx     context.Context
	options Options
	newRun  func() Run
	run     Run
	seed    uint64
	want    failure
	best    *config.Scenario
	outcome *result.Outcome
	// whole is the case as it was given, if it is made small with a part of its budget.
	whole *config.Scenario
	// green: the case has a planted bug and passes without it. It must remain about the bug.
	green bool
	// first is the outcome of the case as it was given.
	first   *result.Outcome
	pass    string
	round   int
	started time.Time
	// tried are the scenarios that were run, so that none is run twice.
	tried         map[uint64]bool
	hash          maphash.Seed
	runs, invalid int
	measured      result.Size // of the best
	dropped       []string
}

// newSearch runs the case as it is.
func newSearch(ctx context.Context, c *config.Case, newRun func() Run, o Options) (*search, error) {
	if o.BudgetRuns == 0 {
		o.BudgetRuns = DefaultBudgetRuns
	}
	if o.RunBudget == 0 {
		o.RunBudget = QuickBudget
	}
	s := &search{
		ctx: ctx, options: o, newRun: newRun, run: newRun(), seed: c.Seed, best: c.Scenario,
		started: time.Now(), tried: map[uint64]bool{}, hash: maphash.MakeSeed(), runs: 1,
	}
	if err := s.begin(c); err != nil {
		return nil, err
	}
	s.first = s.outcome
	failing := false
	if s.want, failing = failureOf(s.best, s.outcome); !failing {
		return nil, &NotFailing{Recorded: c.Verdict, Now: s.outcome.Verdict}
	}
	s.green = s.best.Run.Bug != protocol.NoBug && !s.failsWithoutBug(s.best)
	s.measured = s.size()
	return s, nil
}

// over reports whether no further run may be made. One is kept back for the last look.
func (s *search) over() bool {
	return s.runs+1 >= s.options.BudgetRuns || s.ctx.Err() != nil ||
		s.options.BudgetNanos > 0 && time.Since(s.started).Nanoseconds() >= s.options.BudgetNanos
}

// edit tries the best scenario with its tree changed. what says in a few words what that
// makes simpler.
func (s *search) edit(what string, change func(root *document.Node)) bool {
	if s.over() {
		return false
	}
	candidate, err := s.best.Edited(change)
	return s.consider(what, candidate, err, nil)
}

// editIf is edit for changes that are simpler only if the run comes out so.
func (s *search) editIf(what string, simpler func(o *result.Outcome) bool,
	change func(root *document.Node)) bool {
	if s.over() {
		return false
	}
	candidate, err := s.best.Edited(change)
	return s.consider(what, candidate, err, simpler)
}

// consider runs a candidate and keeps it if it fails in the same way.
func (s *search) consider(what string, candidate *config.Scenario, invalid error,
	simpler func(o *result.Outcome) bool) bool {
	if s.over() {
		return false
	}
	if invalid != nil {
		s.invalid++
		return false
	}
	if !s.isNew(candidate) {
		return false
	}
	outcome := s.tryRun(candidate, s.limitNanos()+1)
	if outcome == nil {
		return false
	}
	found, failing := failureOf(candidate, outcome)
	if !failing || !s.want.same(&found) || s.heavier(outcome) || simpler != nil && !simpler(outcome) ||
		s.green && s.failsWithoutBug(candidate) {
		return false
	}
	s.best, s.outcome = candidate, outcome
	s.measured = s.size()
	s.dropped = append(s.dropped, what)
	if s.options.Improved != nil {
		s.options.Improved(s.record())
	}
	return true
}

// failsWithoutBug runs a scenario without its planted bug, to its end: one whose checkpoints all
// expire then, and that restarts for ever, has not failed yet when the bug has long been seen.
func (s *search) failsWithoutBug(candidate *config.Scenario) bool {
	healthy := candidate.Clone()
	healthy.Run.Bug = protocol.NoBug
	outcome := s.tryRun(healthy, 0)
	return outcome == nil || Failing(healthy, outcome)
}

// isNew reports whether a scenario is not the best one and has not been run before.
func (s *search) isNew(candidate *config.Scenario) bool {
	key := maphash.Bytes(s.hash, candidate.YAML())
	if len(s.tried) == 0 {
		s.tried[maphash.Bytes(s.hash, s.best.YAML())] = true
	}
	known := s.tried[key]
	s.tried[key] = true
	return !known
}

// tryRun runs a candidate until a virtual time (0: to its end); nil if it cannot be run at all. What
// panics before its first event, where no checker sees it, cannot.
func (s *search) tryRun(candidate *config.Scenario, limitNanos int64) (outcome *result.Outcome) {
	s.runs++
	defer func() {
		if recover() != nil {
			s.run, outcome = s.newRun(), nil
			s.invalid++
		}
		if s.options.Progress != nil {
			s.options.Progress(Progress{s.runs, s.options.BudgetRuns, s.pass, s.measured})
		}
	}()
	outcome, err := s.run(candidate, s.seed, limitNanos)
	if err != nil {
		s.runs--
		s.invalid++
		return nil
	}
	return outcome
}

// heavier: a run that takes much longer than the first one explains less, however simple
// its scenario.
func (s *search) heavier(o *result.Outcome) bool {
	return o.VirtualNanos > s.limitNanos() || o.Events > 2*s.first.Events || o.Records > 2*s.first.Records
}

// limitNanos is the virtual time that a candidate may take.
func (s *search) limitNanos() int64 { return 2 * s.first.VirtualNanos }

// size is that of the best so far.
func (s *search) size() result.Size {
	size := result.Size{
		Faults: len(s.best.Faults), Records: s.outcome.Records, Events: s.outcome.Events,
		Checkpoints: int64(len(s.outcome.Checkpoints)), VirtualNanos: s.outcome.VirtualNanos,
	}
	for _, l := range leaves(s.best.Brief()) {
		if l.key != "id" && l.key != "from" && l.key != "faults" && l.key != "name" {
			size.Settings++
		}
	}
	b, err := s.best.Build()
	if err != nil {
		return size
	}
	compiled, err := job.Compile(b.Options.Graph, &b.Options.Config)
	if err != nil {
		return size
	}
	size.Vertices, size.Tasks = len(compiled.Vertices), len(compiled.Tasks)
	for i := range compiled.Vertices {
		size.Widest = max(size.Widest, compiled.Vertices[i].Parallelism)
	}
	return size
}
