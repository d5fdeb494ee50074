package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/checkers"
	"simrun/faults"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// orderedScenarios are those of the library whose states or outputs depend on order or
// time, with what keeps a run of them short.
var orderedScenarios = []struct {
	name string
	sets []string
}{
	{"flight-delays", nil},
	{"user-sessions", []string{"job.graph.clicks.source.records=15000"}},
	{"nexmark-q8", []string{"job.graph.people.source.records=100000", "job.graph.auctions.source.records=100000"}},
	{"nexmark-q12", []string{"job.graph.bids.source.records=15000"}},
	{"fraud-rule", []string{"job.graph.payments.source.records=4000"}},
	{"multi-input", nil},
	{"three-source-union", nil},
	{"broadcast-rules", nil},
}

// exactlyOnce are the protocols whose runs are re-executed.
var exactlyOnce = []string{"aligned", "unaligned", "hybrid-out", "hybrid-in", "chandy-lamport"}

const crash = "\nfaults:\n  - {crash: task-manager-1, at: 5500 ms, restart-after: 1 s}\n"

// watchedReplay counts what an oracle is asked for, and may change the witness.
type watchedReplay struct {
	*oracle
	witnesses int
	alter     func(*checkers.Witness)
	around    func(inside bool) // an execution
}

func (w *watchedReplay) Reexecute(witness *checkers.Witness) error {
	w.witnesses++
	if w.alter != nil {
		w.alter(witness)
	}
	if w.around != nil {
		w.around(true)
		defer w.around(false)
	}
	return w.oracle.Reexecute(witness)
}

func (w *watchedReplay) Expected() (*checkers.Expected, bool) {
	if w.around != nil {
		w.around(true)
		defer w.around(false)
	}
	return w.oracle.Expected()
}

// taken is how many elements were taken from channels or splits.
func (w *watchedReplay) taken() (n int64) {
	for i := range w.tasks {
		for c := range w.tasks[i].in {
			n += w.tasks[i].in[c].taken
		}
	}
	return n
}

func libraryCase(t *testing.T, name, more string, sets ...string) *Case {
	text, err := library.Read(name)
	require.NoError(t, err)
	return caseOf(t, name, string(text)+more, sets...)
}

func caseOf(t *testing.T, name, text string, sets ...string) *Case {
	s, err := config.Load(name, []byte(text), config.NoFiles{}, sets...)
	require.NoError(t, err)
	b, err := s.Build()
	require.NoError(t, err)
	return &Case{
		Scenario: name, Options: b.Options, Plan: b.Plan,
		Run:    runtime.RunOptions{LimitNanos: 3600e9, ProgressNanos: b.Run.ConvergeWithinNanos, SettleNanos: 5e9},
		Expect: Expectation{Contract: protocol.PolicyOf(b.Options.Config.Protocol).Contract()},
	}
}

// watched is Trial.Run with a watch on the oracle.
func watched(t *testing.T, tr *Trial, c *Case, alter func(*checkers.Witness)) (*result.Outcome, *watchedReplay) {
	return watchedAround(t, tr, c, alter, nil)
}

func watchedAround(
	t *testing.T, tr *Trial, c *Case, alter func(*checkers.Witness), around func(bool),
) (*result.Outcome, *watchedReplay) {
	r := &run{trial: tr, c: c}
	system, err := runtime.Build(tr.kernel, c.Options, r.observe)
	require.NoError(t, err)
	r.system = system
	r.prepare()
	replay := &watchedReplay{oracle: r.setup.Replay.(*oracle), alter: alter, around: around}
	r.setup.Replay = replay
	r.injection, err = faults.Inject(c.Plan, tr.kernel, system.Target())
	require.NoError(t, err)
	r.drive()
	return r.outcome(), replay
}

func TestWithoutCheckpointsARunIsComparedAtItsEnd(t *testing.T) {
	o, replay := watched(t, New(), libraryCase(t, "multi-input", "", "job.protocol=none"), nil)
	require.Equal(t, protocol.JobFinished, o.JobState)
	require.Empty(t, o.Violations)
	require.Equal(t, 1, replay.witnesses)
	require.Greater(t, replay.taken(), o.Records/2)
}

func TestDetailedRunsAreComparedByName(t *testing.T) {
	c := libraryCase(t, "multi-input", crash)
	c.Options.Detailed = true
	o, replay := watched(t, New(), c, nil)
	require.Empty(t, o.Violations)
	require.Len(t, replay.Reached().Outputs, 1)
	require.Len(t, replay.Reached().Outputs[0].Lineages, int(replay.Reached().Outputs[0].Tally.Count))
}

func TestOrderedJobsEqualTheirSecondExecution(t *testing.T) {
	tr := New()
	for _, s := range orderedScenarios {
		for _, name := range exactlyOnce {
			for _, more := range []string{"", crash} {
				c := libraryCase(t, s.name, more, append([]string{"job.protocol=" + name}, s.sets...)...)
				o, replay := watched(t, tr, c, nil)
				require.Empty(t, o.Violations, "%s under %s %s", s.name, name, more)
				require.Equal(t, protocol.JobFinished, o.JobState, "%s under %s %s", s.name, name, more)
				require.Greater(t, replay.witnesses, 2, "%s under %s: nothing was compared", s.name, name)
				require.Greater(t, replay.taken(), o.Records/4, "%s under %s: little was executed", s.name, name)
				if more == crash {
					require.NotEmpty(t, o.Recoveries, "%s under %s", s.name, name)
				}
			}
		}
	}
}
