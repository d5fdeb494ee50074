package shrink

import (
	"slices"

	"simrun/faults/plan"
)

// Plan is the simplest plan found that still fails, and how often fails was called. p
// itself must fail; it is returned as it is when nothing simpler does. The result is never
// nil and shares nothing with p.
func Plan(p plan.Plan, fails func(plan.Plan) bool) (simplest plan.Plan, calls int) {
	s := &shrinker{best: append(plan.Plan{}, p...), fails: fails}
	for {
		before := slices.Clone(s.best)
		s.fewer()
		s.weaker()
		s.rounder()
		s.closer()
		if slices.Equal(before, s.best) {
			return s.best, s.calls
		}
	}
}

// shrinker holds the simplest failing plan so far.
type shrinker struct {
	best  plan.Plan
	fails func(plan.Plan) bool
	calls int
}

// try keeps a plan that is simpler than the best and still fails.
func (s *shrinker) try(candidate plan.Plan) bool {
	if !Less(candidate, s.best) {
		return false
	}
	s.calls++
	if !s.fails(candidate) {
		return false
	}
	s.best = candidate
	return true
}

// replace tries the best plan with another fault at i.
func (s *shrinker) replace(i int, f plan.Fault) bool {
	candidate := slices.Clone(s.best)
	candidate[i] = f
	return s.try(candidate)
}

// fewer leaves out faults: none at all, then chunk by chunk, in ever smaller chunks. In
// the end no single fault can be left out.
func (s *shrinker) fewer() {
	if len(s.best) == 0 || s.try(plan.Plan{}) {
		return
	}
	for size := (len(s.best) + 1) / 2; size > 0 && len(s.best) > 1; size = nextSize(size, len(s.best)) {
		for s.leaveOut(size) {
		}
	}
}

// nextSize is half a chunk; 0 after single faults.
func nextSize(size, length int) int {
	if size == 1 {
		return 0
	}
	return min((size+1)/2, max(length/2, 1))
}

// leaveOut goes over the plan once, from its end (what comes last often only follows from
// what came first), and leaves out every chunk of that size that is not needed.
func (s *shrinker) leaveOut(size int) bool {
	removed := false
	for end := len(s.best); end > 0; end -= size {
		start := max(end-size, 0)
		if end > len(s.best) || end-start == len(s.best) {
			continue
		}
		if s.try(slices.Concat(s.best[:start], s.best[end:])) {
			removed = true
		}
	}
	return removed && size == 1 && len(s.best) > 1
}
