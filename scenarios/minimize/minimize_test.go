package minimize_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// duplicates is a case of at-least-once checkpoints held to exactly-once, with a plan that
// has little to do with it.
func duplicates(t *testing.T) *config.Case {
	t.Helper()
	s, err := scenarios.Load("at-least-once-as-exactly-once",
		"faults.1={slow: topic, factor: 3, from: 1 s, to: 2 s}", "faults.2={crash: task-manager-0, at: 50 s}")
	require.NoError(t, err)
	o, err := s.Run(1)
	require.NoError(t, err)
	return s.Case(o)
}

func TestTheSameCaseAndBudgetGiveTheSameResult(t *testing.T) {
	c := duplicates(t)
	before := c.YAML()
	for _, budget := range []int{2, 9, 1000} {
		a, report, err := scenarios.Minimize(context.Background(), c, minimize.Options{BudgetRuns: budget})
		require.NoError(t, err)
		require.LessOrEqual(t, report.Runs, budget)
		require.Equal(t, budget == 1000, report.Complete)
		b, _, err := scenarios.Minimize(context.Background(), c, minimize.Options{BudgetRuns: budget})
		require.NoError(t, err)
		require.Equal(t, string(a.YAML()), string(b.YAML()))
	}
	require.Equal(t, string(before), string(c.YAML()), "the case itself stays as it is")
}

func TestTheBestSoFarIsAlwaysACaseThatReplays(t *testing.T) {
	kept := 0
	_, report, err := scenarios.Minimize(context.Background(), duplicates(t), minimize.Options{
		Improved: func(best *config.Case) {
			kept++
			read, err := scenarios.ParseCase("best.yaml", best.YAML())
			require.NoError(t, err)
			r, err := scenarios.Replay(read, scenarios.RunOptions{})
			require.NoError(t, err)
			require.Equal(t, scenarios.PathRecorded, r.Path, r.Explanation)
			require.True(t, r.SameVerdict)
		},
	})
	require.NoError(t, err)
	require.Len(t, report.Dropped, kept)
	require.Greater(t, kept, 3)
}

func TestAnInterruptedSearchLeavesItsBestAndGoesOnFromThere(t *testing.T) {
	whole, _, err := scenarios.Minimize(context.Background(), duplicates(t), minimize.Options{})
	require.NoError(t, err)
	c := duplicates(t)
	for rounds := 0; ; rounds++ {
		require.Less(t, rounds, 20)
		ctx, interrupt := context.WithCancel(context.Background())
		small, report, err := scenarios.Minimize(ctx, c, minimize.Options{
			Progress: func(p minimize.Progress) {
				if p.Runs == 30 {
					interrupt()
				}
			},
		})
		require.NoError(t, err)
		if c, err = scenarios.ParseCase("small.yaml", small.YAML()); report.Complete {
			require.NoError(t, err)
			break
		}
	}
	require.LessOrEqual(t, len(c.YAML()), len(whole.YAML())+200, "it ends about as small as in one go")
}

func TestACaseThatPassesIsNotMinimised(t *testing.T) {
	s, err := scenarios.Load("colour-count")
	require.NoError(t, err)
	c := config.NewCase(s.Config(), 1)
	c.Verdict = result.Violation
	_, _, err = scenarios.Minimize(context.Background(), c, minimize.Options{})
	var passing *minimize.NotFailing
	require.ErrorAs(t, err, &passing)
	require.Equal(t, minimize.NotFailing{Recorded: result.Violation, Now: result.OK}, *passing)
	require.ErrorContains(t, err, "does not fail any more")
}

func TestAPlanThatNamesAnUnknownStepIsAnErrorOfTheCase(t *testing.T) {
	c := duplicates(t)
	p, err := plan.ParsePlan("crash task-manager-1 step snapshot-dne ordinal 1")
	require.NoError(t, err)
	c.Scenario = c.Scenario.Clone()
	c.Scenario.Faults = p
	_, _, err = scenarios.Minimize(context.Background(), c, minimize.Options{})
	require.ErrorContains(t, err, "snapshot-done")
}

// outcomes are runs of a scenario by how many faults it has left.
func outcomes(judge func(s *config.Scenario) *result.Outcome) func() minimize.Run {
	return func() minimize.Run {
		return func(s *config.Scenario, _ uint64, _ int64) (*result.Outcome, error) { return judge(s), nil }
	}
}

func violation(signature string) *result.Outcome {
	return &result.Outcome{Verdict: result.Violation, Violations: []result.Finding{
		{Class: "lost", Checker: "cut", Signature: signature},
	}}
}

func TestAnotherFailureIsNotTheSame(t *testing.T) {
	crashes := func(s *config.Scenario) int {
		text := []byte(s.Faults.String())
		return bytes.Count(text, []byte("crash"))
	}
	second := violation("orphan/cut/a")
	second.Violations = append(second.Violations, violation("lost/cut/a").Violations...)
	for name, fewer := range map[string]*result.Outcome{
		"another role":        violation("lost/cut/b"),
		"another checker":     violation("lost/effects/a"),
		"stuck":               {Verdict: result.Stuck, StuckReason: "a[0]#0 waits for input"},
		"the job gave up":     {Verdict: result.Failed},
		"panic":               {Verdict: result.Violation, Violations: []result.Finding{{Class: "panic"}}},
		"only second":         second,
		"nothing was reached": {Verdict: result.Vacuous},
	} {
		small, _, err := minimize.Case(context.Background(), duplicates(t),
			outcomes(func(s *config.Scenario) *result.Outcome {
				if crashes(s) < 2 {
					return fewer
				}
				return violation("lost/cut/a")
			}), minimize.Options{BudgetRuns: 100})
		require.NoError(t, err, name)
		require.Equal(t, 2, crashes(small.Scenario), name)
	}
}

func TestAVertexThatLostAnOperatorIsTheSamePlace(t *testing.T) {
	for after, same := range map[string]bool{
		"lost/cut/a -> b": true, "lost/cut/a": true, "lost/cut/b": true, "lost/cut/a -> b -> c": true,
		"lost/cut/c": false, "lost/cut/a -> c": false, "lost/cut/a-to-b": false, "lost/fifo/a -> b": false,
	} {
		small, _, err := minimize.Case(context.Background(), duplicates(t),
			outcomes(func(s *config.Scenario) *result.Outcome {
				if len(s.Faults) == 0 {
					return violation(after)
				}
				return violation("lost/cut/a -> b")
			}), minimize.Options{BudgetRuns: 100})
		require.NoError(t, err)
		require.Equal(t, same, len(small.Scenario.Faults) == 0, after)
	}
}

func TestWhatIsStuckWaitsInTheSamePattern(t *testing.T) {
	for after, same := range map[string]bool{
		"a[3]#1 waits for input":                           true,
		"a[0]#0 works on a record":                         false,
		"b[0]#0 waits for input\na[0]#0 has ended":         true,
		"b[0]#0 waits for input\na[0]#0 is being restored": false,
		"": false,
		"a[0]#0 waits for buffers of its consumers": true,
	} {
		small, _, err := minimize.Case(context.Background(), duplicates(t),
			outcomes(func(s *config.Scenario) *result.Outcome {
				if len(s.Faults) == 0 {
					return &result.Outcome{Verdict: result.Stuck, StuckReason: after}
				}
				return &result.Outcome{Verdict: result.Stuck,
					StuckReason: "a[0]#0 waits for input\nb[1]#0 waits for buffers of its consumers"}
			}), minimize.Options{BudgetRuns: 100})
		require.NoError(t, err)
		require.Equal(t, same, len(small.Scenario.Faults) == 0, after)
	}
}

func TestRunsThatDifferAreReported(t *testing.T) {
	made := 0
	_, _, err := minimize.Case(context.Background(), duplicates(t), func() minimize.Run {
		made++
		digest := uint64(made)
		return func(*config.Scenario, uint64, int64) (*result.Outcome, error) {
			o := violation("lost/cut/a")
			o.Digest = digest
			return o, nil
		}
	}, minimize.Options{})
	var differs *minimize.Nondeterministic
	require.ErrorAs(t, err, &differs)
}

func TestACandidateThatCannotBeBuiltIsSkipped(t *testing.T) {
	small, report, err := minimize.Case(context.Background(), duplicates(t), outcomes(
		func(s *config.Scenario) *result.Outcome {
			if len(s.Job.Graph) < 4 {
				panic("no such job")
			}
			return violation("lost/cut/a")
		}), minimize.Options{})
	require.NoError(t, err)
	require.NotZero(t, report.Invalid)
	require.Len(t, small.Scenario.Job.Graph, 4)
}

// reordered is a case that needs an order of delivery, and has more of one than it needs: what
// waits longest first is survived.
func reordered(t *testing.T) *config.Case {
	t.Helper()
	tiny, err := orders.Tiny()
	require.NoError(t, err)
	at := slices.IndexFunc(tiny, func(s *config.Scenario) bool {
		return s.Job.Config.Protocol == protocol.Unaligned
	})
	s := tiny[at]
	s.Run.Bug = protocol.BugPersistsBehindBarrier
	r, err := orders.Walk(s, 1, orders.Options{MostRuns: 1500}, census.InOrder)
	require.NoError(t, err)
	require.NotEmpty(t, r.Failures)
	s = s.Clone()
	s.Seed, s.Run.Deliveries = 1, append(slices.Clone(r.Failures[0].Choices), 1, 0, 1, 2, 1)
	o := outcomeOf(t, s)
	require.Equal(t, r.Failures[0].Outcome.Signature(), o.Signature())
	return config.CaseOf(s, o)
}

func outcomeOf(t *testing.T, s *config.Scenario) *result.Outcome {
	t.Helper()
	c, err := trial.NewCase(s, 1)
	require.NoError(t, err)
	o, err := trial.New().Run(c)
	require.NoError(t, err)
	return o
}

// What is left of an order are the choices that matter: with any one of them undone, the run
// passes or fails in another way.
func TestAnOrderOfDeliveryKeepsOnlyItsDeviations(t *testing.T) {
	found := reordered(t)
	small, _, err := scenarios.Minimize(context.Background(), found, minimize.Options{})
	require.NoError(t, err)
	deviations := func(c *config.Case) (at []int) {
		for i, choice := range c.Scenario.Run.Deliveries {
			if choice > 0 {
				at = append(at, i)
			}
		}
		return at
	}
	left := deviations(small)
	require.NotEmpty(t, left)
	require.Less(t, len(left), len(deviations(found)))
	require.LessOrEqual(t, len(left), 2)
	choices := small.Scenario.Run.Deliveries
	require.NotZero(t, choices[len(choices)-1])
	for _, at := range left {
		s := small.Scenario.Clone()
		s.Run.Deliveries = slices.Clone(choices)
		s.Run.Deliveries[at] = 0
		require.NotEqual(t, small.Signature, outcomeOf(t, s).Signature(), "choice %d of %v", at, choices)
	}
}
