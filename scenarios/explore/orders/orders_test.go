package orders_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
	"simrun/scenarios/trial"
)

func tiny(t testing.TB, name protocol.Name, bug protocol.Bug) *config.Scenario {
	t.Helper()
	scenarios, err := orders.Tiny()
	require.NoError(t, err)
	for _, s := range scenarios {
		if s.Job.Config.Protocol == name {
			s.Run.Bug = bug
			return s
		}
	}
	require.Fail(t, "no such protocol")
	return nil
}

func walk(t testing.TB, s *config.Scenario, o orders.Options) *orders.Result {
	t.Helper()
	r, err := orders.Walk(s, 1, o, census.InOrder)
	require.NoError(t, err)
	return r
}

func TestHealthyProtocolsSurviveEveryOrderOfTheFirstTurns(t *testing.T) {
	scenarios, err := orders.Tiny()
	require.NoError(t, err)
	for _, s := range scenarios {
		r := walk(t, s, orders.Options{MostChoices: 8})
		require.True(t, r.Exhausted)
		require.Empty(t, r.Failures, s.Name)
		require.Greater(t, r.Runs, 100, s.Name)
	}
}

// Each of these jobs survives the order in which paths have waited: what kills it is another
// one.
func TestBugsThatNeedAnOrderAreFound(t *testing.T) {
	for bug, name := range map[protocol.Bug]protocol.Name{
		protocol.BugReleaseOnFirstBarrier: protocol.Aligned,
		protocol.BugBarrierBlocksNothing:  protocol.Aligned,
		protocol.BugPersistsBehindBarrier: protocol.Unaligned,
		protocol.BugRecordedOutOfOrder:    protocol.Unaligned,
	} {
		s := tiny(t, name, bug)
		require.Equal(t, 1, walk(t, s, orders.Options{MostRuns: 1}).Survived, bug)
		r := walk(t, s, orders.Options{MostRuns: 1500})
		require.NotEmpty(t, r.Failures, bug)
		require.False(t, r.Exhausted)
		requireReplays(t, r, &r.Failures[0])
	}
}

// requireReplays reads a failure's case file and runs it.
func requireReplays(t *testing.T, r *orders.Result, f *orders.Failure) {
	recorded, err := config.LoadCase("case.yaml", r.Case(f).YAML(), config.NoFiles{})
	require.NoError(t, err)
	require.Equal(t, f.Choices, recorded.Scenario.Run.Deliveries)
	c, err := trial.NewCase(recorded.Scenario, recorded.Seed)
	require.NoError(t, err)
	o, err := trial.New().Run(c)
	require.NoError(t, err)
	require.Equal(t, recorded.Digest, o.Digest)
	require.Equal(t, recorded.Signature, o.Signature())
}

func TestManyCoresWalkTheSameOrders(t *testing.T) {
	s := tiny(t, protocol.Unaligned, protocol.BugPersistsBehindBarrier)
	backwards := func(n int, f func(int)) {
		for i := n - 1; i >= 0; i-- {
			f(i)
		}
	}
	one := walk(t, s, orders.Options{MostRuns: 1000})
	other, err := orders.Walk(s, 1, orders.Options{MostRuns: 1000}, backwards)
	require.NoError(t, err)
	require.Equal(t, one.String(), other.String())
	require.Equal(t, len(one.Failures), len(other.Failures))
	for i := range one.Failures {
		require.Equal(t, one.Failures[i].Choices, other.Failures[i].Choices)
		require.Equal(t, one.Failures[i].Orders, other.Failures[i].Orders)
	}
}

func TestResultsSayHowFarTheyGo(t *testing.T) {
	r := orders.Result{Runs: 23040, Survived: 23040, Exhausted: true}
	require.Equal(t, "all 23,040 orders of delivery survive", r.String())
	r.Survived--
	require.Equal(t, "23,039 of 23,040 orders of delivery survived", r.String())
	r.Exhausted = false
	require.Equal(t, "23,039 of 23,040 orders of delivery survived, and there are more", r.String())
}
