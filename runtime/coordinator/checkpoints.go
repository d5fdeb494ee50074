package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/state"
	"simrun/sim"
)

// checkpoints hosts the CheckpointCoordinator of the job: it feeds it, carries out its
// orders in order, and keeps what the machine does not know: handles, timers, metrics.
type checkpoints struct {
	coordinator *protocol.CheckpointCoordinator
	effects     protocol.CoordinatorEffects
	inputs      []coordinatorInput
	feeding     bool
	deciding    bool // whether a checkpoint is to be made
	// hosted are the checkpoints in flight and the completed ones, by id.
	hosted   []*hostedCheckpoint
	periodic sim.TimerID
	loading  []Pointer // of a recovery: whose metadata is still to be read
}

// coordinatorInput is an input and what belongs to it.
type coordinatorInput struct {
	in              protocol.CoordinatorInput
	acknowledgement *rpc.Acknowledgement
}

// hostedCheckpoint is the host's side of one checkpoint.
type hostedCheckpoint struct {
	metadata *Metadata
	stats    *protocol.CheckpointStats // nil of a recovered one
	expiry   sim.TimerID
	// completed: it can be restored. uncertain: nobody knows whether its pointer was
	// written. unclaimed: it belongs to another run.
	completed, uncertain, unclaimed bool
	// enumeratorsLeft are the operator coordinators that have not taken their part.
	enumeratorsLeft int
}

func (h *checkpoints) reset(o *JobManagerOptions) {
	options := o.Config.Checkpointing
	if len(o.ScheduleNanos) > 0 {
		options.TriggerInstantsNanos = o.ScheduleNanos
	}
	if !protocol.PolicyOf(o.Config.Protocol).Checkpoints {
		options.IntervalNanos, options.TriggerInstantsNanos = 0, nil
	}
	graph := planGraph(o.Plan)
	for _, enumerated := range o.Enumerated {
		graph.OperatorCoordinators = graph.OperatorCoordinators || enumerated
	}
	h.coordinator = protocol.NewCheckpointCoordinator(options, graph)
}

// planGraph is the job as the coordinator sees it.
func planGraph(plan *job.Plan) protocol.PlanGraph {
	graph := protocol.PlanGraph{Vertices: make([]protocol.PlanVertex, len(plan.Vertices))}
	for i := range plan.Vertices {
		v := &plan.Vertices[i]
		vertex := protocol.PlanVertex{Parallelism: v.Parallelism, UnionListState: hasUnionList(plan, v)}
		for _, e := range v.Inputs {
			pattern := protocol.EdgeAllToAll
			if e.Exchange == job.Forward {
				pattern = protocol.EdgePointwise
			}
			vertex.Inputs = append(vertex.Inputs, protocol.PlanInput{From: e.Producer, Pattern: pattern})
		}
		graph.Vertices[i] = vertex
	}
	return graph
}

// hasUnionList reports whether an operator of the vertex keeps union-list state.
func hasUnionList(plan *job.Plan, v *job.Vertex) bool {
	for _, node := range v.Nodes {
		operator := plan.Graph.Nodes[node].Operator
		if operator == nil {
			continue
		}
		for _, list := range operator.Lists {
			if list.Redistribution == state.Union {
				return true
			}
		}
	}
	return false
}

func (h *checkpoints) find(id protocol.CheckpointID) *hostedCheckpoint {
	for _, hosted := range h.hosted {
		if hosted.metadata.Checkpoint == id {
			return hosted
		}
	}
	return nil
}

func (h *checkpoints) forget(id protocol.CheckpointID) {
	for i, hosted := range h.hosted {
		if hosted.metadata.Checkpoint == id {
			h.hosted = append(h.hosted[:i], h.hosted[i+1:]...)
			return
		}
	}
}

// feed gives the machine an input. An order that is answered at once feeds the answer
// after the other orders of its step.
func (m *master) feed(c *sim.Context, in protocol.CoordinatorInput) {
	m.feedWith(c, coordinatorInput{in: in})
}

func (m *master) feedWith(c *sim.Context, input coordinatorInput) {
	m.inputs = append(m.inputs, input)
	if m.feeding {
		return
	}
	m.feeding = true
	for at := 0; at < len(m.inputs) && !c.Crashed(); at++ {
		next := m.inputs[at]
		next.in.NowNanos = c.MonotonicNanos()
		m.effects.Reset()
		m.coordinator.Step(next.in, &m.effects)
		for i := 0; i < len(m.effects.List) && !c.Crashed(); i++ {
			m.carryOut(c, &m.effects.List[i], next.acknowledgement)
		}
	}
	clear(m.inputs)
	m.inputs, m.feeding = m.inputs[:0], false
}

// carryOut carries out one order or report.
func (m *master) carryOut(c *sim.Context, e *protocol.CoordinatorEffect, ack *rpc.Acknowledgement) {
	switch e.Kind {
	case protocol.OrderNextID:
		m.nextID(c)
	case protocol.OrderSetTimer:
		m.setTimer(c, e)
	case protocol.OrderClearTimer:
		m.clearTimer(c, e)
	case protocol.OrderSnapshotCoordinators:
		m.snapshotEnumerators(c, e.Checkpoint)
	case protocol.OrderTriggerTask:
		m.triggerTask(c, e)
	case protocol.OrderWriteMetadata:
		m.finalize(c, e.Checkpoint)
	case protocol.OrderDiscard:
		m.discard(c, e.Checkpoint)
	case protocol.OrderDiscardState:
		m.discardHandle(c, &ack.Handle)
	case protocol.OrderNotifyComplete:
		m.notify(c, e, rpc.NotifyDone, protocol.StepNotifyComplete)
	case protocol.OrderNotifyAborted:
		m.notify(c, e, rpc.NotifyAbort, protocol.StepNotifyAborted)
	case protocol.OrderNotifyCoordinatorsComplete:
		m.enumeratorsCompleted(e.Checkpoint)
	case protocol.OrderNotifyCoordinatorsAborted:
		m.enumeratorsAborted(c, e.Checkpoint)
	case protocol.OrderRecoverStore:
		m.recoverStore(c)
	case protocol.OrderRestore:
		m.deploy(c, e.Checkpoint)
	case protocol.OrderFailJob:
		m.fail(c, failure{task: protocol.NoTask, reason: e.Reason})
	default:
		m.report(c, e, ack)
	}
}
