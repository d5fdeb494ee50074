package story_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

// A barrier that comes late is what the violation hangs on: had it come first, there would have
// been nothing to record.
func TestAnOrderOfDeliveryIsToldByTheExchangesThatMakeItPass(t *testing.T) {
	tiny, err := orders.Tiny()
	require.NoError(t, err)
	s := tiny[slices.IndexFunc(tiny, func(s *config.Scenario) bool {
		return s.Job.Config.Protocol == protocol.Unaligned
	})]
	s.Run.Bug = protocol.BugPersistsBehindBarrier
	walked, err := orders.Walk(s, 1, orders.Options{MostRuns: 1500}, census.InOrder)
	require.NoError(t, err)
	told, err := story.Tell(walked.Case(&walked.Failures[0]), story.Options{WhatIfRuns: story.DefaultWhatIfs})
	require.NoError(t, err)
	var passing []result.WhatIf
	for _, w := range told.WhatIf {
		if w.Kind == result.DeliveryExchanged && w.Passes() {
			passing = append(passing, w)
		}
	}
	require.NotEmpty(t, passing)
	require.Contains(t, passing[len(passing)-1].First, "barrier 1 of ")
	require.Contains(t, passing[len(passing)-1].Second, "buffer ")
}
