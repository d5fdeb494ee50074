package runtime

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/sim"
)

// routes predicts which sink subtask a record in flight will end at, and for how long it
// will keep it busy: keys decide where an exchange is keyed, elsewhere the record is
// spread evenly. It takes operators as passing every record on.
type routes struct {
	cluster *System
	keyed   []state.Assignment // by vertex: of its keyed input
	asked   record.Record      // whose key is asked for
	nanos   []int64            // by task: bound for this sink subtask, in 1/1024 ns
}

const share = 1024

func (r *routes) reset(c *System) {
	if r.cluster == nil {
		r.cluster = c
		r.keyed = make([]state.Assignment, len(c.Plan.Vertices))
		for i := range c.Plan.Vertices {
			v := &c.Plan.Vertices[i]
			r.keyed[i] = state.NewAssignment(v.Parallelism, c.Plan.MaxParallelism)
		}
		r.nanos = make([]int64, len(c.Plan.Tasks))
	}
	clear(r.nanos)
}

// bound books a record that is on its way to a task.
func (r *routes) bound(to protocol.TaskID, element *record.Record) {
	r.visit(to, *element, share)
}

func (r *routes) visit(at protocol.TaskID, element record.Record, part int64) {
	plan := r.cluster.Plan
	v := plan.VertexOf(at)
	for _, n := range v.Nodes {
		if spec := plan.Graph.Nodes[n].Operator; spec != nil {
			element.Lineage = protocol.DerivedLineage(spec.Hash(), element.Lineage, 0)
		}
	}
	if len(v.Outputs) == 0 {
		r.nanos[at] += r.service(v, &element) * part
		return
	}
	for i := range v.Outputs {
		r.follow(at, &v.Outputs[i], element, part)
	}
}

func (r *routes) follow(at protocol.TaskID, e *job.Edge, element record.Record, part int64) {
	consumer := &r.cluster.Plan.Vertices[e.Consumer]
	switch e.Exchange {
	case job.Keyed:
		if e.KeyBy != nil {
			r.asked = element
			element.Key = e.KeyBy(&r.asked)
		}
		subtask := r.keyed[e.Consumer].Subtask(element.Key)
		r.visit(consumer.FirstTask+protocol.TaskID(subtask), element, part)
	case job.Forward:
		r.visit(consumer.FirstTask+protocol.TaskID(r.cluster.Plan.Tasks[at].Subtask), element, part)
	case job.Broadcast:
		for s := range consumer.Parallelism {
			r.visit(consumer.FirstTask+protocol.TaskID(s), element, part)
		}
	default:
		if part < int64(consumer.Parallelism) {
			return
		}
		for s := range consumer.Parallelism {
			r.visit(consumer.FirstTask+protocol.TaskID(s), element, part/int64(consumer.Parallelism))
		}
	}
}

// service is the time that a sink vertex spends on the record, contention left out.
func (r *routes) service(v *job.Vertex, element *record.Record) int64 {
	nanos := r.cluster.options.Config.Costs.RecordNanos * int64(len(v.Nodes))
	for _, n := range v.Nodes {
		node := &r.cluster.options.Graph.Nodes[n]
		nanos += node.Service.CPUNanos
		id := operator.HashID(node.ID)
		draw := sim.Draw(r.cluster.options.Seed, sim.PurposeServiceTime, id, element.Lineage, 0)
		nanos += node.Service.Wait.At(draw)
		if node.Sink != nil {
			service := &node.Sink.Service
			nanos += service.ProfileAt(r.cluster.Kernel.NowNanos()).Of(service.Base.At(draw))
		}
	}
	return nanos
}

func (r *routes) longest() int64 {
	most := int64(0)
	for _, nanos := range r.nanos {
		most = max(most, nanos)
	}
	return most / share
}
