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
	hotPermille uint64 // keyed: share of records that go to subtask 0 besides its own
	// inputBuffers are the exclusive ones of a channel, outputBuffers the most in a
	// subpartition: together c.
	inputBuffers, outputBuffers int32
	recordsPerBuffer            int32 // b/r
	spareBytes                  int32 // added to a buffer, so that records span buffers
	service                     sim.Distribution
	midNanos                    int64 // of the other stages
	latencyNanos                int64
	linkBytesPerSecond          int64
	timeoutNanos                int64 // aligned-checkpoint-timeout
	checkpoints                 int
	warmUpNanos                 int64 // 0: three nominal drains
	seed                        uint64
}

const (
	recordBytes = 100
	// hopNanos is next to nothing: what is on the wire at a trigger is in flight, but no buffer
	// has it to be counted.
	hopNanos = 10
	// overdraft is Flink's. With private buffers only a record that spans buffers uses it.
	overdraft = 5
)

// newPipeline has c buffers a channel, half of them on either side, and sinks that take a
// millisecond a record.
func newPipeline(exchange job.Exchange, k, p, c, recordsPerBuffer int) pipeline {
	return pipeline{
		protocol: protocol.Aligned, depth: k, parallelism: p, exchange: exchange,
		inputBuffers: int32(c / 2), outputBuffers: int32(c - c/2), recordsPerBuffer: int32(recordsPerBuffer),
		service: sim.Constant(millisecond), latencyNanos: hopNanos, timeoutNanos: millisecond,
		checkpoints: 1,
	}
}

func (p *pipeline) String() string {
	return fmt.Sprintf("%v, %v, k=%d p=%d c=%d b/r=%d, seed %d", p.protocol, p.exchange, p.depth,
		p.parallelism, p.inputBuffers+p.outputBuffers, p.recordsPerBuffer, p.seed)
}

// channelRecords is N: the most that a channel holds, on both sides together. A sender stops
// when it begins the last buffer of a subpartition, so it is (c-1) b/r and a record.
func (p *pipeline) channelRecords() float64 {
	return float64(p.inputBuffers+p.outputBuffers) * float64(p.bufferBytes()) / recordBytes
}

func (p *pipeline) bufferBytes() int32 { return p.recordsPerBuffer*recordBytes + p.spareBytes }

// serviceNanos is the mean of s, and longestNanos its bound.
func (p *pipeline) serviceNanos() int64 { return p.service.MeanNanos() }
func (p *pipeline) longestNanos() int64 { return max(p.service.Low, p.service.High) }

// rotationNanos is the slack that 5.13 leaves to gates that rotate by buffer.
func (p *pipeline) rotationNanos() float64 {
	return float64(p.parallelism-1) * float64(p.bufferBytes()) / recordBytes * float64(p.longestNanos())
}

func (p *pipeline) tasks() int { return (p.depth + 1) * p.parallelism }

// instants are the checkpoints' triggers: after three nominal drains, and at another phase of
// the sinks' service in every universe. Once a checkpoint was aligned, barriers have closed
// partly filled buffers everywhere; two drains flush those out.
func (p *pipeline) instants(nominalNanos int64) []int64 {
	at := p.warmUpNanos
	if at == 0 {
		at = second + 3*nominalNanos
	}
	at += int64(sim.Below(sim.Draw(p.seed, sim.PurposeFirstFree+2, 0, 0, 0), uint64(p.longestNanos())))
	var instants []int64
	for range p.checkpoints {
		instants = append(instants, at)
		at += 3 * nominalNanos
	}
	return instants
}

// options build the job: every task has a machine of its own.
func (p *pipeline) options() runtime.Options {
	o := runtime.Options{
		Seed: p.seed, Graph: &job.Graph{Name: "pipeline"}, Config: config.DefaultOptions(),
		Cluster: runtime.Cluster{
			TaskManagers: p.tasks(), Slots: 1, Nodes: p.tasks(), Cores: 1, JobManagers: 1,
			Network: runtime.Network{
				Latency: sim.Constant(p.latencyNanos), LoopbackLatencyNanos: 1,
				LinkBytesPerSecond: p.linkBytesPerSecond, ConnectionTimeoutNanos: 20 * second,
			},
			Storage: runtime.Storage{Latency: sim.Constant(hopNanos)}, ExternalLatency: sim.Constant(1),
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
	c.Costs = job.Costs{RPC: sim.Constant(hopNanos)}
	n := &c.Network
	n.SegmentSizeBytes = p.bufferBytes()
	n.ExclusiveBuffers, n.FloatingBuffers = p.inputBuffers, 0
	n.MaxBuffersPerChannel, n.MaxOverdraftBuffers = p.outputBuffers, overdraft
	// Private output buffers: a sender never stops because the pool is empty.
	n.OutputFloatingBuffers = int32(p.parallelism)*(p.outputBuffers-p.inputBuffers) + 1
}

func (p *pipeline) nodes(g *job.Graph) {
	spec := unlimited("source")
	g.Nodes = append(g.Nodes, job.Node{ID: "source", Parallelism: p.parallelism, Source: &spec})
	for i := 1; i < p.depth; i++ {
		mapping := operator.Map(fmt.Sprintf("op%d", i), operator.MapIdentity)
		g.Nodes = append(g.Nodes, job.Node{
			ID: mapping.ID, Parallelism: p.parallelism, Operator: &mapping, Inputs: p.inputs(i - 1),
			Service: job.Service{Wait: sim.Constant(p.midNanos)},
		})
	}
	g.Nodes = append(g.Nodes, job.Node{
		ID: "sink", Parallelism: p.parallelism, Inputs: p.inputs(p.depth - 1), Sink: plainSink("sink", p.service),
	})
}

// unlimited is a source whose records have always been there.
func unlimited(id string) source.Spec {
	return source.Synthetic(id, source.SyntheticOptions{
		KeyChoice: source.KeysUnique, PayloadBytes: sim.Constant(recordBytes - source.HeaderBytes),
		Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
	})
}

func plainSink(id string, service sim.Distribution) *sink.Spec {
	return &sink.Spec{ID: id, Kind: sink.Append, External: "nowhere", Service: sink.Service{Base: service}}
}

// inputs join a stage to the one before it. A keyed exchange draws a new key at each hop, so
// that a record's way through one tells nothing of its way through the next.
func (p *pipeline) inputs(from int) []job.Input {
	in := job.Input{From: from, Exchange: p.exchange}
	if p.exchange == job.Keyed {
		seed, hot := p.seed, p.hotPermille
		in.KeyBy = func(r *record.Record) uint64 {
			draw := sim.Draw(seed, sim.PurposeFirstFree+1, uint64(from), r.Key, 0)
			if sim.Below(draw, 1000) < hot {
				return 0
			}
			return draw
		}
	}
	return []job.Input{in}
}
