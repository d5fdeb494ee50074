package protocoltest

import "simrun/protocol"

// stateOperator is the id of the one operator that every task runs.
const stateOperator = 1

// checkCut asks the predicates of package protocol about a completed checkpoint.
func (w *world) checkCut(id protocol.CheckpointID) {
	point := w.recoveryPoint(id)
	if w.failure != nil {
		return
	}
	for _, v := range protocol.CheckCut(point, w.topology.channelLinks(), w.contract) {
		w.fail(Class(v.Class.String()), "%s", v)
	}
	for _, v := range protocol.CheckStates(point, w.expectedStates(point), w.contract) {
		w.fail(Class(v.Class.String()), "%s", v)
	}
}

// recoveryPoint is what would be restored. A task that had finished keeps what it ended
// with.
func (w *world) recoveryPoint(id protocol.CheckpointID) *protocol.RecoveryPoint {
	point := &protocol.RecoveryPoint{Checkpoint: id, Tasks: make([]protocol.TaskPoint, len(w.tasks))}
	for i, t := range w.tasks {
		p := &point.Tasks[i]
		p.Task = t.id
		s := t.snapshot(id)
		p.Finished = !s.acked
		p.Received, p.Sent = s.received, s.sent
		applied := s.applied
		if p.Finished {
			p.Received, p.Sent, applied = t.received, t.sent, t.applied
		}
		p.States = []protocol.StatePoint{{Operator: stateOperator, Applied: applied}}
		p.InputState = make([][]uint64, len(t.inputs))
		p.OutputState = make([][]uint64, len(t.outputs))
	}
	for _, c := range w.channels {
		w.recordChannel(point, c)
	}
	return point
}

// recordChannel joins the buffers that were recorded at both ends. A record belongs to
// the side that holds its last part: its first may have been read by the receiver while
// the last was still in the sender's queue.
func (w *world) recordChannel(point *protocol.RecoveryPoint, c *channel) {
	receiver, sender := &point.Tasks[c.Receiver], &point.Tasks[c.Sender]
	input := w.tasks[c.Receiver].snapshot(point.Checkpoint).input[c.ReceiverChannel]
	output := w.tasks[c.Sender].snapshot(point.Checkpoint).output[c.SenderChannel]
	var joiner recordJoiner
	receiver.InputState[c.ReceiverChannel] = joiner.join(input)
	sender.OutputState[c.SenderChannel] = joiner.join(output)
	w.coverage.InputElements += len(receiver.InputState[c.ReceiverChannel])
	w.coverage.OutputElements += len(sender.OutputState[c.SenderChannel])
	if joiner.torn || joiner.next != 0 {
		w.fail(ClassTorn, "checkpoint %d: channel state from task %d to %d tears a record: %v then %v",
			point.Checkpoint, c.Sender, c.Receiver, input, output)
	}
}

// recordJoiner makes records of their parts.
type recordJoiner struct {
	lineage uint64
	next    int // the part that must come next
	torn    bool
}

func (j *recordJoiner) join(buffers []item) []uint64 {
	var records []uint64
	for _, i := range buffers {
		if i.part != j.next || i.part > 0 && i.lineage != j.lineage {
			j.torn = true
		}
		j.lineage, j.next = i.lineage, i.part+1
		if j.next == i.parts {
			records = append(records, i.lineage)
			j.next = 0
		}
	}
	return records
}

// expectedStates counts, from what the senders logged, what every state must hold: the
// records that its counters say were applied, or that a source says it emitted.
func (w *world) expectedStates(point *protocol.RecoveryPoint) []protocol.ExpectedState {
	expected := make([]protocol.ExpectedState, len(w.tasks))
	for i, t := range w.tasks {
		expected[i] = protocol.ExpectedState{Task: t.id, Operator: stateOperator}
		counted := &expected[i].Applied
		for ch, c := range t.inputs {
			addLog(counted, c.sentLog, point.Tasks[i].Received[ch].Count)
		}
		if len(t.inputs) == 0 {
			for ch, c := range t.outputs {
				addLog(counted, c.sentLog, point.Tasks[i].Sent[ch].Count)
			}
		}
	}
	return expected
}

func addLog(counted *protocol.Tally, log []uint64, count int64) {
	for _, lineage := range log[:count] {
		counted.Add(lineage)
	}
}
