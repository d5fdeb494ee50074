package trial

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// bugSeeds are the seeds 1, 2, … among which one must show a planted bug.
const bugSeeds = 10

// report is who reported what.
type report struct{ checker, class string }

// reachable are the classes that some planted bug, or unsafe choice, makes each checker
// report; checkers' own tests reach the others. A transport that reorders, repeats or
// corrupts a buffer fails the receiving task, so that fifo sees only what recovery breaks.
var reachable = []struct {
	checker string
	classes []string
}{
	{"cut", []string{"orphan", "lost", "duplicated", "reordered"}},
	{"frontier", []string{"state-offset-skew"}},
	{"fifo", []string{"lost", "duplicated"}},
	{"buffers", []string{"buffer-leak"}},
	{"credits", []string{"credit-overflow"}},
	{"coordinator", []string{"coordinator-rule"}},
	{"restore", []string{"coordinator-rule", "lost"}},
	{"two-phase-commit", []string{
		"duplicated", "resurrected", "committed-early", "torn-transaction", "lost", "leaked"}},
	{"fencing", []string{"zombie-write"}},
	{"output", []string{"duplicated", "committed-early", "torn-transaction", "lost"}},
	{"effects", []string{"lost", "duplicated", "corrupt"}},
	{"re-execution", []string{"state-offset-skew", "corrupt", "lost", "duplicated", "orphan"}},
	{"lineages", []string{"lost", "duplicated"}},
	{"watermarks", []string{"watermark-regression"}},
	{"leaks", []string{"leaked"}},
	{"linearizability", []string{"not-linearizable"}},
	{"progress", []string{"stuck"}},
	{"run", []string{"panic"}},
}

func TestEveryPlantedBugIsReported(t *testing.T) {
	runs := newBugRuns(t)
	for i := range bugTrials {
		b := &bugTrials[i]
		t.Run(b.bug.String(), func(t *testing.T) {
			seed, reports := runs.reported(b)
			require.NotZero(t, seed, "none of %d seeds shows it", bugSeeds)
			require.Equal(t, report{b.checker, b.class}, reports[0])
			t.Logf("%s by %s at seed %d of %s", b.class, b.checker, seed, b.scenario)
		})
	}
}

func TestSeedsOfPlantedBugsAreGreenWithoutThem(t *testing.T) {
	runs := newBugRuns(t)
	for i := range bugTrials {
		b := bugTrials[i]
		b.bug = protocol.NoBug
		for seed := uint64(1); seed <= bugSeeds; seed++ {
			o := runs.run(&b, seed)
			require.Equal(t, result.OK, o.Verdict, "%s, seed %d: %v %s", b.scenario, seed, o.Violations, o.StuckReason)
		}
	}
}

func TestEveryPlantedBugHasItsTrial(t *testing.T) {
	var bugs []protocol.Bug
	for i := range bugTrials {
		bugs = append(bugs, bugTrials[i].bug)
	}
	require.Equal(t, protocol.Bugs(), bugs)
}

func TestUnsafeChoicesAreReported(t *testing.T) {
	runs := newBugRuns(t)
	for i := range unsafeTrials {
		b := &unsafeTrials[i]
		_, reports := runs.reported(b)
		require.Contains(t, reports, report{b.checker, b.class}, b.scenario)
	}
}

func TestEveryCheckerReportsSomePlantedBug(t *testing.T) {
	names := append(checkers.New(&checkers.Setup{}).Names(), "run")
	for i := range reachable {
		require.Equal(t, names[i], reachable[i].checker)
	}
	require.Len(t, reachable, len(names))

	runs := newBugRuns(t)
	var all []report
	for _, b := range slices.Concat(bugTrials, unsafeTrials) {
		_, reports := runs.reported(&b)
		all = append(all, reports...)
	}
	for _, r := range reachable {
		for _, class := range r.classes {
			require.Contains(t, all, report{r.checker, class})
		}
	}
}

// bugRuns runs trials in the same memory.
type bugRuns struct {
	t     *testing.T
	trial *Trial
}

func newBugRuns(t *testing.T) *bugRuns { return &bugRuns{t, New()} }

// reported is the first seed that shows the bug, 0 if none does, and all its reports, in
// the order in which they were made.
func (r *bugRuns) reported(b *bugTrial) (seed uint64, reports []report) {
	for seed = 1; seed <= bugSeeds; seed++ {
		o := r.run(b, seed)
		for i := range o.Violations {
			reports = append(reports, report{o.Violations[i].Checker, o.Violations[i].Class})
		}
		if o.Verdict == result.Stuck {
			reports = append(reports, report{"progress", "stuck"})
		}
		if len(reports) > 0 {
			return seed, reports
		}
	}
	return 0, nil
}

func (r *bugRuns) run(b *bugTrial, seed uint64) *result.Outcome {
	s, err := config.Load(b.scenario, []byte(b.text(r.t)), config.NoFiles{}, b.sets...)
	require.NoError(r.t, err)
	build, err := s.Build()
	require.NoError(r.t, err)
	build.Options.Seed, build.Options.Bug = seed, b.bug
	contract := protocol.PolicyOf(build.Options.Config.Protocol).Contract()
	if build.Guarantee == config.ExactlyOnce {
		contract = protocol.ContractExactlyOnce
	}
	outcome, err := r.trial.Run(&Case{
		Scenario: b.scenario, Options: build.Options, Plan: build.Plan,
		Run:    runtime.RunOptions{LimitNanos: 600e9, ProgressNanos: 60e9, SettleNanos: 5e9},
		Expect: Expectation{Contract: contract},
	})
	require.NoError(r.t, err)
	return outcome
}

// text is the scenario with the trial's own plan.
func (b *bugTrial) text(t *testing.T) string {
	text, small := bugScenarios[b.scenario]
	text = "name: " + b.scenario + text
	if !small {
		read, err := library.Read(b.scenario)
		require.NoError(t, err)
		text = string(read)
	}
	if len(b.faults) == 0 {
		return text
	}
	before, plan, _ := strings.Cut(text, "\nfaults:\n")
	_, expect, _ := strings.Cut(plan, "\nexpect:")
	if expect != "" {
		expect = "\nexpect:" + expect
	}
	return before + "\nfaults:\n  - " + strings.Join(b.faults, "\n  - ") + expect
}
