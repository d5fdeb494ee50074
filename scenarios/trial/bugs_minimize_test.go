package trial

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
)

var all = flag.Bool("all", false, "minimise every planted bug, not a handful")

// handful are planted bugs of all parts of the system, to be minimised in every test run.
var handful = []protocol.Bug{
	protocol.BugHalfReadForgotten, protocol.BugObsoleteBarrierBlocks, protocol.BugWatermarkFallsBack,
	protocol.BugLingeringKept, protocol.BugUnreadableSkipped,
}

// TestPlantedBugsBecomeSmall: at most three faults each, and in the median at most two
// tasks a stage.
func TestPlantedBugsBecomeSmall(t *testing.T) {
	runs := newBugRuns(t)
	var before, after []result.Size
	var searched []int64
	for i := range bugTrials {
		b := &bugTrials[i]
		if !*all && !slices.Contains(handful, b.bug) {
			continue
		}
		t.Run(b.bug.String(), func(t *testing.T) {
			start := time.Now()
			small, m := minimised(t, b, runs)
			require.LessOrEqual(t, m.After.Faults, 3)
			require.LessOrEqual(t, m.After.Faults, m.Before.Faults)
			require.LessOrEqual(t, m.After.Tasks, m.Before.Tasks)
			require.LessOrEqual(t, m.After.Records, m.Before.Records)
			requireGreenWithoutTheBug(t, small)
			before, after, searched = append(before, m.Before), append(after, m.After), append(searched, int64(m.Runs))
			t.Logf("%d runs, %d ms: %s\n%s", m.Runs, time.Since(start).Milliseconds(), m.Signature,
				small.Scenario.Brief().YAML())
		})
	}
	t.Logf("median of     faults vertices widest tasks settings records checkpoints virtual-ms")
	t.Logf("before %v", medians(before))
	t.Logf("after  %v", medians(after))
	t.Logf("runs   %d, at most %d", median(searched), slices.Max(searched))
	require.LessOrEqual(t, medians(after)[2], int64(2))
}

// minimised makes the bug's trial small, twice alike.
func minimised(t *testing.T, b *bugTrial, runs *bugRuns) (*config.Case, *result.Minimization) {
	seed, _ := runs.reported(b)
	require.NotZero(t, seed)
	s, err := config.Load(b.scenario, []byte(b.text(t)), config.NoFiles{},
		append(slices.Clone(b.sets), "run.planted-bug="+b.bug.String(), "run.budget=100000", "run.converge-within=60 s")...)
	require.NoError(t, err)
	c := config.NewCase(s, seed)
	small, m, err := minimize.Case(context.Background(), c, newMinimizeRun, minimize.Options{})
	require.NoError(t, err)
	require.True(t, m.Complete, "%d runs were not enough", m.Runs)
	read, err := config.LoadCase("small.yaml", small.YAML(), config.NoFiles{})
	require.NoError(t, err, "%s", small.YAML())
	o, err := newMinimizeRun()(read.Scenario, read.Seed, 0)
	require.NoError(t, err)
	require.Equal(t, small.Digest, o.Digest, "its file is the same run")
	require.Equal(t, small.Verdict, o.Verdict)
	return small, m
}

func newMinimizeRun() minimize.Run {
	trial := New()
	return func(s *config.Scenario, seed uint64, limitNanos int64) (*result.Outcome, error) {
		c, err := NewCase(s, seed)
		if err != nil {
			return nil, err
		}
		if limitNanos > 0 {
			c.Run.LimitNanos = limitNanos
		}
		return trial.Run(c)
	}
}

func requireGreenWithoutTheBug(t *testing.T, small *config.Case) {
	healthy := small.Scenario.Clone()
	healthy.Run.Bug = protocol.NoBug
	o, err := newMinimizeRun()(healthy, small.Seed, 0)
	require.NoError(t, err)
	require.Contains(t, []result.Verdict{result.OK, result.Vacuous}, o.Verdict,
		"%v %s\n%s", o.Violations, o.StuckReason, small.Scenario.Brief().YAML())
}

func medians(sizes []result.Size) []int64 {
	columns := make([][]int64, 8)
	for _, s := range sizes {
		for i, x := range []int64{int64(s.Faults), int64(s.Vertices), int64(s.Widest), int64(s.Tasks),
			int64(s.Settings), s.Records, s.Checkpoints, s.VirtualNanos / 1e6} {
			columns[i] = append(columns[i], x)
		}
	}
	found := make([]int64, len(columns))
	for i := range columns {
		found[i] = median(columns[i])
	}
	return found
}

func median(values []int64) int64 {
	slices.Sort(values)
	return values[len(values)/2]
}
