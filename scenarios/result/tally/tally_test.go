package tally_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// outcomes draws what runs may come to; the k-th has seed k.
func outcomes(t *rapid.T) []*result.Outcome {
	one := rapid.Custom(func(t *rapid.T) *result.Outcome {
		small := rapid.Int64Range(0, 1<<rapid.IntRange(1, 62).Draw(t, "bits"))
		o := &result.Outcome{
			Scenario: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "scenario"),
			Protocol: rapid.SampledFrom(protocol.Names()).Draw(t, "protocol"),
			Events:   small.Draw(t, "events"), Records: small.Draw(t, "records"),
			VirtualNanos: small.Draw(t, "virtual"), Restores: rapid.IntRange(0, 2).Draw(t, "restores"),
			Marks: protocol.MarkSet(rapid.Uint64Range(0, 1<<protocol.Marks-1).Draw(t, "marks")),
			JobState: rapid.SampledFrom([]protocol.JobStatus{
				protocol.JobFinished, protocol.JobFailed, protocol.JobRunning}).Draw(t, "state"),
			Verdict: rapid.SampledFrom([]result.Verdict{result.OK, result.Stuck}).Draw(t, "verdict"),
		}
		o.Reached = o.Marks.Words()
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			o.Steps.Add(protocol.Step(rapid.IntRange(1, protocol.Steps-1).Draw(t, "step")), protocol.Before)
		}
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			o.Faults = append(o.Faults, result.Fault{
				Kind:   protocol.FaultKind(rapid.IntRange(1, protocol.FaultKinds-1).Draw(t, "kind")),
				Fired:  rapid.Bool().Draw(t, "fired"),
				Phases: protocol.PhaseSet(rapid.Uint16Range(0, 1<<protocol.Phases-1).Draw(t, "phases")),
				Step:   rapid.SampledFrom([]string{"", "snapshot-done"}).Draw(t, "at")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "recoveries") {
			o.Recoveries = append(o.Recoveries, result.Recovery{RestartNanos: small.Draw(t, "restart")})
		}
		if rapid.IntRange(0, 3).Draw(t, "violated") == 0 {
			class := rapid.SampledFrom([]string{"lost", "duplicated", "panic"}).Draw(t, "class")
			o.Violations = []result.Finding{{Class: class, Checker: "cut", Signature: class + "/cut/x", Detail: "it is"}}
		}
		return o
	})
	list := rapid.SliceOfN(one, 0, 60).Draw(t, "outcomes")
	for i := range list {
		list[i].Seed = uint64(i)
	}
	return list
}

var wants = tally.Expectation{
	Bounded: true,
	Reached: protocol.MarkSetOf(protocol.MarkJobFinished, protocol.MarkTimerFired),
}

func sumOf(list ...*result.Outcome) *tally.Tally {
	var sum tally.Tally
	for _, o := range list {
		sum.Add(wants, o)
	}
	return &sum
}

func plus(tallies ...*tally.Tally) *tally.Tally {
	var sum tally.Tally
	for _, one := range tallies {
		sum.Plus(one)
	}
	return &sum
}

func bytesOf(t require.TestingT, one *tally.Tally) string {
	text, err := json.MarshalIndent(one, "", " ")
	require.NoError(t, err)
	return string(text)
}

func TestTallyIsACommutativeMonoid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := sumOf(outcomes(t)...), sumOf(outcomes(t)...), sumOf(outcomes(t)...)
		require.Equal(t, bytesOf(t, plus(a, b)), bytesOf(t, plus(b, a)), "commutative")
		require.Equal(t, bytesOf(t, plus(plus(a, b), c)), bytesOf(t, plus(a, plus(b, c))), "associative")
		require.Equal(t, bytesOf(t, a), bytesOf(t, plus(&tally.Tally{}, a)), "the zero value is the identity")
		require.Equal(t, bytesOf(t, a), bytesOf(t, plus(a, &tally.Tally{})), "from both sides")
	})
}

func TestTallyDoesNotDependOnHowSeedsAreSharded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := outcomes(t)
		shards := make([]*tally.Tally, rapid.IntRange(1, 7).Draw(t, "shards"))
		for i := range shards {
			shards[i] = &tally.Tally{}
		}
		for i, j := range rapid.Permutation(indices(len(list))).Draw(t, "order") {
			shards[(i+rapid.IntRange(0, 6).Draw(t, "shard"))%len(shards)].Add(wants, list[j])
		}
		require.Equal(t, bytesOf(t, sumOf(list...)), bytesOf(t, plus(shards...)))
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestTallyComesBackFromItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := bytesOf(t, sumOf(outcomes(t)...))
		var back tally.Tally
		require.NoError(t, json.Unmarshal([]byte(text), &back))
		require.Equal(t, text, bytesOf(t, &back))
		require.Equal(t, text, bytesOf(t, plus(&back)), "what was read adds up like what was counted")
	})
}

func TestPlusSharesNothingWithItsArgument(t *testing.T) {
	lost := &result.Outcome{Seed: 3, Violations: []result.Finding{{Class: "lost", Signature: "lost/cut/x"}}}
	one := sumOf(lost)
	before := bytesOf(t, one)
	sum := plus(one)
	sum.Plus(one)
	sum.Add(wants, lost)
	require.Equal(t, before, bytesOf(t, one))
}

func TestSmallestFailingSeedsAreKept(t *testing.T) {
	sum := &tally.Tally{}
	for seed := uint64(1000); seed > 0; seed-- {
		sum.Add(wants, &result.Outcome{Seed: seed, Scenario: "a", Verdict: result.Stuck, StuckReason: "a waits for b"})
	}
	stuck := sum.Findings["stuck"]
	require.EqualValues(t, 1000, stuck.Seeds)
	require.Len(t, stuck.Smallest, tally.KeptSeeds)
	require.Equal(t, tally.Failure{Seed: 1, Scenario: "a", Detail: "a waits for b"}, stuck.Smallest[0])
	require.EqualValues(t, tally.KeptSeeds, stuck.Smallest[tally.KeptSeeds-1].Seed)
	require.EqualValues(t, 1000, sum.Failing())
}

func TestClassesAskLessOfASeedThanOfAScenario(t *testing.T) {
	completed := protocol.MarkSetOf(protocol.MarkCheckpointCompleted)
	for class, c := range map[tally.Class]result.Outcome{
		tally.OK:        {JobState: protocol.JobFinished, Marks: completed, Protocol: protocol.Aligned, Verdict: result.Vacuous},
		tally.Vacuous:   {JobState: protocol.JobFinished, Protocol: protocol.Aligned},
		tally.Failed:    {JobState: protocol.JobFailed, Marks: completed, Verdict: result.Failed},
		tally.Stuck:     {JobState: protocol.JobRunning, Marks: completed, Verdict: result.Stuck},
		tally.Violation: {Violations: []result.Finding{{Class: "lost"}}, Verdict: result.Violation},
		tally.Panic:     {Violations: []result.Finding{{Class: "panic"}}, Verdict: result.Violation},
	} {
		require.Equal(t, class, tally.ClassOf(wants, &c), class.String())
		require.Equal(t, class >= tally.Failed, class.Bad())
	}
	require.Equal(t, tally.OK, tally.ClassOf(wants, &result.Outcome{JobState: protocol.JobFinished, Protocol: protocol.None}),
		"where there are no checkpoints, none is missing")
	require.Equal(t, tally.Vacuous, tally.ClassOf(wants, &result.Outcome{JobState: protocol.JobCanceled, Marks: completed}))
	endless := tally.Expectation{MayFail: true}
	require.Equal(t, tally.OK, tally.ClassOf(endless, &result.Outcome{JobState: protocol.JobCanceled, Marks: completed}))
	require.Equal(t, tally.OK, tally.ClassOf(endless, &result.Outcome{JobState: protocol.JobFailed}))
}

func TestScenariosAreAskedWhatTheyWantAsAWhole(t *testing.T) {
	sum := sumOf(&result.Outcome{Scenario: "a", Marks: protocol.MarkSetOf(protocol.MarkJobFinished)})
	require.Equal(t, []string{"timer-fired"}, sum.Scenarios["a"].Missing())
	sum.Plus(sumOf(&result.Outcome{Scenario: "a", Marks: protocol.MarkSetOf(protocol.MarkTimerFired)}))
	require.Empty(t, sum.Scenarios["a"].Missing())
}

func TestHistogramsKeepFivePlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Int64Range(0, math.MaxInt64).Draw(t, "value")
		var h tally.Histogram
		h.Add(value)
		got := h.Permille(rapid.Uint64Range(0, 1000).Draw(t, "permille"))
		require.LessOrEqual(t, got, value)
		require.LessOrEqual(t, value-got, value>>5)
		if value < 64 {
			require.Equal(t, value, got)
		}
	})
	var h tally.Histogram
	require.Zero(t, h.Permille(500))
	for value := range int64(60) {
		h.Add(value)
	}
	h.Add(-5)
	require.EqualValues(t, 61, h.Count())
	require.EqualValues(t, 29, h.Permille(500))
	require.EqualValues(t, 59, h.Permille(1000))
}

func TestForeignHistogramsAndMarksAreRefused(t *testing.T) {
	for _, text := range []string{`[[65,1]]`, `[[64,0]]`, `{}`, `[["a",1]]`} {
		require.Error(t, json.Unmarshal([]byte(text), &tally.Histogram{}), text)
	}
	var w tally.Words
	require.ErrorContains(t, json.Unmarshal([]byte(`["job-finisht"]`), &w), `there is no mark "job-finisht"`)
}

func TestSumsStayAtTheLargestNumber(t *testing.T) {
	var c tally.Counts
	c.Add("x", math.MaxUint64)
	c.Add("x", 5)
	c.Add("y", 0)
	require.Equal(t, "map[x:18446744073709551615]", fmt.Sprint(map[string]uint64(c)))
	require.EqualValues(t, uint64(math.MaxUint64), c.Total())
}
