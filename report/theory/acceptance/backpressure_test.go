package acceptance_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/result"
)

// slowdowns of the default comparison at which the sink is the bottleneck.
var slowdowns = []int{2, 5, 10, 20, 50}

// cellOf runs one protocol of a workload of the default comparison at one slowdown, with
// segments of so many times the default. The comparison's checkpoints follow each other so
// slowly that the buffers that a barrier closed early are gone before the next one, and not at
// a multiple of the sinks' service time, so that they find the record in service at any point.
func cellOf(t *testing.T, workload string, name protocol.Name, slowdown, segments int,
	more ...string) *result.Comparison {
	t.Helper()
	sets := []string{
		"compare.recovery=false",
		fmt.Sprintf("compare.slowdowns=[%d]", slowdown),
	}
	sets = append(sets, more...)
	plain, err := scenarios.Load(workload, sets...)
	require.NoError(t, err)
	segmentBytes := plain.Config().Job.Config.Network.SegmentSizeBytes
	segment := fmt.Sprintf("job.configuration.taskmanager.memory.segment-size=%d b", int(segmentBytes)*segments)
	s, err := scenarios.Load(workload, append(sets, segment)...)
	require.NoError(t, err)
	c, err := scenarios.Compare(context.Background(), scenarios.CompareOptions{
		Scenarios: []*scenarios.Scenario{s}, Protocols: []protocol.Name{name}, Seeds: len(seeds(t, plain.Config().Compare.Seeds)),
	})
	require.NoError(t, err)
	return c
}

// measured is a figure of all measured checkpoints of a cell; false if one expired.
func measured(t *testing.T, c *result.Comparison, figure func(*protocol.CheckpointStats) int64) ([]float64, bool) {
	t.Helper()
	var values []float64
	for i := range c.Runs {
		for j := range c.Runs[i].Outcome.Checkpoints {
			s := &c.Runs[i].Outcome.Checkpoints[j]
			if s.TriggerNanos < c.MeasureFromNanos {
				continue
			}
			if s.Expired() {
				return nil, false
			}
			require.Equal(t, protocol.CheckpointSucceeded, s.Status)
			values = append(values, float64(figure(s)))
		}
	}
	require.NotEmpty(t, values)
	return values, true
}

func endToEnd(s *protocol.CheckpointStats) int64  { return s.EndToEndNanos }
func persisted(s *protocol.CheckpointStats) int64 { return s.PersistedBytes }

// barrierTravel is the duration less writing channel state.
func barrierTravel(s *protocol.CheckpointStats) int64 {
	longest := int64(0)
	for i := range s.Subtasks {
		longest = max(longest, s.Subtasks[i].ChannelStateNanos)
	}
	return s.EndToEndNanos - longest
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func mean(values []float64) (sum float64) {
	for _, value := range values {
		sum += value
	}
	return sum / float64(len(values))
}

// eachCell is a subtest for every workload and slowdown.
func eachCell(t *testing.T, test func(t *testing.T, workload string, slowdown int)) {
	t.Helper()
	for _, workload := range scenarios.DefaultComparison() {
		for _, slowdown := range slowdowns {
			t.Run(workload+"/"+strconv.Itoa(slowdown), func(t *testing.T) {
				t.Parallel()
				test(t, workload, slowdown)
			})
		}
	}
}

// TestSourcesAreBackpressuredWhereTheSinkIsTooSlow under every protocol of the comparison, at
// least half of the time.
func TestSourcesAreBackpressuredWhereTheSinkIsTooSlow(t *testing.T) {
	eachCell(t, func(t *testing.T, workload string, slowdown int) {
		s, err := scenarios.Load(workload)
		require.NoError(t, err)
		for _, name := range s.Config().Compare.Protocols {
			for _, run := range cellOf(t, workload, name, slowdown, 1).Runs {
				require.GreaterOrEqual(t, run.Outcome.Measures.SourceBackpressuredPermille, int64(500), "%v", name)
				require.False(t, run.Outcome.Measures.SourceEnded, "%v", name)
			}
		}
	})
}

// TestSourcesRunFreelyWhereTheSinkKeepsUp is what the test before is measured against.
func TestSourcesRunFreelyWhereTheSinkKeepsUp(t *testing.T) {
	for _, workload := range scenarios.DefaultComparison() {
		for _, run := range cellOf(t, workload, protocol.Unaligned, 1, 1, "compare.slowdowns=[0.5]").Runs {
			require.Less(t, run.Outcome.Measures.SourceBackpressuredPermille, int64(500), workload)
		}
	}
}

// TestTwiceTheSegmentIsTwiceTheAlignedDuration, within 10 %. The timeout is so long that none
// expires, not even at a slowdown at which each would.
func TestTwiceTheSegmentIsTwiceTheAlignedDuration(t *testing.T) {
	const timeout = "job.configuration.execution.checkpointing.timeout=30 min"
	eachCell(t, func(t *testing.T, workload string, slowdown int) {
		small, completed := measured(t, cellOf(t, workload, protocol.Aligned, slowdown, 1, timeout), endToEnd)
		large, stillCompleted := measured(t, cellOf(t, workload, protocol.Aligned, slowdown, 2, timeout), endToEnd)
		require.True(t, completed && stillCompleted, "a checkpoint expired")
		require.InDelta(t, 2, median(large)/median(small), 0.2)
	})
}

// TestTwiceTheSegmentIsTwiceTheUnalignedBytes, within 10 %, and the barriers travel as fast,
// within 20 %: that takes the rest of the record in service, so it is a mean over all seeds.
func TestTwiceTheSegmentIsTwiceTheUnalignedBytes(t *testing.T) {
	eachCell(t, func(t *testing.T, workload string, slowdown int) {
		a := cellOf(t, workload, protocol.Unaligned, slowdown, 1)
		b := cellOf(t, workload, protocol.Unaligned, slowdown, 2)
		small, completed := measured(t, a, persisted)
		large, stillCompleted := measured(t, b, persisted)
		require.True(t, completed && stillCompleted, "an unaligned checkpoint expired")
		require.InDelta(t, 2, median(large)/median(small), 0.2, "persisted bytes")
		short, _ := measured(t, a, barrierTravel)
		long, _ := measured(t, b, barrierTravel)
		require.InDelta(t, 1, mean(long)/mean(short), 0.2, "barrier travel time")
	})
}
