package shrink_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/plan"
	"simrun/faults/shrink"
	"simrun/protocol"
)

func parsed(t require.TestingT, text string) plan.Plan {
	p, err := plan.ParsePlan(text)
	require.NoError(t, err)
	return p
}

// shapes has every kind of fault; T stands for a time, N for a number.
var shapes = []string{
	"crash task-manager-1 at T restart-after T", "crash counts[1] step snapshot-done ordinal N",
	"throw counts at-record N times always at T", "throw counts in snapshot",
	"poison counts source events split 1 offset N at T", "slow db factor N from T for T",
	"slow storage factor N/7 from T for T", "stall db[1] from T for T", "pause node-1 from T for T",
	"clock node-1 by T drift-ppm N from T for T", "clock node-1 by -3 s from T for T",
	"delay node-0 node-1 by T from T for T", "jitter node-0 node-1 by T one-way from T for T",
	"throttle node-0 node-1 bandwidth 10 mb/s from T for T", "partition node-0 job-manager-0 from T for T",
	"isolate node-1 from T for T", "hold node-0 node-1 from T for T", "reset node-0 node-1 at T",
	"lose acknowledge count N from T for T", "lose any sender task-manager-0 every N from T for T",
	"duplicate any by T count N from T for T", "reorder any by T from T for T",
	"fail storage operation put count N outcome unknown from T for T", "fail storage from T for T",
	"tear storage from T for T", "unsync storage by T from T for T", "corrupt storage every N from T for T",
	"lag storage by T from T for T", "expire db transactions prepared count N at T", "fence db[1] at T",
	"burst events factor N from T for T", "skew events share 1/N first-offset N last-offset 9999",
}

func TestShapesHaveEveryKindOfFault(t *testing.T) {
	seen := map[protocol.FaultKind]bool{}
	for _, shape := range shapes {
		f := parsed(t, strings.NewReplacer("T", "3483 ms", "N", "17").Replace(shape))[0]
		seen[f.Kind] = true
	}
	require.Len(t, seen, protocol.FaultKinds-1)
}

// anyPlan draws plans of all kinds of faults.
func anyPlan(low, high int) *rapid.Generator[plan.Plan] {
	fault := rapid.Custom(func(t *rapid.T) plan.Fault {
		words := strings.Fields(rapid.SampledFrom(shapes).Draw(t, "shape"))
		for i := range words {
			switch {
			case words[i] == "T":
				words[i] = strconv.Itoa(rapid.IntRange(1, 20_000).Draw(t, "ms")) + " ms"
			case strings.Contains(words[i], "N"):
				words[i] = strings.Replace(words[i], "N", strconv.Itoa(rapid.IntRange(1, 5000).Draw(t, "n")), 1)
			}
		}
		return parsed(t, strings.Join(words, " "))[0]
	})
	return rapid.Map(rapid.SliceOfN(fault, low, high), func(p []plan.Fault) plan.Plan { return p })
}

// needs is a predicate that holds where a fault of that kind strikes late enough.
func needs(kind protocol.FaultKind, notBefore int64) func(plan.Plan) bool {
	return func(p plan.Plan) bool {
		return slices.ContainsFunc(p, func(f plan.Fault) bool { return f.Kind == kind && f.AtNanos >= notBefore })
	}
}

func TestAPlanEndsAtExactlyTheFaultsThatAreNeeded(t *testing.T) {
	total, plans := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(13, 31).Draw(t, "plan")
		p = append(p, parsed(t, "pause node-1 from 7310 ms to 9 s\ncrash task-manager-1 at 12 s restart-after 1 s")...)
		rapid.Permutation([]plan.Fault(p)).Draw(t, "order")
		late, early := needs(protocol.FaultCrash, 11e9), needs(protocol.FaultPause, 2e9)
		small, calls := shrink.Plan(p, func(p plan.Plan) bool { return late(p) && early(p) })
		require.Len(t, small, 2, small.String())
		require.True(t, late(small) && early(small))
		require.Less(t, calls, 200)
		total, plans = total+calls, plans+1
	})
	t.Logf("%d calls a plan on average", total/plans)
	require.LessOrEqual(t, total/plans, 100, "go.md, finding 1: 87 runs on average")
}

func TestWhatIsShrunkFailsIsSimplerAndShrinksNoFurther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(1, 6).Draw(t, "plan")
		wanted := p[rapid.IntRange(0, len(p)-1).Draw(t, "needed")]
		slack := rapid.Int64Range(0, 5e9).Draw(t, "slack")
		fails := func(p plan.Plan) bool {
			return slices.ContainsFunc(p, func(f plan.Fault) bool {
				return f.Kind == wanted.Kind && f.AtNanos >= wanted.AtNanos-slack && f.ByNanos >= min(wanted.ByNanos, wanted.ByNanos/3) &&
					f.Record >= wanted.Record/2 && (f.LastsNanos >= wanted.LastsNanos/2 || f.Permanent())
			})
		}
		before := p.String()
		small, _ := shrink.Plan(p, fails)
		require.Equal(t, before, p.String(), "the plan that is given stays as it is")
		require.True(t, fails(small))
		require.Len(t, small, 1)
		require.True(t, small.String() == p.String() || shrink.Less(small, p))
		back, err := plan.ParsePlan(small.String())
		require.NoError(t, err, "what comes of it is a valid plan")
		require.Equal(t, small, back)
		again, _ := shrink.Plan(small, fails)
		require.Equal(t, small, again)
	})
}

func TestNothingIsTriedOnceTheCallerHasHadEnough(t *testing.T) {
	p := parsed(t, "crash db at 3483 ms\nslow db factor 5 from 1 s to 3 s\nstall db from 2 s to 3 s")
	budget := 2
	small, _ := shrink.Plan(p, func(p plan.Plan) bool { budget--; return budget >= 0 && len(p) > 0 })
	require.Less(t, len(small), 3)
	require.NotEmpty(t, small)
}

func TestEachFaultGetsWeaker(t *testing.T) {
	for text, want := range map[string]string{
		"crash task-manager-3 at 3483 ms restart-after never": "crash task-manager-0 at 0 s",
		"crash counts[2] step snapshot-done ordinal 17":       "crash counts[0] step snapshot-done ordinal 1",
		"throw counts at-record 781 times always at 4 s":      "throw counts at-record 1",
		"slow db factor 12.5 from 4 s":                        "slow db factor 1 from 0 s to 1 ms",
		"delay node-1 node-2 by 473 ms from 4 s to 9 s":       "delay node-0 node-1 by 1 ms one-way from 0 s to 1 ms",
		"fail storage outcome unknown from 4 s":               "fail storage count 1 from 0 s to 1 ms",
		"pause node-1 from 4 s to 9 s":                        "pause node-0 from 0 s to 1 ms",
	} {
		p := parsed(t, text)
		small, _ := shrink.Plan(p, needs(p[0].Kind, 0))
		require.Equal(t, want, small.String(), text)
	}
}

func TestWhatIsPassingNeverBecomesPermanent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlan(1, 5).Draw(t, "plan")
		shrink.Plan(p, func(candidate plan.Plan) bool {
			for i := range candidate {
				require.False(t, candidate[i].Permanent(), candidate[i].String())
			}
			return rapid.Bool().Draw(t, "fails")
		})
	})
}

func TestFaultsMoveTogether(t *testing.T) {
	p := parsed(t, "crash task-manager-0 at 13700 ms\ncrash job-manager-0 at 14900 ms")
	small, _ := shrink.Plan(p, func(p plan.Plan) bool {
		return len(p) == 2 && p[1].AtNanos-p[0].AtNanos >= 500e6 && p[1].AtNanos-p[0].AtNanos <= 1500e6
	})
	require.Equal(t, "crash task-manager-0 at 0 s\ncrash job-manager-0 at 500 ms", small.String())
}

func TestTheEmptyPlanIsTheSimplest(t *testing.T) {
	small, calls := shrink.Plan(parsed(t, "crash a at 1 s\ncrash b at 2 s"), func(plan.Plan) bool { return true })
	require.Empty(t, small)
	require.NotNil(t, small)
	require.Equal(t, 1, calls)
}

func TestLessIsAStrictOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyPlan(0, 3).Draw(t, "a"), anyPlan(0, 3).Draw(t, "b"), anyPlan(0, 3).Draw(t, "c")
		require.False(t, shrink.Less(a, a))
		require.False(t, shrink.Less(a, b) && shrink.Less(b, a))
		require.False(t, shrink.Less(a, b) && shrink.Less(b, c) && !shrink.Less(a, c))
	})
}
