package measured

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/scenarios/config"
	"simrun/sim"
)

// Options builds the job of a measured run, as the data's README describes it.
func (r *Run) Options(seed uint64, cores int) runtime.Options {
	o := runtime.Options{
		Seed: seed, Cluster: r.cluster(cores), Graph: &job.Graph{Name: r.Name, MaxParallelism: maxParallelism},
		Config: config.DefaultOptions(),
	}
	r.configure(&o.Config)
	r.nodes(o.Graph)
	return o
}

// cluster is one machine for everything: task managers by layout, on one node.
func (r *Run) cluster(cores int) runtime.Cluster {
	c := runtime.Cluster{
		TaskManagers: 1, Slots: r.Parallelism, Nodes: 1, Cores: cores, JobManagers: 1,
		Network: runtime.Network{
			Latency: sim.Constant(HopNanos), LoopbackLatencyNanos: HopNanos, ConnectionTimeoutNanos: 10 * billion,
		},
		Storage: runtime.Storage{
			Latency: sim.Constant(FileNanos + r.StorageLatencyNanos), WriterBytesPerSecond: r.StorageBytesPerSecond,
		},
		ExternalLatency: sim.Constant(1),
	}
	switch r.Layout {
	case LayoutSpread:
		c.TaskManagers, c.Slots = r.Parallelism, 1
	case LayoutRemote:
		c.TaskManagers, c.Slots = r.Parallelism*len(r.Vertices()), 1
	}
	return c
}

func (r *Run) configure(c *job.Config) {
	c.Protocol = r.Protocol
	if c.Protocol == protocol.HybridOut && r.AlignedTimeoutNanos == 0 {
		c.Protocol = protocol.Unaligned // that is what Flink makes of it
	}
	c.AlignedTimeoutNanos = r.AlignedTimeoutNanos
	c.Checkpointing.IntervalNanos = r.IntervalNanos
	c.Checkpointing.TimeoutNanos = 600 * billion // Flink's default
	c.Network.SegmentSizeBytes = int32(r.SegmentBytes)
	c.Network.Debloat = r.Debloat
	c.Network.DebloatTargetNanos = r.DebloatTargetNanos
	c.BufferTimeoutNanos = r.BufferTimeoutNanos
	c.WatermarkIntervalNanos = 0
	c.Chaining = false
	c.NoSlotSharing = r.Layout == LayoutRemote
	c.MaxParallelism = maxParallelism
	c.Costs = Costs()
}

// nodes are source, op1 to op<depth-2>, sink.
func (r *Run) nodes(g *job.Graph) {
	spec := source.Synthetic("source", source.SyntheticOptions{
		Keys: r.Keys, PayloadBytes: sim.Constant(r.PayloadBytes), Rate: r.rate(),
		Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
	})
	g.Nodes = append(g.Nodes, job.Node{ID: "source", Parallelism: r.Parallelism, Source: &spec})
	if r.Topology == TopologyUnion {
		r.unionNodes(g)
		return
	}
	for i := 1; i <= r.Depth-2; i++ {
		g.Nodes = append(g.Nodes, r.operator(i))
	}
	g.Nodes = append(g.Nodes, r.sinkNode(r.input(len(g.Nodes)-1)))
}

func (r *Run) rate() source.Rate {
	return source.Rate{RecordsPerSecond: sim.Ratio{Num: r.SourceRecordsPerSecond, Den: 1}}
}

func operatorName(i int) string { return fmt.Sprintf("op%d", i) }

func (r *Run) operator(i int) job.Node {
	node := job.Node{ID: operatorName(i), Parallelism: r.Parallelism, Inputs: r.input(i - 1)}
	var spec operator.Spec
	if i == 1 && r.Exchange == job.Keyed {
		entry := r.StateBytesPerKey + arrayBytes
		if r.StateBytesPerKey == 0 {
			entry = counterBytes
		}
		spec = operator.Running(node.ID, operator.RunningOptions{
			Aggregate: operator.Count, Emit: operator.EmitInput, EntryBytes: entry,
		})
		node.Service.CPUNanos = KeyedNanos
	} else {
		spec = operator.Map(node.ID, operator.MapIdentity)
	}
	node.Operator = &spec
	return node
}

// What an entry of keyed state takes in a checkpoint: a counter with its share of the keys'
// and the key groups' bytes, and what a byte array takes besides its bytes.
const (
	counterBytes = 19
	arrayBytes   = 13
)

func (r *Run) input(from int) []job.Input {
	return []job.Input{{From: from, Exchange: r.Exchange}}
}

func (r *Run) sinkNode(inputs []job.Input) job.Node {
	return job.Node{ID: "sink", Parallelism: r.Parallelism, Inputs: inputs, Sink: &sink.Spec{
		ID: "sink", Kind: sink.Discard,
		Service: sink.Service{Base: sim.Constant(r.sinkWaitNanos())},
	}}
}

// sinkWaitNanos is the part of the sink's time that is not CPU: it keeps to a schedule, so
// that what a record costs besides is part of its time.
func (r *Run) sinkWaitNanos() int64 {
	cpu := RecordNanos + (r.PayloadBytes+source.HeaderBytes)*BytePicos/1000
	return max(r.SinkNanos-cpu, 0)
}

// unionNodes are the second, slower source and the operator that both feed.
func (r *Run) unionNodes(g *job.Graph) {
	second := source.Synthetic("source2", source.SyntheticOptions{
		Keys: r.Keys, PayloadBytes: sim.Constant(r.PayloadBytes),
		Rate:       source.Rate{RecordsPerSecond: sim.Ratio{Num: 200, Den: 1}},
		Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
	})
	pass := operator.Map("u", operator.MapIdentity)
	g.Nodes = append(g.Nodes,
		job.Node{ID: "source2", Parallelism: r.Parallelism, Source: &second},
		job.Node{ID: "u", Parallelism: r.Parallelism, Operator: &pass, Inputs: []job.Input{
			{From: 0, Exchange: job.Rebalance}, {From: 1, Exchange: job.Rebalance},
		}},
		r.sinkNode([]job.Input{{From: 2, Exchange: job.Rebalance}}))
}
