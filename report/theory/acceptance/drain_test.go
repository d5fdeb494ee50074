package acceptance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime/job"
	"simrun/sim"
)

// nominalNanos is k p N s (A3).
func nominalNanos(p *pipeline) int64 {
	channelNanos := int64(p.channelRecords() * float64(p.serviceNanos()))
	return theory.NominalDrain(int64(p.depth), int64(p.parallelism), channelNanos, 1)
}

// drainShapes are k, p, c, b/r.
var drainShapes = [][4]int{
	{1, 4, 32, 1}, {2, 4, 32, 1}, {3, 4, 32, 1}, {2, 8, 32, 1}, {4, 8, 24, 1}, {1, 2, 32, 2}, {2, 4, 32, 4}, {3, 4, 32, 2},
}

// drains are aligned checkpoints of full pipelines, two a run: before the second one,
// barriers have closed buffers that were partly full.
func drains(t *testing.T) []observation {
	return drained.of(t, func() []observation {
		var all []pipeline
		for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
			for _, s := range drainShapes {
				all = append(all, newPipeline(exchange, s[0], s[1], s[2], s[3]))
			}
		}
		all = append(all, oddDrains()...)
		for i := range all {
			all[i].checkpoints = 2
		}
		return slices.Concat(sweep(t, overSeeds(all, seeds(t, 2)), observe)...)
	})
}

var drained cache[observation]

// oddDrains are skewed, have an uneven service time, or hybrids whose timeout never comes.
func oddDrains() []pipeline {
	skewed := newPipeline(job.Keyed, 2, 4, 16, 1)
	skewed.hotPermille = 300
	uneven := newPipeline(job.Keyed, 2, 4, 32, 2)
	uneven.service = sim.Uniform(millisecond/2, 3*millisecond/2)
	out := newPipeline(job.Keyed, 2, 4, 16, 1)
	out.protocol, out.timeoutNanos = protocol.HybridOut, 1000*second
	in := out
	in.protocol = protocol.HybridIn
	return []pipeline{skewed, uneven, out, in}
}

// workConservation is A1, and the slack that it is given: 1 %, the record partly served, and
// (p-1) buffers because gates rotate by buffer.
func (o *observation) workConservation() (nanos int64, slack float64) {
	drain := theory.Drain([]int64{o.stats.BottleneckNanos})
	return drain, float64(drain)/100 + float64(o.longestNanos()) + o.rotationNanos()
}

// TestV1AlignedDrainIsWorkConservation (A1): T = max over sinks of the service times of the
// records ahead of the barriers.
func TestV1AlignedDrainIsWorkConservation(t *testing.T) {
	for _, o := range drains(t) {
		drain, slack := o.workConservation()
		require.InDelta(t, drain, o.drainNanos, slack, "%v", &o.pipeline)
	}
}

// TestV1IsNeverShorterWhereKeysDecide: where the way of every record is known, nothing is done
// sooner. (It can be later, by more than the rest of the record in service: docs/theory.md.)
func TestV1IsNeverShorterWhereKeysDecide(t *testing.T) {
	for _, o := range drains(t) {
		if o.exchange == job.Keyed {
			drain, _ := o.workConservation()
			require.GreaterOrEqual(t, o.drainNanos, drain, "%v", &o.pipeline)
		}
	}
}

// TestV1LittleIsALowerBound (A2): T >= L/Θ, with the slack of V1.
func TestV1LittleIsALowerBound(t *testing.T) {
	for _, o := range drains(t) {
		little := theory.DrainByLittle(o.stats.InFlightRecords, int64(o.parallelism), o.serviceNanos())
		_, slack := o.workConservation()
		require.GreaterOrEqual(t, float64(o.drainNanos), float64(little)-slack, "%v", &o.pipeline)
	}
}

// nominalRatio is T/(k p N s).
func (o *observation) nominalRatio() float64 {
	return float64(o.drainNanos) / float64(nominalNanos(&o.pipeline))
}

// TestV2RoundRobinDrainIsNominal (A3): k p N s, within -10 and +2 %.
func TestV2RoundRobinDrainIsNominal(t *testing.T) {
	for _, o := range drains(t) {
		if o.exchange == job.Rebalance {
			require.GreaterOrEqual(t, o.nominalRatio(), 0.90, "%v", &o.pipeline)
			require.LessOrEqual(t, o.nominalRatio(), 1.02, "%v", &o.pipeline)
		}
	}
}
