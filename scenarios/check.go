package scenarios

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// CheckOptions say how far Check looks. The zero value is what Check does.
type CheckOptions struct {
	// Seeds is how many are tried, from FirstSeed on; 0: 100, or 10 with -short.
	FirstSeed, Seeds uint64
	// Profile names the faults that each seed draws beside the scenario's own: those of
	// simrun list; "calm" draws none. "": the default profile.
	Profile string
	// Folder is where failing cases are kept; "": testdata/simrun/ and the test's name.
	Folder string
	// Vacuous allows that no seed reaches what the scenario wants to be reached.
	Vacuous bool
	// BudgetRuns bounds the minimising of a case; 0: minimize.DefaultBudgetRuns.
	BudgetRuns int
}

// Check runs the scenario over a range of seeds, each a subtest with faults of its own, and
// fails for every seed whose run is not what the scenario expects. The smallest case of each
// failure is kept in a file; the next Check runs the files first, until they pass. What the
// scenario wants to be reached must be reached by some seed.
func Check(t *testing.T, s *Scenario) {
	t.Helper()
	CheckWith(t, s, CheckOptions{})
}

// CheckWith is Check with options.
func CheckWith(t *testing.T, s *Scenario, o CheckOptions) {
	t.Helper()
	c := &check{scenario: s, o: o.orDefaults(t), trial: trial.New(), kept: map[string]bool{}}
	space, err := explore.New(explore.Options{Scenarios: []*config.Scenario{s.config}, Profile: o.Profile})
	if err != nil {
		t.Fatal(err)
	}
	c.replayKept(t)
	for seed := c.o.FirstSeed; seed < c.o.FirstSeed+c.o.Seeds; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			drawn, err := space.Draw(seed)
			if err != nil {
				t.Fatal(err)
			}
			c.run(t, drawn, seed)
		})
	}
	c.reachedAll(t)
}

func (o CheckOptions) orDefaults(t *testing.T) CheckOptions {
	if o.Seeds == 0 {
		if o.Seeds = 100; testing.Short() {
			o.Seeds = 10
		}
	}
	if o.FirstSeed == 0 {
		o.FirstSeed = DefaultCheckSeed
	}
	if o.Folder == "" {
		o.Folder = filepath.Join("testdata", "simrun", filepath.FromSlash(t.Name()))
	}
	return o
}

// DefaultCheckSeed is the first seed of Check.
const DefaultCheckSeed uint64 = 1

// check is one Check under way.
type check struct {
	scenario *Scenario
	o        CheckOptions
	trial    *trial.Trial
	kept     map[string]bool // signatures that have a file
	reached  []string
	ran      int
}

// replayKept runs the cases that failed before, and removes those that pass.
func (c *check) replayKept(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(c.o.Folder, "*.yaml"))
	for _, path := range paths {
		t.Run("kept="+strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			kept, err := LoadCase(path)
			if err != nil {
				t.Fatal(err)
			}
			kept.Scenario.Job.Config.Machine = c.scenario.config.Job.Config.Machine
			o, err := runIn(c.trial, kept.Scenario, kept.Seed, RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !alarming(o) {
				t.Logf("%s does not fail any more", path)
				if err := os.Remove(path); err != nil {
					t.Error(err)
				}
				return
			}
			c.kept[nameOf(o)] = true
			t.Errorf("%s\nkept in %s", tale(o), path)
		})
	}
}

// run runs what a seed drew, and keeps the case if it fails.
func (c *check) run(t *testing.T, drawn *config.Scenario, seed uint64) {
	o, err := runIn(c.trial, drawn, seed, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c.ran++
	for _, mark := range o.Reached {
		if !slices.Contains(c.reached, mark) {
			c.reached = append(c.reached, mark)
		}
	}
	switch {
	case !alarming(o):
	case c.kept[nameOf(o)]:
		t.Errorf("%s\nas in %s", tale(o), c.path(o))
	default:
		c.kept[nameOf(o)] = true
		t.Error(c.keep(drawn, o))
	}
}

// alarming reports whether a run of a campaign shows something wrong. A single run that is
// vacuous does not.
func alarming(o *result.Outcome) bool {
	return o.Verdict == result.Violation || o.Verdict == result.Stuck || o.Verdict == result.Failed
}

// keep makes the case small, writes it to its file, and tells it.
func (c *check) keep(drawn *config.Scenario, o *result.Outcome) string {
	small, minimised, err := Minimize(context.Background(), config.CaseOf(drawn, o),
		minimize.Options{BudgetRuns: c.o.BudgetRuns})
	if err != nil {
		return fmt.Sprintf("%s\nminimising failed: %v", tale(o), err)
	}
	path := c.path(o)
	err = os.MkdirAll(c.o.Folder, 0o777)
	if err == nil {
		err = os.WriteFile(path, small.YAML(), 0o666)
	}
	if err != nil {
		return fmt.Sprintf("%s\nthe case was not kept: %v", tale(o), err)
	}
	again, err := runIn(c.trial, small.Scenario, small.Seed, RunOptions{})
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s\nminimised in %d runs, kept in %s; its faults:\n%s", tale(again), minimised.Runs,
		path, indent(small.Scenario.Faults.String()))
}

func (c *check) path(o *result.Outcome) string {
	return filepath.Join(c.o.Folder, nameOf(o)+".yaml")
}

// nameOf names a failure, the same for every seed.
func nameOf(o *result.Outcome) string {
	name := string(o.Verdict)
	if len(o.Violations) > 0 {
		name = o.Violations[0].Signature
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\: []`, r) {
			return '-'
		}
		return r
	}, name)
}

// tale says what a run came to, with the events that prove it.
func tale(o *result.Outcome) string {
	if len(o.Violations) == 0 {
		return fmt.Sprintf("%s: %s", o.Verdict, strings.TrimSpace(o.StuckReason))
	}
	v := &o.Violations[0]
	witness := indent(strings.Join(v.Witness, "\n"))
	return fmt.Sprintf("%s, found by %s: %s\n%s", v.Class, v.Checker, v.Detail, witness)
}

func indent(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }

// reachedAll fails a Check that was green because it never got to what it is for.
func (c *check) reachedAll(t *testing.T) {
	t.Helper()
	if c.o.Vacuous || c.ran < int(c.o.Seeds) {
		return // go test -run chose single seeds
	}
	for _, mark := range c.scenario.config.Expect.Reached {
		if !slices.Contains(c.reached, mark) {
			t.Errorf("none of %d seeds reached %s", c.ran, mark)
		}
	}
}
