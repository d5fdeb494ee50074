package scenarios_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
)

func TestComparisonDoesNotDependOnWorkers(t *testing.T) {
	options := func(workers int) scenarios.CompareOptions {
		return scenarios.CompareOptions{
			Scenarios: []*scenarios.Scenario{load(t, "flights-backpressure", "compare.slowdowns=[2]",
				"compare.checkpoints=1", "compare.warm-up=3 s")},
			Protocols: []protocol.Name{protocol.Unaligned, protocol.AtLeastOnce}, Seeds: 2, Workers: workers,
		}
	}
	one, err := scenarios.Compare(context.Background(), options(1))
	require.NoError(t, err)
	four, err := scenarios.Compare(context.Background(), options(4))
	require.NoError(t, err)
	for i := range one.Runs {
		one.Runs[i].Outcome.WallNanos, four.Runs[i].Outcome.WallNanos = 0, 0
	}
	require.Equal(t, one, four)
	require.NotEqual(t, one.Runs[0].Outcome.Digest, one.Runs[1].Outcome.Digest, "seeds are different universes")
	require.NotNil(t, one.Runs[0].Recovery)
	require.NotNil(t, one.Runs[0].Pipeline)
}

func TestComparisonStopsWhenItIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := scenarios.Compare(ctx, scenarios.CompareOptions{
		Scenarios: []*scenarios.Scenario{load(t, "flights-backpressure")},
	})
	require.ErrorIs(t, err, context.Canceled)
}

func TestScenarioWithoutCompareSectionIsRefused(t *testing.T) {
	_, err := scenarios.Compare(context.Background(), scenarios.CompareOptions{
		Scenarios: []*scenarios.Scenario{load(t, "colour-count")},
	})
	require.ErrorContains(t, err, "the scenario has no compare section")
}
