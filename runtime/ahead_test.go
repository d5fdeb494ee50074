package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// variants are jobs in which runs of records meet everything that may interrupt them.
func variants() map[string]func(*runtime.Options) {
	return map[string]func(*runtime.Options){
		"backpressure from a slow sink": func(*runtime.Options) {},
		"an unlimited source and a free sink": func(o *runtime.Options) {
			src := source.Synthetic("source", source.SyntheticOptions{
				Keys: 50, PayloadBytes: sim.Constant(100), Limit: 200_000,
			})
			o.Graph.Nodes[0].Source = &src
			o.Graph.Nodes[2].Sink = &sink.Spec{ID: "db", Kind: sink.Transactional, External: "database"}
			o.Config.Checkpointing.IntervalNanos = 20e6
		},
		"more work than cores": func(o *runtime.Options) {
			src := source.Synthetic("source", source.SyntheticOptions{
				Keys: 50, PayloadBytes: sim.Constant(100), Limit: 100_000,
			})
			o.Graph.Nodes[0].Source = &src
			o.Graph.Nodes[2].Sink = &sink.Spec{ID: "db", Kind: sink.Append, External: "database"}
			o.Cluster.Nodes, o.Cluster.Cores = 1, 2
			o.Config.Checkpointing.IntervalNanos = 20e6
		},
		"another future": func(o *runtime.Options) {
			o.Branch = &runtime.Branch{AtNanos: 123_456_789, Seed: 77, JitterNanos: 300e3}
		},
		"small segments and spanning records": func(o *runtime.Options) {
			src := source.Synthetic("source", source.SyntheticOptions{
				Keys: 50, PayloadBytes: sim.Uniform(10, 900), Limit: 50_000,
			})
			o.Graph.Nodes[0].Source = &src
			o.Graph.Nodes[2].Sink = &sink.Spec{ID: "db", Kind: sink.Append, External: "database"}
			o.Config.Network.SegmentSizeBytes = 2048
			o.Config.Checkpointing.IntervalNanos = 20e6
		},
	}
}

// TestRunsOfRecordsGiveTheDigestOfSingleRecords holds the fast way to the reference: one
// event a record.
func TestRunsOfRecordsGiveTheDigestOfSingleRecords(t *testing.T) {
	for variant, change := range variants() {
		for _, name := range []protocol.Name{protocol.Aligned, protocol.Unaligned, protocol.HybridOut, protocol.AtLeastOnce} {
			t.Run(variant+"/"+string(name), func(t *testing.T) {
				run := func(recordMode bool) (*runtime.System, []sim.Event) {
					var events []sim.Event
					o := jobOptions(name)
					o.RecordMode = recordMode
					change(&o)
					s, err := runtime.New(o, func(e *sim.Event) { events = append(events, *e) })
					require.NoError(t, err)
					s.Run(runtime.RunOptions{LimitNanos: 200e9})
					return s, events
				}
				fast, fastEvents := run(false)
				slow, slowEvents := run(true)
				for i := range min(len(fastEvents), len(slowEvents)) {
					require.Equal(t, slowEvents[i], fastEvents[i], "event %d: %s and %s", i,
						protocol.EventText(protocol.EventKind(slowEvents[i].Kind), slowEvents[i].Args),
						protocol.EventText(protocol.EventKind(fastEvents[i].Kind), fastEvents[i].Args))
				}
				require.Equal(t, slow.Digest(), fast.Digest())
				require.Equal(t, slow.Metrics.Taken, fast.Metrics.Taken)
				require.Less(t, fast.Kernel.DispatchCount(), slow.Kernel.DispatchCount())
			})
		}
	}
}
