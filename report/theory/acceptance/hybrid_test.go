package acceptance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime/job"
	"simrun/scenarios/result"
)

// hybridShapes are k, p, c, b/r.
var hybridShapes = [][4]int{{1, 4, 32, 1}, {2, 4, 32, 2}, {3, 4, 32, 1}, {2, 8, 32, 1}, {4, 4, 32, 2}}

// hybrids switch after so many permille of the nominal drain; round-robin, where the drain
// is linear to its end.
func hybrids(name protocol.Name, permille ...int64) (all []pipeline) {
	for _, s := range hybridShapes {
		for _, part := range permille {
			p := newPipeline(job.Rebalance, s[0], s[1], s[2], s[3])
			p.protocol = name
			p.timeoutNanos = nominalNanos(&p)*part/1000 + millisecond
			all = append(all, p)
		}
	}
	return all
}

// seen is the pipeline as package theory sees it.
func (p *pipeline) seen() *result.Pipeline {
	e := result.Exchange{
		Senders: int64(p.parallelism), Receivers: int64(p.parallelism),
		InputBuffers:  int64(p.parallelism) * int64(p.inputBuffers),
		OutputBuffers: int64(p.parallelism) * int64(p.outputBuffers), SubpartitionBuffers: int64(p.outputBuffers),
		SegmentBytes: int64(p.bufferBytes()), RecordBytes: recordBytes, LatencyNanos: p.latencyNanos,
	}
	seen := &result.Pipeline{AlignedTimeoutNanos: p.timeoutNanos, SinkServiceNanos: p.serviceNanos()}
	for range p.depth {
		seen.Exchanges = append(seen.Exchanges, e)
	}
	return seen
}

func lateHybrids(t *testing.T) []observation {
	return late.of(t, func() []observation {
		all := hybrids(protocol.HybridOut, 100, 400, 800)
		return slices.Concat(sweep(t, overSeeds(all, seeds(t, 2)), observe)...)
	})
}

func receivingHybrids(t *testing.T) []observation {
	return receiving.of(t, func() []observation {
		all := hybrids(protocol.HybridIn, 0)
		return slices.Concat(sweep(t, overSeeds(all, seeds(t, 2)), observe)...)
	})
}

var late, receiving cache[observation]

// leftOver is how far V is from what the drain leaves after a wait, in units of L.
func (o *observation) leftOver(waitNanos int64) float64 {
	left := theory.LeftAt(o.stats.InFlightBytes, waitNanos, o.stats.BottleneckNanos)
	return float64(o.stats.PersistedBytes-left) / float64(o.stats.InFlightBytes)
}

// TestV8HybridOutStoresALinearRest: V(τ) = V (1 - τ/T), within 3 % of L.
func TestV8HybridOutStoresALinearRest(t *testing.T) {
	for _, o := range lateHybrids(t) {
		require.InDelta(t, 0, o.leftOver(o.timeoutNanos), 0.03, "%v", &o.pipeline)
	}
}

// TestHybridInWaitsForTheSourcesOnly: with a timeout of 1 ms, barriers wait in line until the
// sources' output has drained, and overtake from there; within 5 % of T.
func TestHybridInWaitsForTheSourcesOnly(t *testing.T) {
	for _, o := range receivingHybrids(t) {
		drain := o.stats.BottleneckNanos
		wait := theory.HybridInWait(o.seen(), drain)
		require.InDelta(t, wait, o.drainNanos, 0.05*float64(drain), "%v", &o.pipeline)
		require.InDelta(t, 0, o.leftOver(wait), 0.05, "%v", &o.pipeline)
	}
}
