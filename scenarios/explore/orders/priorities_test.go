package orders_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
)

func sample(t testing.TB, s *config.Scenario, runs int) *orders.Sampled {
	t.Helper()
	r, err := orders.Sample(s, 1, orders.Options{MostRuns: runs}, census.InOrder)
	require.NoError(t, err)
	require.Equal(t, runs, r.Runs)
	return r
}

func crossing(t testing.TB, name protocol.Name, bug protocol.Bug) *config.Scenario {
	t.Helper()
	scenarios, err := orders.Small()
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

func TestHealthyProtocolsSurviveDrawnOrders(t *testing.T) {
	scenarios, err := orders.Small()
	require.NoError(t, err)
	for _, s := range scenarios {
		r := sample(t, s, 100)
		require.Empty(t, r.Failures, s.Name)
		require.Greater(t, r.Paths, 10, s.Name)
		require.Greater(t, r.Turns, 100, s.Name)
	}
}

func TestDrawnOrdersFindBugsThatNeedAnOrderAndReplay(t *testing.T) {
	for bug, name := range map[protocol.Bug]protocol.Name{
		protocol.BugReleaseOnFirstBarrier: protocol.Aligned,
		protocol.BugBarrierBlocksNothing:  protocol.Aligned,
		protocol.BugPersistsBehindBarrier: protocol.Unaligned,
		protocol.BugRecordedOutOfOrder:    protocol.Unaligned,
		protocol.BugNewestPendingOnly:     protocol.Aligned, // a notification that waits for a whole checkpoint
	} {
		r := sample(t, crossing(t, name, bug), 200)
		require.NotEmpty(t, r.Failures, bug)
		requireReplays(t, &r.Result, &r.Failures[0])
	}
}

func TestASampleIsTheSameOnManyCores(t *testing.T) {
	s := crossing(t, protocol.Unaligned, protocol.BugRecordedOutOfOrder)
	backwards := func(n int, f func(int)) {
		for i := n - 1; i >= 0; i-- {
			f(i)
		}
	}
	one := sample(t, s, 300)
	other, err := orders.Sample(s, 1, orders.Options{MostRuns: 300}, backwards)
	require.NoError(t, err)
	require.Equal(t, one.String(), other.String())
	require.Equal(t, one.Failures[0].Choices, other.Failures[0].Choices)
}
