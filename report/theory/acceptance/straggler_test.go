package acceptance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/sim"
)

// A straggler is a sink whose machine is shared. Here a sink's time is CPU time, machine i
// has one core and hosts everything of subtask i, and on machine 0 there is also a source of
// another pipeline that never rests. So sink 0 takes twice as long as the others.
const stragglerFactor = 2

func (p *pipeline) withStraggler() runtime.Options {
	o := p.options()
	o.Cluster.Nodes, o.Cluster.TaskManagers = p.parallelism, p.tasks()+2
	last := len(o.Graph.Nodes) - 1
	o.Graph.Nodes[last].Service.CPUNanos = p.serviceNanos()
	o.Graph.Nodes[last].Sink = plainSink("sink", sim.Constant(0))
	neighbour := unlimited("neighbour")
	o.Graph.Nodes = append(o.Graph.Nodes,
		job.Node{
			ID: "neighbour", Parallelism: 1, Source: &neighbour,
			Service: job.Service{CPUNanos: 20 * p.serviceNanos()},
		},
		job.Node{
			ID: "neighbour-sink", Parallelism: 1, Inputs: []job.Input{{From: last + 1, Exchange: job.Rebalance}},
			Sink: plainSink("neighbour-sink", sim.Constant(0)),
		})
	return o
}

// straggling is what a pipeline with a straggler does between two instants, and an aligned
// checkpoint after that.
type straggling struct {
	pipeline
	recordsPerSecond float64
	drainNanos       int64
}

const stragglerWindowNanos = 4 * second

func straggle(k *sim.Kernel, p pipeline) (straggling, error) {
	slowest := stragglerFactor * nominalNanos(&p)
	from := second + 2*slowest
	w, err := watch(k, p.withStraggler(), []int64{from + stragglerWindowNanos}, nil)
	if err != nil {
		return straggling{}, err
	}
	k.RunUntil(from)
	before := w.sinkRecords(&p)
	k.RunUntil(from + stragglerWindowNanos)
	taken := w.sinkRecords(&p) - before
	if err := w.complete(1); err != nil {
		return straggling{}, err
	}
	checkpoint := w.system.History.Checkpoints[0]
	return straggling{
		pipeline: p, recordsPerSecond: float64(taken) * float64(second) / float64(stragglerWindowNanos),
		drainNanos: w.arrived[checkpoint.ID] - checkpoint.TriggerNanos,
	}, nil
}

// sinkRecords is what the pipeline's sinks have taken.
func (w *watched) sinkRecords(p *pipeline) (n int64) {
	for i := range p.parallelism {
		n += w.system.Metrics.Tasks[protocol.TaskID(p.depth*p.parallelism+i)].Records
	}
	return n
}

func stragglers(t *testing.T) []straggling {
	return straggled.of(t, func() []straggling {
		var all []pipeline
		for _, s := range [][4]int{{1, 4, 16, 1}, {2, 4, 16, 1}, {3, 4, 16, 2}, {2, 8, 8, 2}} {
			all = append(all, newPipeline(job.Rebalance, s[0], s[1], s[2], s[3]))
		}
		return sweep(t, overSeeds(all, seeds(t, 2)), straggle)
	})
}

var straggled cache[straggling]

// slowNanos is s', of the straggler.
func (o *straggling) slowNanos() int64 { return stragglerFactor * o.serviceNanos() }

// TestV4StragglerSetsThePace (A5): with round-robin Θ = p/s', within 5 %.
func TestV4StragglerSetsThePace(t *testing.T) {
	for _, o := range stragglers(t) {
		rate := theory.StragglerRate(int64(o.parallelism), o.slowNanos())
		require.InEpsilon(t, rate, o.recordsPerSecond, 0.05, "%v", &o.pipeline)
	}
}

// TestV4StragglerBoundsTheDrain (A5): T <= k p N s', and one record and overdraft a task.
func TestV4StragglerBoundsTheDrain(t *testing.T) {
	for _, o := range stragglers(t) {
		extra := int64(o.tasks()) * (1 + overdraft*int64(o.bufferBytes())/recordBytes) * o.slowNanos()
		bound := stragglerFactor*nominalNanos(&o.pipeline) + extra
		require.LessOrEqual(t, o.drainNanos, bound, "%v", &o.pipeline)
	}
}
