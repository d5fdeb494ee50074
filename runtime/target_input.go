package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/source"
	"simrun/sim"
)

// burst multiplies the time between arrivals of a source from now on.
func (t *Target) burst(d *protocol.Disturbance, stretch sim.Ratio) (int64, error) {
	vertex, _, ok := t.sourceVertex(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	node, _, _ := t.operator(d.Targets[0])
	if !hasArrivals(&t.s.options.Graph.Nodes[node], t.s.options.Seed) {
		return 0, fmt.Errorf("%q has no rate: its records have always been there", d.Targets[0])
	}
	tempo := t.s.env.Faults.Tempo(node, true)
	tempo.Bend(t.s.Kernel.NowNanos(), stretch)
	v := &t.s.Plan.Vertices[vertex]
	for i := range v.Parallelism {
		live := t.s.live[v.FirstTask+protocol.TaskID(i)]
		if live != nil && live.Alive() {
			live.Bent(tempo)
			t.s.Kernel.Inject(live.Actor(), 1, sim.Message{Kind: rpc.SourceReady})
		}
	}
	return int64(v.FirstTask), nil
}

// hasArrivals reports whether a source's records come at their time.
func hasArrivals(n *job.Node, seed uint64) bool {
	const soon = 1e18
	splits := n.Source.SplitCount(n.Parallelism)
	return n.Source.Open(source.Instance{Seed: seed, Splits: splits}).OffsetAt(0, soon) > 0
}

// skew only looks whether there is such a source: the hot key is in the input from the first
// record on, which is made by SkewedInput before the run.
func (t *Target) skew(d *protocol.Disturbance) (int64, error) {
	vertex, _, ok := t.sourceVertex(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	return int64(t.s.Plan.Vertices[vertex].FirstTask), nil
}

// SkewedInput is the graph with what faults of kind FaultSkew do to its sources, all of them
// in turn: the same graph if there are none. It is for whoever begins a run, since what is
// expected of the job must be computed from the same input.
func SkewedInput(g *job.Graph, faults []*protocol.Disturbance) *job.Graph {
	skewed := *g
	skewed.Nodes = append([]job.Node(nil), g.Nodes...)
	for _, d := range faults {
		for i := range skewed.Nodes {
			n := &skewed.Nodes[i]
			if n.ID != d.Targets[0] || n.Source == nil {
				continue
			}
			spec := n.Source.Skewed(source.Skew{
				Share: sim.Ratio{Num: d.FactorNumerator, Den: d.FactorDenominator},
				First: d.FirstOffset, Last: d.LastOffset,
			})
			n.Source = &spec
		}
	}
	return &skewed
}

// setClock has the clock of a machine jump, and drift from then on.
func (t *Target) setClock(d *protocol.Disturbance) (int64, error) {
	n, ok := t.node(d.Targets[0])
	if !ok || t.isStorage(n) {
		return 0, t.refuse(d)
	}
	t.clocks = append(t.clocks, n)
	t.s.Kernel.StepClock(n, d.ByNanos, d.DriftPPM)
	return int64(n), nil
}

// resetClock ends a fault of a clock. With the last one, the clock is right again.
func (t *Target) resetClock(d *protocol.Disturbance) error {
	n, _ := t.node(d.Targets[0])
	left := 0
	for i := 0; i < len(t.clocks); i++ {
		if t.clocks[i] == n {
			left++
		}
	}
	for i := range t.clocks {
		if t.clocks[i] == n {
			t.clocks = append(t.clocks[:i], t.clocks[i+1:]...)
			break
		}
	}
	if left == 1 {
		t.s.Kernel.ResetClock(n)
	} else {
		t.s.Kernel.StepClock(n, -d.ByNanos, -d.DriftPPM)
	}
	return nil
}
