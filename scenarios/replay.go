package scenarios

import (
	"fmt"
	"os"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// Case is the record of a run: what a case file holds.
func (s *Scenario) Case(o *result.Outcome) *config.Case { return config.CaseOf(s.config, o) }

// LoadCase reads a case file. The error is an *config.Error, or that of reading the file.
func LoadCase(path string) (*config.Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseCase(path, text)
}

// ParseCase reads a case from the text of its file, as a test embeds it. name is what
// errors call it; data files are looked for beside it. The error is an *config.Error.
func ParseCase(name string, text []byte) (*config.Case, error) {
	return config.LoadCase(name, text, beside(name))
}

// Fails runs a case and says how it fails: "" when it does not, which a mended case that no
// longer gets to all of its faults does not either. It is what a regression test asks.
func Fails(c *config.Case) (string, error) {
	o, err := runIn(trial.New(), c.Scenario, c.Seed, RunOptions{})
	if err != nil || !minimize.Failing(c.Scenario, o) {
		return "", err
	}
	lines := []string{"verdict " + string(o.Verdict)}
	for i := range o.Violations {
		f := &o.Violations[i]
		lines = append(lines, f.Signature+": "+f.Detail)
		lines = append(lines, f.Witness...)
	}
	if o.StuckReason != "" {
		lines = append(lines, o.StuckReason)
	}
	return strings.Join(lines, "\n"), nil
}

// Path says how a replay went, compared with the record.
type Path uint8

const (
	// PathRecorded: event by event as recorded.
	PathRecorded Path = iota
	// PathLeft: both runs of the replay are equal, but differ from the record: the code
	// (or the model) has changed since.
	PathLeft
	// PathNondeterministic: two runs of the replay differ from each other.
	PathNondeterministic
)

// Replayed is what came of a replay.
type Replayed struct {
	Outcome *result.Outcome
	Path    Path
	// Explanation says where the paths part, with both causes; empty for PathRecorded.
	Explanation string
	// SameVerdict: verdict and signature are those of the record.
	SameVerdict bool
}

// Replay runs a case twice and compares the runs with each other and with the record.
func Replay(c *config.Case, o RunOptions) (*Replayed, error) {
	return replayIn(trial.New(), c, o, runIn)
}

// replayIn is Replay with another way to run: for a test that is not deterministic.
func replayIn(t *trial.Trial, c *config.Case, o RunOptions, run runner) (*Replayed, error) {
	first, err := run(t, c.Scenario, c.Seed, o)
	if err != nil {
		return nil, err
	}
	second, err := run(t, c.Scenario, c.Seed, RunOptions{})
	if err != nil {
		return nil, err
	}
	r := &Replayed{Outcome: first, SameVerdict: sameVerdict(c, first)}
	switch {
	case first.Digest != second.Digest:
		r.Path = PathNondeterministic
		r.Explanation, err = divergence(t, func(observe func(*sim.Event)) error {
			watch := func(func(sim.ActorID) string) func(*sim.Event) { return observe }
			_, err := run(t, c.Scenario, c.Seed, RunOptions{Watch: watch})
			return err
		})
	case first.Digest != c.Digest:
		r.Path = PathLeft
		r.Explanation, err = leftAt(t, c, first)
	}
	return r, err
}

// runner runs a scenario with a seed.
type runner func(*trial.Trial, *config.Scenario, uint64, RunOptions) (*result.Outcome, error)

func sameVerdict(c *config.Case, o *result.Outcome) bool {
	class, signature := "", ""
	if len(o.Violations) > 0 {
		class, signature = o.Violations[0].Class, o.Violations[0].Signature
	}
	return o.Verdict == c.Verdict && class == c.Class && signature == c.Signature
}

// Divergence runs a scenario twice with one seed and explains the first event in which
// the runs differ, with both causes; "" when they are equal.
func Divergence(s *config.Scenario, seed uint64) (string, error) {
	t := trial.New()
	return divergence(t, func(observe func(*sim.Event)) error {
		watch := func(func(sim.ActorID) string) func(*sim.Event) { return observe }
		_, err := runIn(t, s, seed, RunOptions{Watch: watch})
		return err
	})
}

func divergence(t *trial.Trial, run func(observe func(*sim.Event)) error) (string, error) {
	var failed error
	once := func(observe func(*sim.Event)) {
		if err := run(observe); err != nil {
			failed = err
		}
	}
	d, differ := sim.FirstDivergence(once, once)
	if !differ || failed != nil {
		return "", failed
	}
	return d.Describe(func(e *sim.Event) string { return describe(t, e) }), nil
}

func describe(t *trial.Trial, e *sim.Event) string {
	return fmt.Sprintf("%d.%09d s %s: %s", e.TimeNanos/1e9, e.TimeNanos%1e9, t.ActorName(e.Actor),
		protocol.EventText(protocol.EventKind(e.Kind), e.Args))
}

// leftAt says where a run leaves the path of the record, as closely as the record's trail
// tells, and which events happened there.
func leftAt(t *trial.Trial, c *config.Case, o *result.Outcome) (string, error) {
	model := ""
	if c.Model != config.ModelVersion {
		model = fmt.Sprintf(" (recorded with model %d; this is model %d)", c.Model, config.ModelVersion)
	}
	from, to, differs := sim.FirstDifference(c.Trail, o.Trail)
	if !differs {
		from, to = lastCommon(c.Trail, o.Trail), max(c.Events, uint64(o.Events))
	}
	events, err := eventsBetween(t, c, from, to)
	if err != nil {
		return "", err
	}
	const text = "the run leaves the recorded path after event %d and by event %d%s; from there it goes:\n%s"
	return fmt.Sprintf(text, from, to, model, events), nil
}

func lastCommon(a, b []sim.Mark) uint64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	return min(a[len(a)-1].Count, b[len(b)-1].Count)
}

// shownEvents bounds how many events an explanation lists.
const shownEvents = 8

func eventsBetween(t *trial.Trial, c *config.Case, from, to uint64) (string, error) {
	tc, err := trial.NewCase(c.Scenario, c.Seed)
	if err != nil {
		return "", err
	}
	text, count := "", uint64(0)
	tc.Observe = func(e *sim.Event) {
		count++
		if count > from && count <= min(to, from+shownEvents) {
			text += fmt.Sprintf("  event %d at %s\n", count, describe(t, e))
		}
	}
	_, err = t.Run(tc)
	return text, err
}

// Healthy reports whether the replayed run itself is a success: ok, or failed where the
// record says failed.
func (r *Replayed) Healthy() bool {
	return r.Outcome.Verdict == result.OK || r.Outcome.Verdict == result.Failed && r.SameVerdict
}
