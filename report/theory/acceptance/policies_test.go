package acceptance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
)

// policies are in the order that 5.5b finds: who overtakes, who overtakes late, who blocks,
// who records late channels, who merely counts.
var policies = []protocol.Name{
	protocol.Unaligned, protocol.HybridIn, protocol.Aligned, protocol.ChandyLamport, protocol.AtLeastOnce,
}

// policyShapes are the keyed rows of 5.5b with k >= 2: k, p, c, b/r.
var policyShapes = [][4]int{{2, 4, 16, 1}, {3, 4, 32, 1}, {2, 8, 32, 1}, {4, 8, 16, 1}}

// standing is a row of 5.5b: means over seeds, by policy.
type standing struct {
	shape [4]int
	// drain is T in units of k p N s, persisted the channel state in units of L.
	drain, persisted [5]float64
	// fill is L/(k p p N).
	fill float64
}

// standings are all rows; every policy sees the same universes up to the trigger.
func standings(t *testing.T) []standing {
	return stood.of(t, func() (rows []standing) {
		all := seeds(t, 5)
		var pipelines []pipeline
		for _, s := range policyShapes {
			for _, name := range policies {
				p := newPipeline(job.Keyed, s[0], s[1], s[2], s[3])
				p.protocol = name
				pipelines = append(pipelines, p)
			}
		}
		observed := sweep(t, overSeeds(pipelines, all), observe)
		for i, shape := range policyShapes {
			perRow := len(policies) * len(all)
			rows = append(rows, newStanding(shape, observed[i*perRow:][:perRow]))
		}
		return rows
	})
}

var stood cache[standing]

func newStanding(shape [4]int, observed [][]observation) standing {
	row := standing{shape: shape}
	count := float64(len(observed) / len(policies))
	for i := range observed {
		o, policy := &observed[i][0], i/int(count)
		row.drain[policy] += o.nominalRatio() / count
		row.persisted[policy] += float64(o.stats.PersistedBytes) / float64(o.stats.InFlightBytes) / count
		row.fill += o.fill() / float64(len(observed))
	}
	return row
}

// TestV9PoliciesStandInOrder: unaligned << hybrid-in < aligned <= chandy-lamport <=
// at-least-once, on keyed exchanges with private buffers, in the mean over universes.
func TestV9PoliciesStandInOrder(t *testing.T) {
	for _, row := range standings(t) {
		d := row.drain
		require.Less(t, 10*d[0], d[1], "%v: unaligned << hybrid-in", row.shape)
		require.Less(t, d[1], d[2], "%v: hybrid-in < aligned", row.shape)
		require.LessOrEqual(t, d[2], d[3], "%v: aligned <= chandy-lamport", row.shape)
		require.LessOrEqual(t, d[3], d[4], "%v: chandy-lamport <= at-least-once", row.shape)
	}
}

// TestV9NotBlockingIsSlower: removing the alignment makes checkpoints longer, by 1.6 to 2.6
// times in 5.5b.
func TestV9NotBlockingIsSlower(t *testing.T) {
	for _, row := range standings(t) {
		require.Greater(t, row.drain[4]/row.drain[2], 1.3, "%v", row.shape)
	}
}
