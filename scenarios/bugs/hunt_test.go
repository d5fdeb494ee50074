package bugs_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/bugs"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/result/detection"
	"simrun/scenarios/trial"
)

// planted are bugs that the small job shows, and at the end one that it cannot show.
var planted = []protocol.Bug{
	protocol.BugCommitAtSnapshot, protocol.BugLastOffsetStored, protocol.BugLingeringKept,
	protocol.BugRestoreCommitsOpen, protocol.BugOvertakenForgotten,
}

// source draws the small job with its crash at a time that depends on the seed.
type source struct {
	s *config.Scenario
	// breaks are seeds whose job gives up although it is healthy.
	breaks func(seed uint64) bool
}

func (s source) Draw(seed uint64) (*config.Scenario, error) {
	drawn := s.s.Clone()
	drawn.Faults[0].AtNanos = 90e6 + int64(seed*7919%200)*1e6
	if s.breaks != nil && s.breaks(seed) {
		drawn.Job.Config.Restart.FixedDelay.Attempts = 0
	}
	return drawn, nil
}

func options(t *testing.T, breaks func(seed uint64) bool) bugs.Options {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	require.NoError(t, err)
	return bugs.Options{
		Bugs: planted, Streams: 7, Limit: 20,
		NewSource: func() (campaign.Source, error) { return source{s, breaks}, nil },
	}
}

// withoutTimes is what must be equal whoever ran it.
func withoutTimes(found []detection.Bug) []detection.Bug {
	for i := range found {
		for j := range found[i].Streams {
			found[i].Streams[j].Nanos = 0
		}
	}
	return found
}

func TestHuntDoesNotDependOnWorkers(t *testing.T) {
	var first []detection.Bug
	for _, workers := range []int{1, 2, 5} {
		o := options(t, nil)
		o.Workers = workers
		found, err := bugs.Hunt(context.Background(), o)
		require.NoError(t, err)
		found = withoutTimes(found)
		if first == nil {
			first = found
		}
		require.Equal(t, first, found, "%d workers", workers)
	}
	require.Len(t, first, len(planted))
	for i := range first[:len(first)-1] {
		require.True(t, first[i].Caught(), first[i].Word)
		require.Len(t, first[i].Streams, 7)
	}
}

func TestBugThatNoSeedShowsIsGivenUpAfterThreeStreams(t *testing.T) {
	o := options(t, nil)
	o.Bugs, o.Workers = planted[len(planted)-1:], 4
	found, err := bugs.Hunt(context.Background(), o)
	require.NoError(t, err)
	require.False(t, found[0].Caught())
	require.Len(t, found[0].Streams, 3)
	for _, s := range found[0].Streams {
		require.Equal(t, uint64(20), s.Seeds)
	}
}

func TestDetectingSeedThatFailsWithoutTheBugIsAFalseAlarm(t *testing.T) {
	o := options(t, func(seed uint64) bool { return seed == 1<<32 })
	o.Bugs = planted[:1]
	found, err := bugs.Hunt(context.Background(), o)
	require.NoError(t, err)
	require.Equal(t, []detection.Alarm{{Seed: 1 << 32, Signature: "failed"}}, found[0].FalseAlarms)
	require.False(t, found[0].Caught(), "a testbed that cries wolf has proven nothing")
	require.Greater(t, found[0].Streams[0].Seeds, uint64(1), "the stream goes on behind the false alarm")
	require.True(t, found[0].Streams[0].Detected)
}

// disk keeps files in memory.
type disk struct {
	mutex sync.Mutex
	files map[string][]byte
	full  bool
}

var errFull = errors.New("no space left on device")

func (d *disk) Write(name string, data []byte) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.full {
		return errFull
	}
	d.files[name] = slices.Clone(data)
	return nil
}
func (d *disk) Append(string, []byte) error { panic("nothing is appended") }
func (d *disk) Remove(string) error         { panic("nothing is removed") }

func TestCaseFileOfABugReplaysAndIsGreenWithoutIt(t *testing.T) {
	o := options(t, nil)
	d := &disk{files: map[string][]byte{}}
	o.Bugs, o.Disk = planted[:3], d
	o.Minimize = func(ctx context.Context, c *config.Case, _ string) (*config.Case, *result.Minimization, error) {
		return scenarios.Minimize(ctx, c, minimize.Options{BudgetRuns: 100})
	}
	o.Explain = func(*config.Case, string, string) ([]byte, int, error) { return []byte("told\n"), 1, nil }
	found, err := bugs.Hunt(context.Background(), o)
	require.NoError(t, err)
	for i := range found {
		kept := found[i].Case
		require.True(t, kept.Minimized && kept.GreenWithout, "%+v", kept)
		c, err := config.LoadCase(kept.File, d.files[kept.File], config.NoFiles{})
		require.NoError(t, err)
		require.Equal(t, o.Bugs[i], c.Scenario.Run.Bug)
		tc, err := trial.NewCase(c.Scenario, c.Seed)
		require.NoError(t, err)
		outcome, err := trial.New().Run(tc)
		require.NoError(t, err)
		require.Equal(t, c.Digest, outcome.Digest)
		require.Equal(t, kept.Verdict, outcome.Verdict)
		require.Equal(t, kept.Faults, len(c.Scenario.Faults))
		require.Contains(t, d.files, "cases/"+found[i].Word+".original.yaml")
		require.Contains(t, d.files, "cases/"+found[i].Word+".txt")
	}
}

func TestFullDiskAndInterruptionEndAHunt(t *testing.T) {
	o := options(t, nil)
	o.Disk = &disk{full: true}
	_, err := bugs.Hunt(context.Background(), o)
	require.ErrorIs(t, err, errFull)

	o = options(t, nil)
	ctx, stop := context.WithCancel(context.Background())
	o.Workers = 1
	o.Progress = func(bugs.Progress) { stop() }
	found, err := bugs.Hunt(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, found, 1, "what was done is kept")
}
