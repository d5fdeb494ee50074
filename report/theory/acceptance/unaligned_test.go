package acceptance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
)

// overtakings are unaligned checkpoints of pipelines with so much in flight that a record more
// or less at each sink is no percent of it.
func overtakings(t *testing.T) []observation {
	return overtaken.of(t, func() []observation {
		var all []pipeline
		for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
			for _, s := range [][4]int{{1, 4, 128, 1}, {2, 4, 32, 2}, {3, 4, 64, 1}, {2, 8, 8, 8}, {4, 4, 16, 4}} {
				private := newPipeline(exchange, s[0], s[1], s[2], s[3])
				private.protocol, private.checkpoints = protocol.Unaligned, 2
				spanning := private
				spanning.spareBytes = recordBytes / 3
				all = append(all, private, spanning)
			}
		}
		return slices.Concat(sweep(t, overSeeds(all, seeds(t, 2)), observe)...)
	})
}

var overtaken cache[observation]

// TestV5UnalignedPersistsWhatIsInFlight: V = L r, within 1 %.
func TestV5UnalignedPersistsWhatIsInFlight(t *testing.T) {
	for _, o := range overtakings(t) {
		require.Greater(t, o.stats.InFlightRecords, int64(100*o.parallelism), "%v", &o.pipeline)
		require.InEpsilon(t, o.stats.InFlightRecords*recordBytes, o.stats.PersistedBytes, 0.01, "%v", &o.pipeline)
		require.InEpsilon(t, o.stats.InFlightBytes, o.stats.PersistedBytes, 0.01, "%v", &o.pipeline)
	}
}

// TestV5MissesOnlyWhatIsBegunInBetween: between trigger and barrier a sink may end a record and
// begin the next one, which nobody overtakes.
func TestV5MissesOnlyWhatIsBegunInBetween(t *testing.T) {
	for _, o := range overtakings(t) {
		missed := o.stats.InFlightRecords*recordBytes - o.stats.PersistedBytes
		require.LessOrEqual(t, missed, int64(o.parallelism)*recordBytes, "%v", &o.pipeline)
		require.GreaterOrEqual(t, missed, int64(0), "%v", &o.pipeline)
	}
}
