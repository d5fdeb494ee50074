package minimize

import (
	"context"
	"fmt"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// Run runs a scenario with a seed, and ends it at a virtual time; 0 is never. The error is
// about the scenario, never about the run.
type Run func(s *config.Scenario, seed uint64, limitNanos int64) (*result.Outcome, error)

// DefaultBudgetRuns is enough for most cases to end by themselves.
const DefaultBudgetRuns = 1000

// Options bound a search and watch it. The zero value has the default budget.
type Options struct {
	// BudgetRuns is the most runs to make; 0: DefaultBudgetRuns.
	BudgetRuns int
	// BudgetNanos of wall time, after which no run is begun; 0: no limit. With it the result
	// depends on the machine.
	BudgetNanos int64
	// RunBudget is how many messages and timers a run gets of a case that uses a larger budget
	// up; 0: QuickBudget.
	RunBudget uint64
	// Progress, if not nil, is called after every run.
	Progress func(Progress)
	// Improved, if not nil, is called with every smaller case as it is found: for those who
	// want to keep it even if they are killed.
	Improved func(*config.Case)
}

// Progress is how far a search has come.
type Progress struct {
	Runs, BudgetRuns int
	// Pass is what is being made smaller.
	Pass string
	Size result.Size
}

// NotFailing is the error for a case that does not fail when it is run.
type NotFailing struct {
	// Recorded is the verdict in the case, Now that of the run.
	Recorded, Now result.Verdict
}

// Error says what the case does instead.
func (e *NotFailing) Error() string {
	more := ""
	if e.Recorded == result.Violation || e.Recorded == result.Stuck {
		more = " any more"
	}
	return fmt.Sprintf("this case does not fail%s: its verdict is %s, and was %s when it was recorded",
		more, e.Now, e.Recorded)
}

// Nondeterministic is the error for a case whose runs differ from each other.
type Nondeterministic struct{ First, Second uint64 }

// Error shows both digests.
func (e *Nondeterministic) Error() string {
	return fmt.Sprintf("two runs of the minimised case differ: digests %s and %s",
		config.FormatDigest(e.First), config.FormatDigest(e.Second))
}

// Case makes a failing case small. newRun makes a Run with memory of its own. When ctx
// ends, the search stops and returns the best so far; Complete is false then. The error is
// a *NotFailing, a *Nondeterministic, or that of a case that cannot run.
func Case(ctx context.Context, c *config.Case, newRun func() Run, o Options) (*config.Case,
	*result.Minimization, error) {
	s, err := newSearch(ctx, c, newRun, o)
	if err != nil {
		return nil, nil, err
	}
	report := &result.Minimization{Before: s.measured}
	recorded := failure{verdict: c.Verdict, class: c.Class, signature: c.Signature}
	report.Moved = recorded.verdict != s.want.verdict || recorded.signature != s.want.signature
	s.minimize()
	if err := s.confirm(); err != nil {
		return nil, nil, err
	}
	if err := s.verify(); err != nil {
		return nil, nil, err
	}
	small := s.record()
	report.After, report.Dropped, report.Runs, report.Invalid = s.measured, s.dropped, s.runs, s.invalid
	report.Complete = !s.over()
	report.Verdict, report.Class, report.Signature = small.Verdict, small.Class, small.Signature
	for i := range s.best.Faults {
		report.Plan = append(report.Plan, s.best.Faults[i].String())
	}
	brief := s.best.Brief()
	unset(brief, "faults")
	report.Brief = string(brief.YAML())
	return small, report, nil
}

// verify runs the smallest case once more, in fresh memory.
func (s *search) verify() error {
	again, err := s.newRun()(s.best, s.seed, 0)
	if err != nil {
		return err
	}
	s.runs++
	if again.Digest != s.outcome.Digest || again.Verdict != s.outcome.Verdict {
		return &Nondeterministic{s.outcome.Digest, again.Digest}
	}
	return nil
}

// record is the best so far as a case.
func (s *search) record() *config.Case { return config.CaseOf(s.best, s.outcome) }
