package minimize

import (
	"fmt"
	"slices"

	"simrun/faults/shrink"
)

// shrinkDeliveries looks for the fewest deviations from the order in which messages have
// waited: no order of its own at all, then the shortest list, then each choice the first, or
// an earlier one.
func (s *search) shrinkDeliveries() {
	if len(s.best.Run.Deliveries) == 0 || s.tryDeliveries("order of delivery: the network's", nil) {
		return
	}
	s.tryDeliveries("order of delivery: that of waiting", []int{0})
	shrink.Lower(int64(len(s.best.Run.Deliveries)), 1, func(length int64) bool {
		return length > 0 && s.tryDeliveries(fmt.Sprintf("deliveries: the first %d", length),
			s.best.Run.Deliveries[:min(length, int64(len(s.best.Run.Deliveries)))])
	})
	for at := len(s.best.Run.Deliveries) - 1; at >= 0; at-- {
		if at < len(s.best.Run.Deliveries) {
			s.lowerDelivery(at)
		}
	}
}

// lowerDelivery lowers one choice: to 0, to 1, and so on.
func (s *search) lowerDelivery(at int) {
	for choice := range s.best.Run.Deliveries[at] {
		lower := slices.Clone(s.best.Run.Deliveries)
		lower[at] = choice
		if s.tryDeliveries(fmt.Sprintf("delivery %d: %d → %d", at+1, s.best.Run.Deliveries[at], choice), lower) {
			return
		}
	}
}

// tryDeliveries tries other choices. Those at the end that choose what has waited longest go
// without saying.
func (s *search) tryDeliveries(what string, choices []int) bool {
	for len(choices) > 1 && choices[len(choices)-1] == 0 {
		choices = choices[:len(choices)-1]
	}
	candidate := s.best.Clone()
	candidate.Run.Deliveries = slices.Clone(choices)
	return s.consider(what, candidate, nil, nil)
}
