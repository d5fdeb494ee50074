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
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
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
		Explorers: []bugs.Explorer{
			bugs.Random(func() (campaign.Source, error) { return source{s, breaks}, nil }),
		},
	}
}

// enumerations crash the small job and walk the orders of a tiny one.
func enumerations(t *testing.T) []bugs.Explorer {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	require.NoError(t, err)
	tiny, err := orders.Tiny()
	require.NoError(t, err)
	backwards := func(points []census.Point) []census.Point {
		points = slices.Clone(points)
		slices.Reverse(points)
		return points
	}
	return []bugs.Explorer{bugs.Census([]*config.Scenario{s, s}, backwards), bugs.Orders(tiny)}
}

// withoutTimes is what must be equal whoever ran it.
func withoutTimes(found []detection.Bug) []detection.Bug {
	for i := range found {
		for j := range found[i].Streams {
			found[i].Streams[j].Nanos = 0
		}
		for j := range found[i].Others {
			found[i].Others[j].Streams[0].Nanos = 0
		}
	}
	return found
}

func TestHuntDoesNotDependOnWorkers(t *testing.T) {
	var first []detection.Bug
	for _, workers := range []int{1, 2, 5} {
		o := options(t, nil)
		o.Workers, o.Explorers = workers, append(o.Explorers, enumerations(t)...)
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
		require.Len(t, first[i].Others, 2)
	}
}

// An enumeration has one stream of runs, in an order of its own: the calm run of the first job and
// its first crash; that of the second job; and so on in turn.
func TestEnumerationsCountTheirRuns(t *testing.T) {
	o := options(t, nil)
	o.Bugs = []protocol.Bug{protocol.BugCommitAtSnapshot, protocol.BugRestoreCommitsOpen,
		protocol.BugBarrierBlocksNothing}
	o.Explorers, o.Limit = enumerations(t), 200
	found, err := bugs.Hunt(context.Background(), o)
	require.NoError(t, err)
	runs := func(streams []detection.Stream) uint64 {
		require.Len(t, streams, 1)
		require.Zero(t, streams[0].First)
		return streams[0].Seeds
	}
	require.True(t, found[0].Caught())
	require.EqualValues(t, 2, runs(found[0].Streams), "any run shows it")
	require.True(t, found[1].Caught())
	require.Greater(t, runs(found[1].Streams), uint64(4), "a crash at the end of the job shows nothing")
	require.False(t, found[1].Others[0].Streams[0].Detected, "it takes a crash")
	require.EqualValues(t, 200, runs(found[1].Others[0].Streams))
	require.False(t, found[2].Caught(), "the job has no second input")
	require.EqualValues(t, 200, runs(found[2].Streams))
	require.True(t, found[2].Others[0].Streams[0].Detected, "it takes an order")
	require.Less(t, runs(found[2].Others[0].Streams), uint64(200))
}

// Drawn orders are an enumeration, too, and bring what they find as the choices of its turns.
func TestPrioritiesFindABugThatNeedsAnOrder(t *testing.T) {
	small, err := orders.Small()
	require.NoError(t, err)
	o := options(t, nil)
	o.Bugs, o.Explorers = []protocol.Bug{protocol.BugRecordedOutOfOrder}, []bugs.Explorer{bugs.Priorities(small)}
	o.Limit = 60
	found, err := bugs.Hunt(context.Background(), o)
	require.NoError(t, err)
	require.True(t, found[0].Caught())
	require.Greater(t, found[0].Streams[0].Seeds, uint64(1))
}

// What an enumeration has found is a case like any other.
func TestCasesOfEnumerationsReplay(t *testing.T) {
	for i, bug := range []protocol.Bug{protocol.BugRestoreCommitsOpen, protocol.BugBarrierBlocksNothing} {
		o := options(t, nil)
		d := &disk{files: map[string][]byte{}}
		o.Bugs, o.Explorers, o.Disk = []protocol.Bug{bug}, enumerations(t)[i:i+1], d
		o.Limit = 200
		found, err := bugs.Hunt(context.Background(), o)
		require.NoError(t, err)
		require.True(t, found[0].Caught())
		requireReplays(t, d, found[0].Case)
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

// requireReplays runs a case file: it comes to the same.
func requireReplays(t *testing.T, d *disk, kept *detection.Case) *config.Case {
	t.Helper()
	c, err := config.LoadCase(kept.File, d.files[kept.File], config.NoFiles{})
	require.NoError(t, err)
	tc, err := trial.NewCase(c.Scenario, c.Seed)
	require.NoError(t, err)
	outcome, err := trial.New().Run(tc)
	require.NoError(t, err)
	require.Equal(t, c.Digest, outcome.Digest)
	require.Equal(t, kept.Verdict, outcome.Verdict)
	return c
}

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
		c := requireReplays(t, d, kept)
		require.Equal(t, o.Bugs[i], c.Scenario.Run.Bug)
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
