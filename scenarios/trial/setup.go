package trial

import (
	"simrun/checkers"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/sim"
)

// newSetup tells the checkers what the run is and what it promises.
func newSetup(c *Case, s *runtime.System) *checkers.Setup {
	config := &c.Options.Config
	setup := &checkers.Setup{
		Links: s.Plan.Links, Contract: c.Expect.Contract, Detailed: c.Options.Detailed,
		Checkpoints: protocol.PolicyOf(config.Protocol).Checkpoints && !c.Expect.NoGuarantee,
	}
	for i := range s.Plan.Vertices {
		v := &s.Plan.Vertices[i]
		setup.Vertices = append(setup.Vertices, checkers.Vertex{
			Name: v.Name, FirstTask: v.FirstTask, Parallelism: v.Parallelism, Order: orderOf(s.Plan, v),
		})
		if node := s.Plan.SinkOf(v); node != nil {
			setup.Sinks = append(setup.Sinks, checkers.Sink{
				ID: int64(v.ID), Vertex: v.ID, Name: node.ID, Operator: operator.HashID(node.Sink.ID),
				Promise: promiseOf(node.Sink.Kind), Order: pathOrder(s.Plan, v),
				KeysVary: keysVary(s.Plan.Graph, v.Nodes[len(v.Nodes)-1]),
			})
		}
	}
	setup.Feeds = feeds(s.Plan)
	setup.Limits = limits(c, s)
	if c.Options.RestoreFrom != nil {
		setup.RestoredFrom = c.Options.RestoreFrom.Checkpoint.Metadata.Checkpoint
	}
	setup.Replay = newOracle(c, s)
	return setup
}

func promiseOf(k sink.Kind) checkers.Promise {
	switch k {
	case sink.Transactional:
		return checkers.Transactional
	case sink.Upsert:
		return checkers.Upsert
	}
	return checkers.Append
}

// orderOf is the strictest order of a vertex's own operators.
func orderOf(p *job.Plan, v *job.Vertex) checkers.Order {
	order := checkers.OrderFree
	for _, n := range v.Nodes {
		if spec := p.Graph.Nodes[n].Operator; spec != nil {
			order = max(order, classOrder(spec.OutputClass), classOrder(spec.StateClass))
		}
	}
	return order
}

// pathOrder is the strictest order of everything that feeds a vertex: its output can be
// no more determined than its input.
func pathOrder(p *job.Plan, v *job.Vertex) checkers.Order {
	order := checkers.OrderFree
	for _, n := range v.Nodes {
		if spec := p.Graph.Nodes[n].Operator; spec != nil {
			order = max(order, classOrder(spec.OutputClass))
		}
	}
	for _, in := range v.Inputs {
		order = max(order, pathOrder(p, &p.Vertices[in.Producer]))
	}
	return order
}

// keysVary reports whether the keys that reach a sink depend on the order of merging. They do
// not where the last operator before it only emits for each input a record of its key, with
// values that depend on the order: a running count, say. What is made of such values, as by
// a filter or a new key, does.
func keysVary(g *job.Graph, sink int) bool {
	for _, in := range g.Nodes[sink].Inputs {
		spec := g.Nodes[in.From].Operator
		mixes := spec != nil && classOrder(spec.StateClass) != checkers.OrderFree
		if in.KeyBy != nil || mixes || ordered(g, in.From) {
			return true
		}
	}
	return false
}

// ordered reports whether what a node takes in depends on the order of merging.
func ordered(g *job.Graph, node int) bool {
	for _, in := range g.Nodes[node].Inputs {
		spec := g.Nodes[in.From].Operator
		if spec != nil && classOrder(spec.OutputClass) != checkers.OrderFree || ordered(g, in.From) {
			return true
		}
	}
	return false
}

// inputOrder is the strictest order of what a node of a vertex takes in: its state may be
// order-free although its output, one record for each that comes, is not.
func inputOrder(p *job.Plan, v *job.Vertex, node int) checkers.Order {
	order := checkers.OrderFree
	for _, n := range v.Nodes {
		if n == node {
			break
		}
		if spec := p.Graph.Nodes[n].Operator; spec != nil {
			order = max(order, classOrder(spec.OutputClass))
		}
	}
	for _, in := range v.Inputs {
		order = max(order, pathOrder(p, &p.Vertices[in.Producer]))
	}
	return order
}

func classOrder(c operator.Class) checkers.Order {
	switch c {
	case operator.OrderFree:
		return checkers.OrderFree
	case operator.MergeOrder:
		return checkers.MergeOrder
	}
	return checkers.TimeDependent
}

// maxRestarts after the last fault are a crash loop.
const maxRestarts = 10

// clockSlack is by how much a clock may be wrong about a length of time under the drifts of
// the plan: to gain a tenth is to be wrong by a tenth, to lose a tenth by a ninth.
func clockSlack(p plan.Plan, lengthNanos int64) int64 {
	ppm := int64(0)
	for i := range p {
		ppm += max(p[i].DriftPPM, -p[i].DriftPPM)
	}
	return sim.Ratio{Num: 2 * ppm, Den: 1_000_000}.Of(lengthNanos)
}

// limits are the bounds that the options set.
func limits(c *Case, s *runtime.System) checkers.Limits {
	config := &c.Options.Config
	l := checkers.Limits{
		MaxConcurrent: config.Checkpointing.MaxConcurrent, MinPauseNanos: config.Checkpointing.MinPauseNanos,
		TimeoutNanos:  config.Checkpointing.TimeoutNanos,
		CreditBuffers: int64(config.Network.ExclusiveBuffers + config.Network.FloatingBuffers),
		LivenessNanos: c.Run.ProgressNanos, MaxRestarts: maxRestarts,
		QuietFromNanos: c.Plan.QuietFromNanos(),
	}
	for i := range c.Plan {
		l.FaultNanos = append(l.FaultNanos, max(c.Plan[i].LastsNanos, 0))
	}
	l.ClockSlackNanos = clockSlack(c.Plan, max(l.TimeoutNanos, l.MinPauseNanos))
	if len(c.Options.ScheduleNanos) == 0 && protocol.PolicyOf(config.Protocol).Checkpoints {
		l.IntervalNanos = config.Checkpointing.IntervalNanos
	}
	for t := range s.Plan.Tasks {
		for p, segments := range s.PoolSegments(protocol.TaskID(t)) {
			l.Pools = append(l.Pools, checkers.Pool{Task: protocol.TaskID(t), Partition: int64(p), Segments: segments})
		}
	}
	return l
}

// feeds are the operators that see source records directly: stateful heads all of whose
// inputs come from sources that chain nothing, over exchanges that copy nothing.
func feeds(p *job.Plan) []checkers.Feed {
	var feeds []checkers.Feed
	for i := range p.Vertices {
		v := &p.Vertices[i]
		spec := p.Graph.Nodes[v.Nodes[0]].Operator
		if spec == nil || !spec.Stateful() {
			continue
		}
		feed, direct := checkers.Feed{Operator: spec.Hash(), Vertex: v.ID}, len(v.Inputs) > 0
		for _, in := range v.Inputs {
			from := &p.Vertices[in.Producer]
			direct = direct && in.Exchange != job.Broadcast && len(from.Nodes) == 1 &&
				p.Graph.Nodes[from.Nodes[0]].Source != nil
			feed.Sources = append(feed.Sources, in.Producer)
		}
		if direct {
			feeds = append(feeds, feed)
		}
	}
	return feeds
}
