package campaign

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// small is a job of a millisecond, in which a task dies.
const small = `
name: small
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 100 ms
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 10
    restart-strategy.fixed-delay.delay: 20 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 1000/s, records: 300}}
    - {id: topic, sink: {transactional: kafka}, from: [events]}
faults:
  - {crash: "topic[0]", at: 170 ms}
expect: {verdict: ok, reached: [restored-from-checkpoint, job-finished]}
`

func scenario(t testing.TB, sets ...string) *config.Scenario {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{}, sets...)
	require.NoError(t, err)
	return s
}

// sometimes draws a broken run for some seeds, a healthy one for the others.
type sometimes struct {
	healthy, broken *config.Scenario
	before          func(seed uint64)
}

func (s *sometimes) Draw(seed uint64) (*config.Scenario, error) {
	if s.before != nil {
		s.before(seed)
	}
	if seed%7 == 3 {
		return s.broken, nil
	}
	return s.healthy, nil
}

func source(t testing.TB, before func(seed uint64)) func() (Source, error) {
	s := &sometimes{scenario(t), scenario(t, "run.planted-bug=commit-at-snapshot"), before}
	return func() (Source, error) { return s, nil }
}

func plan(from, to uint64) Plan {
	return Plan{
		Identity: Identity{Build: "test", MaxCases: 2, Budget: DefaultBudget},
		Part:     Part{Seeds: Seeds{From: from, To: to}, Shard: WholeRange()},
	}
}

// contents are all files of a folder, by name.
func contents(t testing.TB, f Folder) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(string(f), func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if !entry.IsDir() {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			name, err := filepath.Rel(string(f), path)
			require.NoError(t, err)
			files[name] = string(text)
		}
		return nil
	}))
	return files
}

// uninterrupted is what a campaign of one worker leaves.
func uninterrupted(t testing.TB, p Plan) map[string]string {
	t.Helper()
	f := Folder(t.TempDir())
	finish(t, f, Options{Plan: p, NewSource: source(t, nil), Disk: f, Workers: 1})
	return contents(t, f)
}

// finish runs a campaign to its end.
func finish(t testing.TB, f Folder, o Options) *Progress {
	t.Helper()
	progress, err := Run(context.Background(), o)
	require.NoError(t, err)
	require.NoError(t, Complete(context.Background(), f, progress.Result(), CompleteOptions{Workers: 1}))
	return progress
}

func TestResultDoesNotDependOnWorkers(t *testing.T) {
	want := uninterrupted(t, plan(0, 70))
	require.Len(t, want, 5, "a tally, and two cases with their stories")
	require.Contains(t, want, TallyFile)
	for _, workers := range []int{2, 5} {
		f := Folder(t.TempDir())
		progress := finish(t, f, Options{Plan: plan(0, 70), NewSource: source(t, nil), Disk: f, Workers: workers})
		require.Equal(t, want, contents(t, f))
		require.EqualValues(t, 10, progress.Tally.Failing())
		require.True(t, progress.Finished())
	}
}

func TestShardsMergeIntoTheSameBytes(t *testing.T) {
	want := uninterrupted(t, plan(5, 70))
	for _, count := range []uint64{2, 3, 7} {
		var folders []Folder
		for index := range count {
			p, f := plan(5, 70), Folder(t.TempDir())
			p.Shard = Shard{count - 1 - index, count}
			finish(t, f, Options{Plan: p, NewSource: source(t, nil), Disk: f, Workers: 2})
			folders = append(folders, f)
		}
		r, err := Merge(folders)
		require.NoError(t, err)
		merged := Folder(t.TempDir())
		require.NoError(t, WriteMerged(merged, r, folders, nil))
		require.Equal(t, want, contents(t, merged), "%d shards", count)
		_, err = Merge(folders[1:])
		require.ErrorContains(t, err, "shard "+Shard{count - 1, count}.String()+" is missing")
	}
}

func TestInterruptedCampaignGoesOnWhereItWas(t *testing.T) {
	want := uninterrupted(t, plan(0, 70))
	f := Folder(t.TempDir())
	for part := 0; ; part++ {
		ctx, interrupt := context.WithCancel(context.Background())
		var drawn atomic.Int64
		before := func(uint64) {
			if drawn.Add(1) == 9 {
				interrupt()
			}
		}
		o := Options{Plan: plan(0, 70), NewSource: source(t, before), Disk: f, Workers: 2}
		if part > 0 {
			_, err := ReadResult(f)
			require.ErrorIs(t, err, fs.ErrNotExist, "an unfinished campaign has no result")
			o.Resumed, err = ReadJournal(f)
			require.NoError(t, err)
			require.Equal(t, o.Plan, o.Resumed.Plan)
		}
		progress, err := Run(ctx, o)
		interrupt()
		require.GreaterOrEqual(t, progress.Tally.Seeds, uint64(8*(part+1)))
		if err == nil {
			require.Greater(t, part, 4)
			require.NoError(t, Complete(context.Background(), f, progress.Result(), CompleteOptions{Workers: 1}))
			require.Equal(t, want, contents(t, f))
			return
		}
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestTimeEndsACampaignWithoutGaps(t *testing.T) {
	f := Folder(t.TempDir())
	p := plan(100, 0)
	p.Shard = Shard{1, 3}
	progress := finish(t, f, Options{Plan: p, NewSource: source(t, nil), Disk: f, Workers: 3,
		Until: time.Now().Add(100 * time.Millisecond)})
	require.Len(t, progress.Done, 1)
	require.EqualValues(t, progress.Done.complete(), progress.Tally.Seeds)
	require.Positive(t, progress.Tally.Seeds)
	covered := progress.Result().Covered
	require.Equal(t, Seeds{From: 100, To: 100 + 3*progress.Tally.Seeds}, covered[0].Seeds)
	p.Seeds = covered[0].Seeds
	require.Equal(t, uninterrupted(t, p), contents(t, f), "the same seeds, given as a range")
}

// fullDisk takes so many bytes, and of the write that exceeds them only a part.
type fullDisk struct {
	Folder
	left int
}

func (d *fullDisk) Append(name string, data []byte) error {
	if len(data) > d.left {
		if err := d.Folder.Append(name, data[:d.left]); err != nil {
			return err
		}
		d.left = 0
		return syscall.ENOSPC
	}
	d.left -= len(data)
	return d.Folder.Append(name, data)
}

func (d *fullDisk) Write(name string, data []byte) error {
	if len(data) > d.left {
		return syscall.ENOSPC
	}
	d.left -= len(data)
	return d.Folder.Write(name, data)
}

func TestFullDiskLosesNothingThatWasWritten(t *testing.T) {
	want := uninterrupted(t, plan(0, 70))
	size := 0
	for _, text := range want {
		size += len(text)
	}
	failed := 0
	for share := 1; share <= 8; share++ {
		f := Folder(t.TempDir())
		disk := &fullDisk{f, size * share / 8}
		o := Options{Plan: plan(0, 70), NewSource: source(t, nil), Disk: disk, Workers: 2}
		_, err := Run(context.Background(), o)
		if err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			failed++
		}
		for name, text := range contents(t, f) {
			if strings.HasSuffix(name, caseSuffix) {
				_, err := config.LoadCase(name, []byte(text), config.NoFiles{})
				require.NoError(t, err, "case files are whole")
			}
		}
		o.Disk = f
		o.Resumed, err = ReadJournal(f)
		require.NoError(t, err)
		finish(t, f, o)
		require.Equal(t, want, contents(t, f))
	}
	require.Positive(t, failed)
}

func TestBrokenLinesOfAJournalArePassedOver(t *testing.T) {
	want := uninterrupted(t, plan(0, 70))
	f := Folder(t.TempDir())
	o := Options{Plan: plan(0, 70), NewSource: source(t, nil), Disk: f, Workers: 1}
	_, err := Run(context.Background(), o)
	require.NoError(t, err)
	text, err := os.ReadFile(f.path(JournalFile))
	require.NoError(t, err)
	for _, cut := range []int{len(text) - 1, len(text) - 10, len(text) * 2 / 3} {
		require.NoError(t, os.WriteFile(f.path(JournalFile), text[:cut], 0o644))
		o.Resumed, err = ReadJournal(f)
		require.NoError(t, err)
		progress, err := Run(context.Background(), o)
		require.NoError(t, err)
		again, err := ReadJournal(f)
		require.NoError(t, err)
		require.Equal(t, progress.Done, again.Done, "what was appended to a broken line is read")
		require.EqualValues(t, 70, again.Tally.Seeds)
	}
	progress, err := ReadJournal(f)
	require.NoError(t, err)
	require.NoError(t, Complete(context.Background(), f, progress.Result(), CompleteOptions{Workers: 1}))
	require.Equal(t, want, contents(t, f))
	require.NoError(t, os.WriteFile(f.path(JournalFile), []byte("nothing\n"), 0o644))
	_, err = ReadJournal(f)
	require.ErrorContains(t, err, "this is no journal of a campaign")
}

func TestDivergingSeedEndsTheCampaign(t *testing.T) {
	c := &campaign{o: Options{Plan: plan(0, 70), NewSource: source(t, nil)}}
	w, err := newWorker(c)
	require.NoError(t, err)
	s := scenario(t)
	p, err := w.prepare(s, 5)
	require.NoError(t, err)
	o, err := attempt(&w.trial, p.c)
	require.NoError(t, err)
	require.NoError(t, w.double(s, p, o))
	o.Digest++
	err = w.double(s, p, o)
	var differ *NondeterminismError
	require.ErrorAs(t, err, &differ)
	require.Equal(t, "small", differ.Scenario)
	require.EqualValues(t, 5, differ.Seed)
	c.o.Diverge = func(s *config.Scenario, seed uint64) (string, error) { return "the first event", nil }
	require.EqualError(t, w.double(s, p, o), "two runs of small with seed 5 differ\nthe first event")
}

func TestSomeSeedsAreRunTwice(t *testing.T) {
	progress, err := Run(context.Background(), Options{Plan: plan(0, 640), NewSource: source(t, nil)})
	require.NoError(t, err)
	require.InDelta(t, 10, progress.Tally.Doubled, 8)
}

func TestPanicIsAFinding(t *testing.T) {
	c := &campaign{o: Options{Plan: plan(0, 1), NewSource: source(t, nil)}}
	w, err := newWorker(c)
	require.NoError(t, err)
	p, err := w.prepare(scenario(t), 5)
	require.NoError(t, err)
	before := w.trial
	p.c.Options.Graph = nil
	o, err := attempt(&w.trial, p.c)
	require.NoError(t, err)
	require.Equal(t, "panic/run/job.check", o.Signature())
	require.Equal(t, tally.Panic, tally.ClassOf(p.expect, o))
	require.NotSame(t, before, w.trial, "what a panic left half-done is not used again")
}

func TestRunOverItsBudgetIsStuck(t *testing.T) {
	p := plan(0, 4)
	p.Budget = 100
	f := Folder(t.TempDir())
	progress := finish(t, f, Options{Plan: p, NewSource: source(t, nil), Disk: f})
	require.EqualValues(t, 4, progress.Tally.Classes["stuck"])
	name := CaseName("stuck/run/budget", 0) + caseSuffix
	text, err := os.ReadFile(f.path(name))
	require.NoError(t, err)
	c, err := config.LoadCase(name, text, config.NoFiles{})
	require.NoError(t, err)
	require.Equal(t, result.Stuck, c.Verdict)
	require.EqualValues(t, 100, c.Scenario.Run.Budget, "a replay ends where the campaign's run did")
}

func TestErrorsOfASourceEndTheCampaign(t *testing.T) {
	broken := errors.New("no such universe")
	_, err := Run(context.Background(), Options{Plan: plan(0, 9), NewSource: func() (Source, error) { return nil, broken }})
	require.ErrorIs(t, err, broken)
	_, err = Run(context.Background(), Options{Plan: plan(0, 9), NewSource: func() (Source, error) { return failing{broken}, nil }})
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Draw(uint64) (*config.Scenario, error) { return nil, f.err }

// TestMinimisedCasesKeepTheirOriginal: the smaller case takes the name, and is not made
// smaller twice.
func TestMinimisedCasesKeepTheirOriginal(t *testing.T) {
	f := Folder(t.TempDir())
	progress, err := Run(context.Background(), Options{Plan: plan(0, 20), NewSource: source(t, nil), Disk: f})
	require.NoError(t, err)
	before := contents(t, f)
	calls := 0
	o := CompleteOptions{
		Workers: 1,
		Minimize: func(_ context.Context, c *config.Case, _ string) (*config.Case, error) {
			calls++
			c.Scenario.Faults = nil
			return c, nil
		},
		Explain: func(c *config.Case, _, file string) ([]byte, error) { return []byte("see " + file), nil },
	}
	for range 2 {
		require.NoError(t, Complete(context.Background(), f, progress.Result(), o))
	}
	require.Equal(t, 2, calls)
	after := contents(t, f)
	for _, name := range progress.Result().CaseNames() {
		require.Equal(t, before[name+caseSuffix], after[name+originalSuffix])
		require.NotContains(t, after[name+caseSuffix], "crash: topic[0]")
		require.Equal(t, "see "+name+caseSuffix, after[name+storySuffix])
	}
	require.NotContains(t, after, JournalFile)
}

func TestScenariosThatExpectAViolationDoNotFit(t *testing.T) {
	s := scenario(t)
	require.NoError(t, Fit(s))
	s.Expect.Verdict = result.Violation
	require.ErrorContains(t, Fit(s), "small expects the verdict violation")
	require.Equal(t, protocol.MarkSetOf(protocol.MarkRestoredFromCheckpoint, protocol.MarkJobFinished),
		expectationOf(s).Reached)
}
