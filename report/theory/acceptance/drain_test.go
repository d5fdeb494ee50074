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
	return theory.NominalDrain(int64(p.depth), int64(p.parallelism), 1, int64(p.channelRecords()*float64(p.serviceNanos())))
}

// shapes are k, p, N.
var shapes = [][3]int{{1, 4, 16}, {2, 4, 16}, {3, 4, 32}, {2, 8, 32}, {4, 8, 16}}

// drains are pipelines of all shapes that align.
func drains() (all []pipeline) {
	for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
		for _, s := range shapes {
			for _, recordsPerBuffer := range []int32{1, 4} {
				p := newPipeline(exchange, s[0], s[1], int32(s[2]), recordsPerBuffer)
				p.checkpoints = 2
				all = append(all, p)
			}
		}
	}
	skewed := newPipeline(job.Keyed, 2, 4, 16, 1)
	skewed.hotPermille, skewed.checkpoints = 300, 2
	uneven := newPipeline(job.Keyed, 2, 4, 16, 2)
	uneven.service, uneven.checkpoints = sim.Uniform(millisecond/2, 3*millisecond/2), 2
	// A hybrid whose timeout never comes aligns as well.
	patient := newPipeline(job.Keyed, 2, 4, 16, 1)
	patient.protocol, patient.timeoutNanos, patient.checkpoints = protocol.HybridOut, 1000*second, 2
	patientIn := patient
	patientIn.protocol = protocol.HybridIn
	return append(all, skewed, uneven, patient, patientIn)
}

func flatten(all [][]observation) []observation { return slices.Concat(all...) }

// TestV1AlignedDrainIsWorkConservation (A1): T = max over sinks of the service times of the
// records ahead of the barrier, within 1 % and the record partly served, and (p-1) buffers
// because gates rotate by buffer.
func TestV1AlignedDrainIsWorkConservation(t *testing.T) {
	for _, o := range flatten(sweep(t, overSeeds(drains(), seeds(t, 2)), observe)) {
		drain := theory.Drain([]int64{o.stats.BottleneckNanos})
		slack := float64(drain)/100 + float64(o.longestNanos()) + o.rotationNanos()
		require.InDelta(t, drain, o.drainNanos, slack, "%v", &o.pipeline)
		t.Logf("%v  T-Tp %.2f s  %.4f nominal %.4f", &o.pipeline, float64(o.drainNanos-drain)/float64(o.serviceNanos()), float64(o.drainNanos)/float64(drain), float64(o.drainNanos)/float64(nominalNanos(&o.pipeline)))
	}
}
