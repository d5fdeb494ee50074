package shrink

import (
	"cmp"
	"slices"

	"simrun/faults/plan"
)

// closer moves faults together in time: all of them to an earlier beginning, then, at each
// gap, all that come after it.
func (s *shrinker) closer() {
	timed := s.timed()
	if len(timed) < 2 {
		return // rounder has moved it by itself
	}
	for at := range timed {
		previous := int64(0)
		if at > 0 {
			previous = s.best[timed[at-1]].AtNanos
		}
		gap := number{form: time, value: s.best[timed[at]].AtNanos - previous}
		s.narrow(timed[at:], gap)
	}
}

// timed are the positions of the faults that strike at a time, in the order of time.
func (s *shrinker) timed() []int {
	var timed []int
	for i := range s.best {
		if s.best[i].Step == "" {
			timed = append(timed, i)
		}
	}
	slices.SortStableFunc(timed, func(a, b int) int { return cmp.Compare(s.best[a].AtNanos, s.best[b].AtNanos) })
	return timed
}

// narrow shortens the gap before some faults to the lowest rung at which the plan fails.
func (s *shrinker) narrow(later []int, gap number) {
	now := gap.value
	Lower(gap.value, gap.finest(), func(shorter int64) bool {
		moved := s.earlier(later, now-shorter)
		if moved {
			now = shorter
		}
		return moved
	})
}

// earlier tries the plan with some of its faults earlier.
func (s *shrinker) earlier(which []int, nanos int64) bool {
	candidate := append(plan.Plan{}, s.best...)
	for _, i := range which {
		candidate[i].AtNanos -= nanos
	}
	return s.try(candidate)
}
