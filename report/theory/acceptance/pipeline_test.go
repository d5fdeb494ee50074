package acceptance_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/scenarios/config"
	"simrun/sim"
)

const (
	microsecond = int64(1_000)
	millisecond = 1000 * microsecond
	second      = 1000 * millisecond
)

// pipeline is the depth-k width-p job of reference protocols.md 5.1.
type pipeline struct {
	protocol    protocol.Name
	depth       int // exchanges: k
	parallelism int // p
	exchange    job.Exchange
	// inputBuffers is E, what a receiver has for each channel; outputBuffers is O, the
	// whole buffers in a subpartition when its sender stops.
	inputBuffers, outputBuffers int32
	bufferRecords               int32 // b/r
	overdraft                   int32
	sinkNanos                   int64 // s
	midNanos                    int64 // of the other stages
	latency                     sim.Distribution
	linkBytesPerSecond          int64
	timeoutNanos                int64 // aligned-checkpoint-timeout
	seed                        uint64
}

const recordBytes = 100

// channelRecords is N: what a channel holds, on both sides together.
func (p *pipeline) channelRecords() int64 {
	return int64(p.inputBuffers+p.outputBuffers) * int64(p.bufferRecords)
}

// nominalNanos is k p N s.
func (p *pipeline) nominalNanos() int64 {
	return int64(p.depth*p.parallelism) * p.channelRecords() * p.sinkNanos
}

func (p *pipeline) tasks() int { return (p.depth + 1) * p.parallelism }

func (p *pipeline) name() string {
	return fmt.Sprintf("%v k=%d p=%d N=%d", p.exchange, p.depth, p.parallelism, p.channelRecords())
}

// options build it: every task on a machine of its own.
func (p *pipeline) options() runtime.Options {
	o := runtime.Options{
		Seed: p.seed, Graph: &job.Graph{Name: "pipeline"}, Config: config.DefaultOptions(),
		Cluster: runtime.Cluster{
			TaskManagers: p.tasks(), Slots: 1, Nodes: p.tasks(), Cores: 1, JobManagers: 1,
			Network: runtime.Network{
				Latency: p.latency, LoopbackLatencyNanos: 1, LinkBytesPerSecond: p.linkBytesPerSecond,
				ConnectionTimeoutNanos: 20 * second,
			},
			Storage: runtime.Storage{Latency: sim.Constant(microsecond)}, ExternalLatency: sim.Constant(1),
		},
	}
	p.configure(&o.Config)
	p.nodes(o.Graph)
	return o
}

func (p *pipeline) configure(c *job.Config) {
	c.Protocol = p.protocol
	c.AlignedTimeoutNanos = p.timeoutNanos
	c.Checkpointing.TimeoutNanos = 3600 * second
	c.NoSlotSharing, c.Chaining = true, false
	c.BufferTimeoutNanos, c.WatermarkIntervalNanos = -1, 0
	c.MaxParallelism = 128
	c.Costs = job.Costs{RPC: sim.Constant(microsecond)}
	n := &c.Network
	n.SegmentSizeBytes = p.bufferRecords * recordBytes
	n.ExclusiveBuffers, n.FloatingBuffers = p.inputBuffers, 0
	n.MaxBuffersPerChannel, n.MaxOverdraftBuffers = p.outputBuffers+1, p.overdraft
	// Private output buffers: the pool is never what a sender stops for.
	n.OutputFloatingBuffers = int32(p.parallelism)*(p.outputBuffers+1-p.inputBuffers) + 1
}

func (p *pipeline) nodes(g *job.Graph) {
	spec := source.Synthetic("source", source.SyntheticOptions{
		KeyChoice: source.KeysUnique, PayloadBytes: sim.Constant(recordBytes - source.HeaderBytes),
		Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
	})
	g.Nodes = append(g.Nodes, job.Node{ID: "source", Parallelism: p.parallelism, Source: &spec})
	for i := 1; i < p.depth; i++ {
		mapping := operator.Map(fmt.Sprintf("op%d", i), operator.MapIdentity)
		g.Nodes = append(g.Nodes, job.Node{
			ID: mapping.ID, Parallelism: p.parallelism, Operator: &mapping, Inputs: p.inputs(i - 1),
			Service: job.Service{Wait: sim.Constant(p.midNanos)},
		})
	}
	g.Nodes = append(g.Nodes, job.Node{
		ID: "sink", Parallelism: p.parallelism, Inputs: p.inputs(p.depth - 1),
		Sink: &sink.Spec{
			ID: "sink", Kind: sink.Append, External: "nowhere",
			Service: sink.Service{Base: sim.Constant(p.sinkNanos)},
		},
	})
}

// inputs join a stage to the one before it. A keyed exchange draws a new key at each hop, so
// that a record's way through one tells nothing of its way through the next.
func (p *pipeline) inputs(from int) []job.Input {
	in := job.Input{From: from, Exchange: p.exchange}
	if p.exchange == job.Keyed {
		seed := p.seed
		in.KeyBy = func(r *record.Record) uint64 {
			return sim.Draw(seed, sim.PurposeFirstFree+1, uint64(from), r.Key, 0)
		}
	}
	return []job.Input{in}
}
