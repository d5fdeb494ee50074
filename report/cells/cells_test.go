package cells_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/internal/synthetic"
	"simrun/scenarios/result"
)

const second = int64(1_000_000_000)

// runOf is a run whose measured checkpoints took so many seconds; 0 is one that expired
// after 60, -1 one that was declined, -2 one still in progress when the run ended at 200 s.
func runOf(name protocol.Name, seed uint64, seconds ...int64) result.CellRun {
	o := &result.Outcome{Protocol: name, Seed: seed, Verdict: result.OK, VirtualNanos: 200 * second}
	o.Measures.SourceBackpressuredPermille = 900
	for i, s := range seconds {
		c := protocol.CheckpointStats{
			Status:       protocol.CheckpointSucceeded,
			TriggerNanos: int64(10+i) * second, EndToEndNanos: s * second,
		}
		switch s {
		case 0:
			c.Status, c.Reason = protocol.CheckpointFailed, protocol.CheckpointExpired
			c.EndToEndNanos = 60 * second
		case -1:
			c.Status, c.Reason = protocol.CheckpointFailed, protocol.CheckpointDeclined
		case -2:
			c.Status, c.EndToEndNanos = protocol.CheckpointInProgress, 0
		}
		o.Checkpoints = append(o.Checkpoints, c)
	}
	return result.CellRun{Protocol: name, Workload: "w", Slowdown: "2", Seed: seed, Outcome: o}
}

func summaryOf(runs ...result.CellRun) *cells.Summary {
	c := &result.Comparison{
		Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned},
		Workloads: []string{"w"}, Slowdowns: []string{"2"}, Seeds: []uint64{1, 2, 3},
		MeasureFromNanos: 10 * second, Runs: runs,
	}
	return cells.Summarize(c)
}

func TestSeedIsTheSample(t *testing.T) {
	s := summaryOf(
		runOf(protocol.Aligned, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), // many checkpoints, one sample
		runOf(protocol.Aligned, 2, 5),
		runOf(protocol.Aligned, 3, 6, 8, 7),
	)
	d := s.Cell(0, 0, 0).Estimates[cells.Duration]
	require.Equal(t, 3, d.N)
	require.Equal(t, 5e9, d.Median.Low)
	require.Equal(t, 1e9, d.Low.Low)
	require.Equal(t, 7e9, d.High.Low)
	require.Equal(t, 0.75, d.Coverage)
}

func TestExpiredCheckpointCountsAsAtLeastTheTimeout(t *testing.T) {
	s := summaryOf(
		runOf(protocol.Aligned, 1, 40, 0, 0),
		runOf(protocol.Aligned, 2, 40, 50, 0),
		runOf(protocol.Aligned, 3, 0, 0, 0),
	)
	c := s.Cell(0, 0, 0)
	require.True(t, c.Estimates[cells.Duration].Median.IsAtLeast())
	require.Equal(t, 60e9, c.Estimates[cells.Duration].Median.Low)
	require.Equal(t, 50e9, c.Estimates[cells.Duration].Low.High)
	require.Equal(t, 2, c.CensoredSeeds)
	require.Equal(t, 6, c.Expired)
	require.InDelta(t, 6.0/9, c.FailedShare(), 1e-9)
}

func TestDeclinedCheckpointHasNoDurationButCountsAsFailed(t *testing.T) {
	c := summaryOf(runOf(protocol.Aligned, 1, 4, -1, -1)).Cell(0, 0, 0)
	require.Equal(t, 4e9, c.Estimates[cells.Duration].Median.Low)
	require.Equal(t, 2, c.Failed)
	require.Zero(t, c.Expired)
}

func TestCheckpointCutOffByTheEndTookAtLeastSoLong(t *testing.T) {
	c := summaryOf(runOf(protocol.Aligned, 1, -2)).Cell(0, 0, 0)
	require.Equal(t, 190e9, c.Estimates[cells.Duration].Median.Low)
	require.True(t, c.Estimates[cells.Duration].Median.IsAtLeast())
	require.Zero(t, c.Failed)
}

func TestWarmUpDoesNotCount(t *testing.T) {
	run := runOf(protocol.Aligned, 1, 100, 2)
	run.Outcome.Checkpoints[0].TriggerNanos = 9 * second
	c := summaryOf(run).Cell(0, 0, 0)
	require.Equal(t, 2e9, c.Estimates[cells.Duration].Median.Low)
	require.Equal(t, 1, c.Measured)
}

// TestRatioIsPairedBySeed: each seed is ten times faster, though medians over seeds alone
// could not tell.
func TestRatioIsPairedBySeed(t *testing.T) {
	s := summaryOf(
		runOf(protocol.Aligned, 1, 10), runOf(protocol.Aligned, 2, 100), runOf(protocol.Aligned, 3, 1000),
		runOf(protocol.Unaligned, 1, 1), runOf(protocol.Unaligned, 2, 10), runOf(protocol.Unaligned, 3, 100),
	)
	own := s.Cell(0, 0, 1)
	ratio := own.Ratio(cells.Duration, s.Baseline(own))
	require.Equal(t, []float64{10, 10, 10}, []float64{ratio.Low.Low, ratio.Median.Low, ratio.High.Low})
	difference := own.Difference(cells.Duration, s.Baseline(own))
	require.Equal(t, -90e9, difference.Median.Low)
}

func TestRatioAgainstExpiredIsALowerBound(t *testing.T) {
	s := summaryOf(runOf(protocol.Aligned, 1, 0), runOf(protocol.Unaligned, 1, 2))
	own := s.Cell(0, 0, 1)
	ratio := own.Ratio(cells.Duration, s.Baseline(own))
	require.True(t, ratio.Median.IsAtLeast())
	require.Equal(t, 30.0, ratio.Median.Low)
}

func TestRecoveryShownIsARealRunsSoThatItsPartsAddUp(t *testing.T) {
	runs := []result.CellRun{
		runOf(protocol.Aligned, 1, 1), runOf(protocol.Aligned, 2, 1), runOf(protocol.Aligned, 3, 1),
	}
	runs[0].Recovery = &result.Recovery{RestartNanos: 1, ReplayNanos: 9, Complete: true}
	runs[1].Recovery = &result.Recovery{RestartNanos: 2, CatchUpNanos: 1, Complete: false}
	runs[2].Recovery = &result.Recovery{RestartNanos: 8, Complete: true}
	c := summaryOf(runs...).Cell(0, 0, 0)
	require.Equal(t, int64(8), c.Recovery.TotalNanos())
	require.Equal(t, 1, c.Unfinished)
}

func TestVacuousCellsSayWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*result.CellRun)
		want   string
	}{
		"source ended": {func(r *result.CellRun) { r.Outcome.Measures.SourceEnded = true },
			"source ended before the last measured checkpoint (seed 2)"},
		"no backpressure": {func(r *result.CellRun) { r.Outcome.Measures.SourceBackpressuredPermille = 499 },
			"source backpressured less than half of the time (seed 2)"},
		"verdict": {func(r *result.CellRun) { r.Outcome.Verdict = result.Vacuous }, "vacuous (seed 2)"},
	} {
		t.Run(name, func(t *testing.T) {
			healthy, third := runOf(protocol.Aligned, 1, 1), runOf(protocol.Aligned, 3, 1)
			changed := runOf(protocol.Aligned, 2, 1)
			cell := summaryOf(healthy, changed, third).Cell(0, 0, 0)
			require.False(t, cell.Vacuous, cell.Notes)
			c.change(&changed)
			cell = summaryOf(healthy, changed, third).Cell(0, 0, 0)
			require.True(t, cell.Vacuous)
			require.Contains(t, cell.Notes, c.want)
		})
	}
}

func TestMissingRunsAndMissingCheckpointsAreVacuous(t *testing.T) {
	s := summaryOf(runOf(protocol.Aligned, 1), runOf(protocol.Aligned, 2), runOf(protocol.Aligned, 3),
		runOf(protocol.Unaligned, 1, 1))
	require.Len(t, s.Vacuous(), 2)
	require.Contains(t, s.Cell(0, 0, 0).Notes, "no checkpoint was measured")
	require.Contains(t, s.Cell(0, 0, 1).Notes, "2 of 3 seeds did not run")
}

func TestSlowdownOfExactlyOneIsNotAbove(t *testing.T) {
	require.False(t, cells.AboveOne("1"))
	require.False(t, cells.AboveOne("1.0"))
	require.True(t, cells.AboveOne("1.01"))
	require.True(t, cells.AboveOne("50"))
}

func TestFullGridIsReduced(t *testing.T) {
	s := cells.Summarize(synthetic.Comparison(synthetic.Full()))
	require.Len(t, s.Cells(), 4*3*7)
	require.Empty(t, s.Vacuous())
	aligned := s.Cell(0, 5, 0)
	require.InEpsilon(t, aligned.Estimates[cells.Duration].Median.Low, aligned.Theory.Median.Low, 0.3)
	require.Greater(t, aligned.Bound.Median.Low, aligned.Theory.Median.Low)
}
