package scenarios

import (
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// pipelineOf is the job as the closed forms see it: the exchanges from the first source to
// the bottleneck. Nil where the job is no chain of all-to-all exchanges.
func pipelineOf(s *config.Scenario, c *trial.Case) *result.Pipeline {
	config := &c.Options.Config
	plan, err := job.Compile(c.Options.Graph, config)
	if err != nil {
		return nil
	}
	network, storage := &c.Options.Cluster.Network, &c.Options.Cluster.Storage
	p := &result.Pipeline{
		TriggerNanos: network.Latency.MeanNanos() + config.Costs.RPC.MeanNanos(),
		AckNanos:     network.Latency.MeanNanos() + config.Costs.RPC.MeanNanos(),
		SyncNanos:    config.Costs.SyncBaseNanos, StorageLatencyNanos: 2 * storage.Latency.MeanNanos(),
		StorageWriterBytesPerSecond: storage.WriterBytesPerSecond,
		StorageTotalBytesPerSecond:  storage.BytesPerSecond,
		AlignedTimeoutNanos:         config.AlignedTimeoutNanos,
		InlineBytes:                 config.DataInlineThresholdBytes,
	}
	recordBytes := meanRecordBytes(c.Options.Graph)
	for v := range plan.Vertices {
		vertex := &plan.Vertices[v]
		if len(vertex.Inputs) > 1 {
			return nil
		}
		for _, in := range vertex.Inputs {
			if !in.Unaligned {
				return nil
			}
			from := &plan.Vertices[in.Producer]
			e := exchangeOf(config, from, vertex)
			e.LatencyNanos, e.RecordBytes = network.Latency.MeanNanos(), recordBytes
			p.Exchanges = append(p.Exchanges, e)
		}
		if node := plan.SinkOf(vertex); node != nil {
			p.SinkServiceNanos = node.Sink.Service.Base.MeanNanos()
			p.Exchanges[len(p.Exchanges)-1].ResidualNanos = p.SinkServiceNanos
		}
	}
	return p
}

func exchangeOf(config *job.Config, from, to *job.Vertex) result.Exchange {
	n := &config.Network
	senders, receivers := int64(from.Parallelism), int64(to.Parallelism)
	overdraft := int64(n.MaxOverdraftBuffers)
	return result.Exchange{
		Senders: senders, Receivers: receivers,
		InputBuffers:        senders*int64(n.ExclusiveBuffers) + int64(n.FloatingBuffers),
		OutputBuffers:       receivers*int64(n.ExclusiveBuffers) + int64(n.OutputFloatingBuffers) + overdraft,
		SubpartitionBuffers: int64(n.MaxBuffersPerChannel) + overdraft,
		SegmentBytes:        int64(n.SegmentSizeBytes),
	}
}

// meanRecordBytes is the mean size of the first source's first records.
func meanRecordBytes(g *job.Graph) int64 {
	const sampled = 1000
	for i := range g.Nodes {
		if g.Nodes[i].Source == nil {
			continue
		}
		splits := g.Nodes[i].Source.SplitCount(g.Nodes[i].Parallelism)
		reader := g.Nodes[i].Source.Open(source.Instance{Splits: splits})
		total, count := int64(0), int64(0)
		for ; count < sampled; count++ {
			var r record.Record
			if _, ok := reader.Next(0, count, &r); !ok {
				break
			}
			total += int64(r.SizeBytes)
		}
		if count > 0 {
			return total / count
		}
	}
	return 0
}
