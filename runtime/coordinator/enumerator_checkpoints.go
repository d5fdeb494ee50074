package coordinator

import (
	"simrun/protocol"
	"simrun/sim"
)

// snapshotEnumerators takes the enumerators' part of a checkpoint, before any task is
// triggered (FLINK-18641).
func (m *master) snapshotEnumerators(c *sim.Context, id protocol.CheckpointID) {
	if m.before(c, protocol.StepSnapshotCoordinators, protocol.NoTask, id) {
		return
	}
	hosted := m.find(id)
	for v, e := range m.enumerators {
		if e == nil {
			continue
		}
		hosted.enumeratorsLeft++
		m.gateway(c, e, protocol.GatewayInput{Kind: protocol.GatewayMark, Checkpoint: id})
		e.machine.Step(protocol.EnumeratorInput{Kind: protocol.EnumeratorSnapshot, Checkpoint: id}, nil)
		hosted.metadata.Enumerators[v] = e.machine.SnapshotInto([]int32{})
	}
	for _, e := range m.enumerators {
		if e != nil {
			m.gateway(c, e, protocol.GatewayInput{Kind: protocol.GatewayClose, Checkpoint: id})
		}
	}
}

func (m *master) enumeratorDone(c *sim.Context, id protocol.CheckpointID) {
	hosted := m.find(id)
	if hosted == nil {
		return
	}
	hosted.enumeratorsLeft--
	if hosted.enumeratorsLeft == 0 && !m.after(c, protocol.StepSnapshotCoordinators, protocol.NoTask, id) {
		m.feed(c, protocol.CoordinatorInput{Kind: protocol.CoordinatorCoordinatorsDone, Checkpoint: id})
	}
}

// enumeratorAcknowledged opens the gateway to a reader that has taken its part.
func (m *master) enumeratorAcknowledged(c *sim.Context, task protocol.TaskID, id protocol.CheckpointID) {
	if e := m.enumerators[m.options.Plan.Tasks[task].Vertex]; e != nil && e.gateways != nil {
		m.gateway(c, e, protocol.GatewayInput{
			Kind: protocol.GatewaySubtaskAcked, Subtask: int(task - e.first), Checkpoint: id,
		})
	}
}

// readEnumeratorLate takes the part of an enumerator when a reader has taken its own: the
// planted bug enumerator-read-late.
func (m *master) readEnumeratorLate(task protocol.TaskID, id protocol.CheckpointID) {
	v := m.options.Plan.Tasks[task].Vertex
	if hosted, e := m.find(id), m.enumerators[v]; hosted != nil && e != nil && e.machine != nil {
		hosted.metadata.Enumerators[v] = e.machine.SnapshotInto([]int32{})
	}
}

func (m *master) enumeratorsCompleted(id protocol.CheckpointID) {
	for _, e := range m.enumerators {
		if e != nil {
			e.machine.Step(protocol.EnumeratorInput{Kind: protocol.EnumeratorCompleted, Checkpoint: id}, nil)
		}
	}
}

func (m *master) enumeratorsAborted(c *sim.Context, id protocol.CheckpointID) {
	for _, e := range m.enumerators {
		if e != nil {
			m.gateway(c, e, protocol.GatewayInput{Kind: protocol.GatewayCheckpointAborted, Checkpoint: id})
		}
	}
}
