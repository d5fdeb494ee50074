package scenarios_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/result"
)

// cellOf compares one protocol in one cell of a workload, and returns its runs.
func cellOf(t *testing.T, workload string, name protocol.Name, sets ...string) *result.Comparison {
	t.Helper()
	sets = append([]string{"compare.seeds=3", "compare.recovery=false"}, sets...)
	c, err := scenarios.Compare(context.Background(), scenarios.CompareOptions{
		Scenarios: []*scenarios.Scenario{load(t, workload, sets...)}, Protocols: []protocol.Name{name},
	})
	require.NoError(t, err)
	return c
}

// measured are a figure of all measured checkpoints of all runs, sorted.
func measured(t *testing.T, c *result.Comparison, figure func(*protocol.CheckpointStats) int64) []int64 {
	t.Helper()
	var values []int64
	for i := range c.Runs {
		for j := range c.Runs[i].Outcome.Checkpoints {
			s := &c.Runs[i].Outcome.Checkpoints[j]
			if s.TriggerNanos < c.MeasureFromNanos {
				continue
			}
			require.Equal(t, protocol.CheckpointSucceeded, s.Status, "the cell must be one in which none expired")
			values = append(values, figure(s))
		}
	}
	require.NotEmpty(t, values)
	slices.Sort(values)
	return values
}

func median(values []int64) float64 { return float64(values[len(values)/2]) }

func mean(values []int64) float64 {
	sum := int64(0)
	for _, value := range values {
		sum += value
	}
	return float64(sum) / float64(len(values))
}

func duration(s *protocol.CheckpointStats) int64  { return s.EndToEndNanos }
func persisted(s *protocol.CheckpointStats) int64 { return s.PersistedBytes }

// travel is the time until the barrier has been everywhere and every state is taken:
// duration less what runs beside processing, which is writing.
func travel(s *protocol.CheckpointStats) int64 {
	longest := int64(0)
	for i := range s.Subtasks {
		longest = max(longest, s.Subtasks[i].EndToEndNanos-s.Subtasks[i].AsyncNanos)
	}
	return longest
}

// TestDoublingTheSegmentSizeDoublesWhatIsInFlight: twice the buffers' size is twice the
// work before the barrier, and twice the data to persist, while overtaking takes as long
// as before.
func TestDoublingTheSegmentSizeDoublesWhatIsInFlight(t *testing.T) {
	const segment = "job.configuration.taskmanager.memory.segment-size="
	for _, workload := range scenarios.DefaultComparison() {
		for _, slowdown := range []string{"2", "5", "10"} {
			t.Run(workload+"/"+slowdown, func(t *testing.T) {
				sets := []string{"compare.slowdowns=[" + slowdown + "]",
					"job.configuration.execution.checkpointing.timeout=2 min"}
				small := cellOf(t, workload, protocol.Aligned, sets...)
				large := cellOf(t, workload, protocol.Aligned, append(sets, segment+"8 kb")...)
				require.InDelta(t, 2, median(measured(t, large, duration))/median(measured(t, small, duration)), 0.2,
					"duration of aligned checkpoints")
				small = cellOf(t, workload, protocol.Unaligned, sets...)
				large = cellOf(t, workload, protocol.Unaligned, append(sets, segment+"8 kb")...)
				require.InDelta(t, 2, median(measured(t, large, persisted))/median(measured(t, small, persisted)), 0.2,
					"persisted bytes of unaligned checkpoints")
				require.InDelta(t, 1, mean(measured(t, large, travel))/mean(measured(t, small, travel)), 0.2,
					"travel time of unaligned barriers")
			})
		}
	}
}

func TestSourcesAreBackpressuredInEveryOversubscribedCell(t *testing.T) {
	for _, workload := range scenarios.DefaultComparison() {
		c := cellOf(t, workload, protocol.Unaligned, "compare.slowdowns=[0.5, 2, 50]", "compare.checkpoints=2", "compare.seeds=1")
		require.Less(t, c.Runs[0].Outcome.Measures.SourceBackpressuredPermille, int64(500), workload)
		for _, run := range c.Runs[1:] {
			require.GreaterOrEqual(t, run.Outcome.Measures.SourceBackpressuredPermille, int64(500),
				"%s at slowdown %s", workload, run.Slowdown)
			require.False(t, run.Outcome.Measures.SourceEnded)
		}
	}
}

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
