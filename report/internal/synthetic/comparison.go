package synthetic

import (
	"math/big"

	"simrun/protocol"
	"simrun/scenarios/result"
)

const (
	millisecond = int64(1_000_000)
	second      = 1000 * millisecond
	intervalNs  = 6 * second
	timeoutNs   = 60 * second
	warmUpNs    = 10 * second
	runNs       = 240 * second
)

// Options are the axes of the grid.
type Options struct {
	Protocols []protocol.Name
	Workloads []string
	Slowdowns []string
	Seeds     int
}

// Full is a grid like that of `simrun compare` without options.
func Full() Options {
	return Options{
		Protocols: []protocol.Name{
			protocol.Aligned, protocol.AtLeastOnce, protocol.HybridOut, protocol.Unaligned,
		},
		Workloads: []string{"flights", "nexmark-q8", "pipeline"},
		Slowdowns: []string{"0.5", "1", "2", "5", "10", "20", "50"},
		Seeds:     5,
	}
}

// Small is a grid that a test can print.
func Small() Options {
	return Options{
		Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned},
		Workloads: []string{"flights"},
		Slowdowns: []string{"0.5", "2", "50"},
		Seeds:     3,
	}
}

// Comparison makes one, with the same bytes for the same options.
func Comparison(o Options) *result.Comparison {
	c := &result.Comparison{
		Name: "synthetic", Protocols: o.Protocols, Workloads: o.Workloads, Slowdowns: o.Slowdowns,
		TimeoutNanos: timeoutNs, MeasureFromNanos: warmUpNs,
		Command:    "simrun compare",
		Conditions: conditions(),
	}
	for seed := range o.Seeds {
		c.Seeds = append(c.Seeds, uint64(seed+1))
	}
	for _, name := range o.Protocols {
		for w, workload := range o.Workloads {
			for _, slowdown := range o.Slowdowns {
				for _, seed := range c.Seeds {
					g := newGenerator(name, w, slowdown, seed)
					c.Runs = append(c.Runs, g.cellRun(workload, slowdown, seed))
				}
			}
		}
	}
	return c
}

func conditions() []result.Condition {
	return []result.Condition{
		{Name: "parallelism", Value: "4 sources, 4 operators, 4 sinks"},
		{Name: "task managers", Value: "2 on 2 nodes of 2 cores"},
		{Name: "segment size", Value: "4 kb"},
		{Name: "buffers", Value: "2 exclusive a channel, 8 floating a gate"},
		{Name: "checkpoint interval", Value: "6 s"},
		{Name: "checkpoint timeout", Value: "60 s"},
		{Name: "aligned timeout (hybrid)", Value: "500 ms"},
		{Name: "storage", Value: "5 ms, 200 mb/s"},
		{Workload: "flights", Name: "source", Value: "us-flights-2001q1.csv, 2,000 records/s, in laps"},
		{Workload: "nexmark-q8", Name: "source", Value: "NexMark persons and auctions, 10,000 events/s"},
		{Workload: "pipeline", Name: "source", Value: "synthetic, 100 bytes, 5,000 records/s"},
	}
}

// generator draws the numbers of one run.
type generator struct {
	protocol   protocol.Name
	slowdown   float64
	scale      float64 // of the workload
	seed, step uint64
	luck       float64 // of the run
	pipeline   *result.Pipeline
}

func newGenerator(name protocol.Name, workload int, slowdown string, seed uint64) *generator {
	ratio, _ := new(big.Rat).SetString(slowdown)
	value, _ := ratio.Float64()
	g := &generator{protocol: name, slowdown: value, scale: 1 + 0.8*float64(workload), seed: seed}
	g.step = uint64(workload) << 32
	g.pipeline = g.newPipeline()
	g.luck = g.noise(0.3)
	return g
}

func (g *generator) newPipeline() *result.Pipeline {
	exchange := result.Exchange{
		Senders: 4, Receivers: 4, InputBuffers: 16, OutputBuffers: 16, SubpartitionBuffers: 10,
		SegmentBytes: 4096, RecordBytes: 100, LatencyNanos: millisecond / 5, ResidualNanos: millisecond / 100,
	}
	sink := exchange
	sink.ResidualNanos = int64(g.slowdown * 0.9e6)
	return &result.Pipeline{
		Exchanges:        []result.Exchange{exchange, sink},
		SinkServiceNanos: int64(g.slowdown * 0.9e6),
		TriggerNanos:     millisecond / 5, AckNanos: millisecond / 5, SyncNanos: millisecond,
		StorageLatencyNanos: 5 * millisecond, StorageTotalBytesPerSecond: 200 << 20,
		AlignedTimeoutNanos: second / 2,
	}
}

// noise is between 1-width and 1+width, the same for all protocols of a seed and step.
func (g *generator) noise(width float64) float64 {
	g.step++
	u := protocol.MixLineage(g.seed<<48 ^ g.step*0x9E3779B97F4A7C15)
	return 1 + width*(float64(u>>11)/(1<<52)-1)
}
