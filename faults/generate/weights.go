package generate

import "simrun/protocol"

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

// stepWeights of a kind of fault: of the steps at which one that is drawn now may strike, those
// where few did in the measured campaign get more. They depend on the table alone, never on
// what other seeds have drawn: a seed's plan is the same in every campaign.
func (d *drawing) stepWeights(kind protocol.FaultKind) []uint64 {
	return d.weightsOf(kind, func(at place) bool { return !d.mustStrike() || at.occasion.sure() })
}

// weightsOf are the weights of some steps.
func (d *drawing) weightsOf(kind protocol.FaultKind, wanted func(place) bool) []uint64 {
	weights := make([]uint64, protocol.Steps)
	mean := meanOf(kind)
	for s := range places {
		at := places[s]
		if at.occasion == never || !d.made(at.maker) || !wanted(at) {
			continue
		}
		weights[s] = 1
		if !d.evenly && struck[s].all > 0 {
			weights[s] = rarity(struckAt(s, kind), mean)
		}
	}
	return weights
}

// rarity weighs a step that faults of a kind struck so often in the measured campaign, when
// they struck mean times at the mean of all steps: one that is struck as often as others
// weighs half of one where nothing ever did. More would be wasted: what is rarely struck is
// rarely reached, and then a fault there does nothing.
func rarity(struck, mean uint64) uint64 {
	const most, steepness = 64, 2
	return max(most*mean/max(mean+(steepness-1)*struck, 1), 1)
}
