package acceptance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// committing is a source and a transactional sink with periodic checkpoints: without
// backpressure if the source is slower than the sink, else with.
type committing struct {
	protocol         protocol.Name
	intervalNanos    int64
	recordsPerSecond int64
	seed             uint64
}

const (
	commitHopNanos      = millisecond
	commitExternalNanos = 5 * millisecond
	committedPeriods    = 12
)

func (p *committing) options() runtime.Options {
	shape := newPipeline(job.Rebalance, 1, 2, 40, 4)
	shape.protocol, shape.seed, shape.latencyNanos = p.protocol, p.seed, commitHopNanos
	o := shape.options()
	o.Detailed = true
	o.Config.Checkpointing.IntervalNanos = p.intervalNanos
	o.Config.BufferTimeoutNanos = millisecond
	o.Cluster.ExternalLatency = sim.Constant(commitExternalNanos)
	o.Cluster.Storage.Latency = sim.Constant(2 * millisecond)
	spec := source.Synthetic("source", source.SyntheticOptions{
		KeyChoice: source.KeysUnique, PayloadBytes: sim.Constant(recordBytes - source.HeaderBytes),
		Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
		Rate:       source.Rate{RecordsPerSecond: sim.Ratio{Num: p.recordsPerSecond, Den: 1}, Jitter: true},
	})
	o.Graph.Nodes[0].Source = &spec
	o.Graph.Nodes[1].Sink.Kind = sink.Transactional
	return o
}

// committed are a run's records from the source to the reader of the external system.
type committed struct {
	committing
	records                   int64
	meanNanos, longestNanos   float64
	intervalNanos             float64 // mean between triggers
	checkpointNanos, atWorst  float64 // T: mean and longest
	notifyNanos, worstNotify  float64 // d
	emitted                   map[int64]int64
	sources                   int64
	triggered, acknowledgedAt []int64
}

func (c *committed) event(e *sim.Event) {
	switch protocol.EventKind(e.Kind) {
	case protocol.RecordApplied:
		if e.Args[0] < c.sources {
			c.emitted[e.Args[3]] = e.TimeNanos
		}
	case protocol.RecordVisible:
		waited := float64(e.TimeNanos - c.emitted[e.Args[2]])
		c.records++
		c.meanNanos += waited
		c.longestNanos = max(c.longestNanos, waited)
	}
}

func commit(k *sim.Kernel, p committing) (*committed, error) {
	c := &committed{committing: p, emitted: map[int64]int64{}, sources: 2}
	w, err := watch(k, p.options(), nil, c.event)
	if err != nil {
		return nil, err
	}
	if err := w.complete(committedPeriods + 1); err != nil {
		return nil, err
	}
	k.RunUntil(k.NowNanos() + 50*millisecond)
	fmt.Println(p.protocol, p.recordsPerSecond, c.records, c.meanNanos/float64(c.records)/1e6, c.longestNanos/1e6)
	var hist [20]int
	for _, at := range c.emitted {
		if at > 1016232000 && at < 5016232000 {
			hist[(at-1016232000)%400e6*20/400e6]++
		}
	}
	fmt.Println(hist)
	for _, s := range w.system.History.Checkpoints {
		fmt.Println("   ", s.ID, s.TriggerNanos/1e3, s.EndToEndNanos/1e3, (s.CompletedNanos-s.TriggerNanos)/1e3, s.Status)
	}
	return c, nil
}

func TestV12(t *testing.T) {
	for _, rate := range []int64{500, 4000} {
		for _, name := range []protocol.Name{protocol.Aligned, protocol.Unaligned} {
			_, err := commit(sim.New(sim.Options{}), committing{name, 400 * millisecond, rate, 1})
			require.NoError(t, err)
		}
	}
}
