package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// operatorEventTimeoutNanos is when an event to a subtask that was not confirmed counts as
// lost (Flink: pekko.ask.timeout).
const operatorEventTimeoutNanos = 10e9

// enumerator is the operator coordinator of one source: it hands splits out to readers
// that ask, through gateways that keep each assignment on one side of every checkpoint.
type enumerator struct {
	first    protocol.TaskID
	machine  *protocol.SplitEnumerator
	gateways *protocol.EventGateways
	// events are what was sent to readers in this attempt: number n is events[n-1].
	events []*rpc.SplitAssignment
	// answered counts, by reader, the requests of this attempt that were answered.
	answered []int64
}

// newEnumerators makes the enumerators of the sources that have one.
func newEnumerators(o *JobManagerOptions) []*enumerator {
	enumerators := make([]*enumerator, len(o.Plan.Vertices))
	for v := range enumerators {
		if v < len(o.Enumerated) && o.Enumerated[v] && o.Plan.IsSource(&o.Plan.Vertices[v]) {
			enumerators[v] = &enumerator{first: o.Plan.Vertices[v].FirstTask}
		}
	}
	return enumerators
}

// splitCount is the number of splits of a source vertex.
func (m *master) splitCount(v int) int {
	vertex := &m.options.Plan.Vertices[v]
	return m.options.Plan.Graph.Nodes[vertex.Nodes[0]].Source.SplitCount(vertex.Parallelism)
}

// staticSplits are the splits of a source's task when no enumerator assigns them: split i
// belongs to subtask i modulo the parallelism. Nil for every other task.
func (m *master) staticSplits(task int) []int32 {
	shape := &m.options.Plan.Tasks[task]
	vertex := &m.options.Plan.Vertices[shape.Vertex]
	if !m.options.Plan.IsSource(vertex) || m.enumerators[shape.Vertex] != nil {
		return nil
	}
	splits := []int32{}
	for s := shape.Subtask; s < m.splitCount(int(shape.Vertex)); s += vertex.Parallelism {
		splits = append(splits, int32(s))
	}
	return splits
}

// resetEnumerators sets all enumerators to what the attempt starts from.
func (m *master) resetEnumerators(checkpoint protocol.CheckpointID) {
	for v, e := range m.enumerators {
		if e == nil {
			continue
		}
		readers := m.options.Plan.Vertices[v].Parallelism
		e.machine = protocol.NewSplitEnumerator(protocol.SplitEnumeratorOptions{
			Readers: readers, Splits: m.splitCount(v), Assignment: protocol.AssignOnRequest,
		})
		e.gateways = protocol.NewEventGateways(readers)
		e.gateways.Bug = m.options.Config.Bug
		e.events = e.events[:0]
		e.answered = make([]int64, readers)
		if checkpoint != protocol.NoCheckpoint {
			e.machine.Restore(m.find(checkpoint).metadata.Enumerators[v])
		}
	}
}

// askSplit: a reader wants one more split. Each request is answered once: a second copy of
// one that was answered would get an answer of its own, which nobody waits for:
//
//  1. the reader's last request comes; the answer is that there is no more;
//  2. the reader ends, and a checkpoint without it closes the gateways for good;
//  3. the copy comes; its answer is held back, and no later checkpoint can be taken, as
//     each waits for what was sent before.
func (m *master) askSplit(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt, answers int64) {
	e := m.enumerators[m.options.Plan.Tasks[task].Vertex]
	if e == nil || attempt != m.attempt || !m.executing() {
		return
	}
	reader := int(task - e.first)
	if answers != e.answered[reader] {
		return
	}
	e.answered[reader]++
	var effects protocol.EnumeratorEffects
	e.machine.Step(protocol.EnumeratorInput{Kind: protocol.SplitRequested, Reader: reader}, &effects)
	for _, effect := range effects.List {
		assignment := &rpc.SplitAssignment{NoMore: true, Answers: answers}
		if effect.Kind == protocol.AssignSplit {
			assignment = &rpc.SplitAssignment{Splits: []int32{effect.Split}, Answers: answers}
		}
		e.events = append(e.events, assignment)
		m.gateway(c, e, protocol.GatewayInput{
			Kind: protocol.GatewaySend, Subtask: effect.Reader, Event: protocol.OperatorEvent(len(e.events)),
		})
	}
}

// gateway steps the gateways of an enumerator and carries out their effects.
func (m *master) gateway(c *sim.Context, e *enumerator, in protocol.GatewayInput) {
	var effects protocol.GatewayEffects
	e.gateways.Step(in, &effects)
	for _, effect := range effects.List {
		switch effect.Kind {
		case protocol.DeliverEvent:
			m.deliver(c, e, effect)
		case protocol.FailSubtask:
			task := e.first + protocol.TaskID(effect.Subtask)
			m.fail(c, failure{task: task, cause: rpc.CauseTaskManagerLost})
		case protocol.CoordinatorSnapshotted:
			m.enumeratorDone(c, effect.Checkpoint)
		case protocol.CoordinatorSnapshotFailed:
			m.feed(c, protocol.CoordinatorInput{
				Kind: protocol.CoordinatorTriggerFailed, Checkpoint: effect.Checkpoint,
				Reason: protocol.TriggerCheckpointFailure,
			})
		}
	}
}

// deliver sends an event to a reader; if nobody confirms it in time, it is lost.
func (m *master) deliver(c *sim.Context, e *enumerator, effect protocol.GatewayEffect) {
	task := e.first + protocol.TaskID(effect.Subtask)
	m.postTo(c, task, m.attempt, sim.Message{
		Kind: rpc.OperatorTell, C: int64(effect.Event), Body: e.events[effect.Event-1],
	})
	c.After(operatorEventTimeoutNanos, sim.Message{
		Kind: operatorTimer, A: int64(task), B: int64(m.attempt), C: int64(effect.Event), D: m.epoch,
	})
}

// splitTold and splitLost end the delivery of an event; whichever comes second finds that
// it has ended.
func (m *master) splitTold(c *sim.Context, message sim.Message) {
	m.settleEvent(c, message, protocol.GatewayConfirmed)
}

func (m *master) splitLost(c *sim.Context, message sim.Message) {
	m.settleEvent(c, message, protocol.GatewayLost)
}

func (m *master) settleEvent(c *sim.Context, message sim.Message, kind protocol.GatewayInputKind) {
	task := protocol.TaskID(message.A)
	e := m.enumerators[m.options.Plan.Tasks[task].Vertex]
	if e == nil || protocol.Attempt(message.B) != m.attempt || !m.executing() {
		return
	}
	m.gateway(c, e, protocol.GatewayInput{
		Kind: kind, Subtask: int(task - e.first), Event: protocol.OperatorEvent(message.C),
	})
}
