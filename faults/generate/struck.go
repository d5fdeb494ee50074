package generate

import "simrun/protocol"

// struckRow is how often the measured campaign had faults strike at a step, in all and by kind.
type struckRow struct {
	step   string
	all    uint64
	counts [protocol.FaultKinds]uint64
}

// struckScale keeps fractions of a strike.
const struckScale = 64

// lent are strikes of all kinds that a kind counts as its own, so that one which is drawn
// seldom does not go by a handful.
const lent = 100

// struckAt is how often, times struckScale, faults of a kind strike at a step.
func struckAt(step int, kind protocol.FaultKind) uint64 {
	borrowed := lent * struckScale * struck[step].all / max(struckInAll.all, 1)
	return borrowed + struckScale*struck[step].counts[kind]
}

// meanOf is the mean of struckAt over the steps where anything struck.
func meanOf(kind protocol.FaultKind) uint64 {
	return struckScale * (struckInAll.counts[kind] + lent) / max(struckSteps, 1)
}
