package generate

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

func TestTheTableOfStrikesNamesEveryStepInItsOrder(t *testing.T) {
	all, byKind := uint64(0), [protocol.FaultKinds]uint64{}
	for s := range struck {
		require.Equal(t, protocol.Step(s).String(), struck[s].step, "measure anew: explore's MeasuredStrikes")
		sum := uint64(0)
		for kind, count := range struck[s].counts {
			byKind[kind] += count
			sum += count
		}
		require.Equal(t, sum, struck[s].all)
		all += sum
	}
	require.Equal(t, struckRow{all: all, counts: byKind}, struckInAll)
}

func TestWhereFaultsStrikeLessOftenWeighsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Uint64Range(1, 1e6).Draw(t, "mean")
		few := rapid.Uint64Range(0, 1e6).Draw(t, "few")
		many := few + rapid.Uint64Range(0, 1e6).Draw(t, "more")
		require.GreaterOrEqual(t, rarity(few, mean), rarity(many, mean))
		require.Positive(t, rarity(many, mean))
	})
	require.Equal(t, 2*rarity(10, 10), rarity(0, 10))
}

// Faults that nothing can strike with are at no step; every other step of a shape has a weight.
func TestEveryStepThatSomebodyMakesHasAWeight(t *testing.T) {
	shape := Shape{
		Operators: []Operator{{ID: "a", Parallelism: 1, Reads: true}, {ID: "b", Parallelism: 1, Commits: true}},
		Ledgers:   []string{"log"}, Externals: []string{"log"}, LastCheckpoint: 3,
	}
	d := drawing{shape: &shape}
	for s, weight := range d.stepWeights(protocol.FaultCrash) {
		require.Equal(t, places[s].occasion != never, weight > 0, "%s", protocol.Step(s))
	}
	shape.Ledgers, shape.Externals = nil, nil
	require.Zero(t, d.stepWeights(protocol.FaultCrash)[protocol.StepPreCommit])
}
