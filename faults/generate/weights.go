package generate

import "math/bits"

// pick chooses an index in proportion to weights, which must not all be zero; the first one
// with a weight is the simplest.
func pick(c Choice, weights []uint64) int {
	total := uint64(0)
	for _, w := range weights {
		total += w
	}
	at := c.Choose(total)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	panic("generate: a choice beyond its alternatives")
}

// Between chooses a number from low to high, both included; low is the simplest. A high
// below low counts as low.
func Between(c Choice, low, high int64) int64 {
	return low + int64(c.Choose(uint64(max(high-low, 0))+1))
}

// OneOf chooses an element; the first is the simplest.
func OneOf[T any](c Choice, values ...T) T { return values[c.Choose(uint64(len(values)))] }

// Chance is true num times in den; false is the simpler.
func Chance(c Choice, num, den uint64) bool { return c.Choose(den) >= den-num }

// rarity weighs a step that a run gets to count times: steps that are there a thousand times
// get as many faults between them as a few that are there once. It depends on the step
// alone, never on what other seeds have drawn: a seed's plan is the same in every campaign.
func rarity(count int64) uint64 {
	if count <= 0 {
		return 0
	}
	const most = 64
	return max(uint64(most)>>(2*uint(bits.Len64(uint64(count))-1)/3), 1)
}
