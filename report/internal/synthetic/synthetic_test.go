package synthetic_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/internal/synthetic"
)

func TestComparisonHoldsWhatReportsMustCopeWith(t *testing.T) {
	c := synthetic.Comparison(synthetic.Full())
	require.Len(t, c.Runs, 4*3*7*5)
	var expired, skipped, unrecovered, unfinished bool
	for _, run := range c.Runs {
		expired = expired || run.Outcome.Checkpoints[0].Expired()
		skipped = skipped || run.Outcome.Measures.Skipped > 0
		unrecovered = unrecovered || run.Recovery == nil
		unfinished = unfinished || run.Recovery != nil && !run.Recovery.Complete
	}
	require.True(t, expired && skipped && unrecovered && unfinished)
	require.Equal(t, c, synthetic.Comparison(synthetic.Full()))
}
