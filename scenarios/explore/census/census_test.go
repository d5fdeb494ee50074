package census_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// small has three stages of two subtasks, some checkpoints and a sink of two-phase commits.
const small = `
name: small
cluster: {task-managers: 2, slots: 1, nodes: 2, cores: 2, storage: {latency: "uniform(2ms,6ms)"}}
job:
  protocol: unaligned
  configuration:
    execution.checkpointing.interval: 60 ms
    heartbeat.interval: 50 ms
    heartbeat.timeout: 250 ms
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 10
    restart-strategy.fixed-delay.delay: 20 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 1000/s, jitter: true, records: 150, payload: 100 b}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count, emit: input}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: counts, exchange: rebalance}]}
expect: {verdict: ok}
`

func of(t testing.TB, sets ...string) *census.Census {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{}, sets...)
	require.NoError(t, err)
	c, err := census.New(s, 1)
	require.NoError(t, err)
	return c
}

// cores is an Each that uses all of them.
func cores(n int, f func(int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range next {
				f(i)
			}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// every takes each n-th of the points that the filter likes.
func every(n int, points []census.Point, likes func(census.Point) bool) (plans [][]census.Point) {
	taken := 0
	for _, p := range points {
		if likes == nil || likes(p) {
			if taken%n == 0 {
				plans = append(plans, []census.Point{p})
			}
			taken++
		}
	}
	return plans
}

func TestACensusFindsEveryPointOnceAndTheSameTwice(t *testing.T) {
	points := of(t).Points()
	require.Greater(t, len(points), 800)
	seen := map[census.Point]bool{}
	groups := map[protocol.StepGroup]int{}
	for _, p := range points {
		require.False(t, seen[p], "%s", p)
		seen[p] = true
		groups[p.Step.Group()]++
		require.NotEmpty(t, p.Role)
		if p.Ordinal > 1 {
			before := p
			before.Ordinal--
			require.True(t, seen[before], "%s", p)
		}
	}
	require.Len(t, groups, 6, "all but channel-state recovery, which begins with partitions: %v", groups)
	again, err := census.Points(of(t).Scenario(), 1)
	require.NoError(t, err)
	require.Equal(t, points, again)
}

func TestAHealthyJobSurvivesItsSingleCrashPoints(t *testing.T) {
	for _, name := range []string{"aligned", "unaligned", "hybrid-out"} {
		c := of(t, "job.protocol="+name)
		r, err := c.Sweep(every(9, c.Points(), nil), cores)
		require.NoError(t, err)
		for i := range r.Failures {
			f := &r.Failures[i]
			t.Errorf("%s %v: %s %v %v %s", name, f.Points, f.Outcome.Verdict, f.Outcome.Violations,
				f.Outcome.Missing, f.Outcome.StuckReason)
		}
		require.Equal(t, r.Runs, r.Survived)
	}
}

func TestPairsAreReachedCountedAndSurvived(t *testing.T) {
	c := of(t)
	r, err := c.Pairs(500, cores)
	require.NoError(t, err)
	for i := range r.Failures {
		t.Errorf("%v: %s %v %v", r.Failures[i].Points, r.Failures[i].Outcome.Verdict,
			r.Failures[i].Outcome.Violations, r.Failures[i].Outcome.Missing)
	}
	require.LessOrEqual(t, r.Runs, 500)
	require.Greater(t, r.Runs, 250)
	require.Equal(t, r.Runs, r.Covered)
	require.Greater(t, r.Reachable, 10*r.Covered)
	require.Regexp(t, `^\d+ / \d+ pairs of crash points survived, \d\.\d % of reachable pairs$`, r.String())
}

// A leader that tells of a checkpoint before it is stored is caught only if it dies in
// between: a window of some milliseconds, which a census does not miss.
func TestACensusCatchesABugThatTakesOneCrashAtOnePlace(t *testing.T) {
	c := of(t, "run.planted-bug=notifies-before-stored")
	plans := every(1, c.Points(), func(p census.Point) bool {
		return p.Process && (p.Step == protocol.StepWriteMetadata || p.Step == protocol.StepAddPointer)
	})
	r, err := c.Sweep(plans, cores)
	require.NoError(t, err)
	require.NotEmpty(t, r.Failures, "%s", r)
	f := &r.Failures[0]
	require.Equal(t, result.Violation, f.Outcome.Verdict)

	recorded, err := config.LoadCase("case.yaml", c.Case(f).YAML(), config.NoFiles{})
	require.NoError(t, err)
	again, err := trial.NewCase(recorded.Scenario, recorded.Seed)
	require.NoError(t, err)
	o, err := trial.New().Run(again)
	require.NoError(t, err)
	require.Equal(t, recorded.Digest, o.Digest)
	require.Equal(t, recorded.Signature, o.Signature())
}

func TestACrashThatDoesNotStrikeIsNoSurvival(t *testing.T) {
	c := of(t)
	p := c.Points()[0]
	p.Ordinal = 1000
	r, err := c.Sweep([][]census.Point{{p}}, census.InOrder)
	require.NoError(t, err)
	require.Zero(t, r.Survived)
	require.Equal(t, result.Vacuous, r.Failures[0].Outcome.Verdict)
}

func TestASpaceNumbersThePointsOfItsScenarios(t *testing.T) {
	a, b := of(t), of(t, "job.protocol=aligned")
	space, err := census.NewSpace([]*config.Scenario{a.Scenario(), b.Scenario()}, 1)
	require.NoError(t, err)
	require.EqualValues(t, len(a.Points())+len(b.Points()), space.Len())
	for _, i := range []int{0, 17, len(a.Points()) - 1} {
		s, err := space.Draw(uint64(i))
		require.NoError(t, err)
		require.Equal(t, census.Plan(a.Points()[i]), s.Faults)
		require.Equal(t, protocol.Unaligned, s.Job.Config.Protocol)
		require.EqualValues(t, 1, s.Seed)
	}
	s, err := space.Draw(uint64(len(a.Points())))
	require.NoError(t, err)
	require.Equal(t, census.Plan(b.Points()[0]), s.Faults)
	_, err = space.Draw(space.Len())
	require.ErrorContains(t, err, "crash points, and no number")
}

func TestResultsGroupTheirThousands(t *testing.T) {
	r := census.Result{What: "single crash points", Runs: 1284, Survived: 1284, Reachable: 1284, Covered: 1284}
	require.Equal(t, "1,284 / 1,284 single crash points survived", r.String())
	r = census.Result{What: "pairs of crash points", Runs: 1002003, Survived: 7, Reachable: 2000, Covered: 1946}
	require.Equal(t, "7 / 1,002,003 pairs of crash points survived, 97.3 % of reachable pairs", r.String())
}

// A list has every point of each scenario once, and every pair of kinds that can be reached once,
// the scenarios in turn; what a number runs is a pure function of it.
func TestAListHasEveryPointAndEveryPairOfKindsOnce(t *testing.T) {
	a, b := of(t).Scenario(), of(t, "job.protocol=aligned", "name=other").Scenario()
	a.Seed, b.Seed = 3, 4
	list, err := census.NewList([]*config.Scenario{a, b}, true, cores)
	require.NoError(t, err)
	counts, kinds := map[string]uint64{}, map[string]bool{}
	for i := range list.Len() {
		group := list.Group(i)
		counts[group]++
		points := list.Points(i)
		key := group + points[0].String()
		if len(points) == 2 {
			key = group + points[0].Kind.String() + points[1].Kind.String()
		}
		require.False(t, kinds[key], key)
		kinds[key] = true
	}
	for _, g := range list.Groups() {
		require.Equal(t, g.Runs, counts[g.Name], g.Name)
		require.Greater(t, g.Runs, uint64(800), g.Name)
	}
	require.Equal(t, "small, seed 3: single crash points", list.Group(0))
	require.Equal(t, "other, seed 4: single crash points", list.Group(1))
	require.Equal(t, "other, seed 4: pairs of crash points", list.Groups()[3].Name)
	s, err := list.Draw(1)
	require.NoError(t, err)
	require.Equal(t, census.Plan(list.Points(1)...), s.Faults)
	require.EqualValues(t, 4, s.Seed)
	_, err = list.Draw(list.Len())
	require.ErrorContains(t, err, "runs, and no number")
}
