package runtime_test

import (
	"testing"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// BenchmarkRecordsThroughThreeStages drives records through source, keyed operator and
// sink, 2 x 2 channels each.
func BenchmarkRecordsThroughThreeStages(b *testing.B) {
	k := sim.New(sim.Options{})
	records := int64(0)
	for b.Loop() {
		o := jobOptions(protocol.Aligned)
		src := source.Synthetic("source", source.SyntheticOptions{
			Keys: 1000, PayloadBytes: sim.Constant(100), Limit: 1_000_000,
		})
		o.Graph.Nodes[0].Source = &src
		o.Graph.Nodes[2].Sink = &sink.Spec{ID: "db", Kind: sink.Append, External: "database"}
		o.KeepOutput = 0
		o.Cluster.Nodes = 4
		s, err := runtime.Build(k, o, nil)
		if err != nil {
			b.Fatal(err)
		}
		s.Run(runtime.RunOptions{LimitNanos: 3600e9})
		records += s.Metrics.Emitted
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}
