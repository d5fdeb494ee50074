package protocol

import "fmt"

// Contract is what a protocol promises about the cuts it completes.
type Contract uint8

const (
	// ContractExactlyOnce: on every channel, what the receiver had applied, then the
	// recorded input state, then the recorded output state, is what was sent.
	ContractExactlyOnce Contract = iota
	// ContractAtLeastOnce: nothing sent is missing; the receiver may be ahead.
	ContractAtLeastOnce
)

// String is "exactly-once" or "at-least-once".
func (c Contract) String() string { return [...]string{"exactly-once", "at-least-once"}[c] }

// CutClass says how a cut is inconsistent.
type CutClass uint8

const (
	// CutOrphan: the receiver applied elements that its sender, restored, will send
	// again.
	CutOrphan CutClass = iota
	// CutLost: elements were sent, and are neither applied nor recorded.
	CutLost
	// CutDuplicated: the recorded channel state holds more than what was in flight.
	CutDuplicated
	// CutReordered: the recorded elements are as many as were in flight, but others, or
	// in another order.
	CutReordered
	// CutStateOffsetSkew: an operator's state holds other elements than its task's
	// counters say.
	CutStateOffsetSkew
	// CutMissingTask: a task, or a channel of it, is not in the recovery point at all.
	CutMissingTask
)

var cutClassNames = [...]string{
	"orphan", "lost", "duplicated", "reordered", "state-offset-skew", "missing-task",
}

// String is the class's word.
func (c CutClass) String() string { return cutClassNames[c] }

// CutViolation is one way in which a recovery point is not a consistent cut, with the
// counters that prove it.
type CutViolation struct {
	Class      CutClass
	Checkpoint CheckpointID
	// Link is the channel; of CutStateOffsetSkew, only its Receiver is set.
	Link ChannelLink
	// Received, InputElements, OutputElements and Sent are the counters of the link.
	Received, InputElements, OutputElements, Sent int64
	// Operator, Applied and Expected are the state of CutStateOffsetSkew.
	Operator          uint64
	Applied, Expected Tally
}

// String names checkpoint, channel and counters.
func (v CutViolation) String() string {
	if v.Class == CutStateOffsetSkew {
		return fmt.Sprintf("%s checkpoint=%d task=%d operator=%d applied=%d expected=%d",
			v.Class, v.Checkpoint, v.Link.Receiver, v.Operator, v.Applied.Count, v.Expected.Count)
	}
	return fmt.Sprintf("%s checkpoint=%d link=%d.%d->%d.%d received=%d input-state=%d output-state=%d"+
		" sent=%d", v.Class, v.Checkpoint,
		v.Link.Sender, v.Link.SenderChannel, v.Link.Receiver, v.Link.ReceiverChannel,
		v.Received, v.InputElements, v.OutputElements, v.Sent)
}

// CheckCut is the predicate of a consistent cut (reference protocols.md 3.1), over what
// would be restored. It takes time in the number of links and recorded elements, and
// allocates only violations. At most one is reported for a link, in the order of links.
// Finished tasks keep the counters with which they ended.
func CheckCut(p *RecoveryPoint, links []ChannelLink, contract Contract) []CutViolation {
	var violations []CutViolation
	for _, link := range links {
		if v, bad := checkLink(p, link, contract); bad {
			violations = append(violations, v)
		}
	}
	return violations
}

func checkLink(p *RecoveryPoint, link ChannelLink, contract Contract) (CutViolation, bool) {
	v := CutViolation{Checkpoint: p.Checkpoint, Link: link}
	sender, receiver := taskPoint(p, link.Sender), taskPoint(p, link.Receiver)
	if sender == nil || int(link.SenderChannel) >= len(sender.Sent) ||
		receiver == nil || int(link.ReceiverChannel) >= len(receiver.Received) {
		v.Class = CutMissingTask
		return v, true
	}
	received, sent := receiver.Received[link.ReceiverChannel], sender.Sent[link.SenderChannel]
	input := elements(receiver.InputState, link.ReceiverChannel)
	output := elements(sender.OutputState, link.SenderChannel)
	v.Received, v.Sent = received.Count, sent.Count
	v.InputElements, v.OutputElements = int64(len(input)), int64(len(output))
	if contract == ContractAtLeastOnce && received.Count > sent.Count {
		return v, false
	}
	restored := received
	extend(&restored, input)
	extend(&restored, output)
	if restored == sent {
		return v, false
	}
	v.Class = linkClass(received, restored, sent)
	if contract == ContractAtLeastOnce && v.Class == CutDuplicated {
		return v, false
	}
	return v, true
}

func linkClass(received, restored, sent Chain) CutClass {
	switch {
	case received.Count > sent.Count:
		return CutOrphan
	case restored.Count < sent.Count:
		return CutLost
	case restored.Count > sent.Count:
		return CutDuplicated
	}
	return CutReordered
}

// ExpectedState is what an operator's state must hold, as somebody else than the state
// counted it up to the cut.
type ExpectedState struct {
	Task     TaskID
	Operator uint64
	Applied  Tally
}

// CheckStates compares the states of a recovery point with what they must hold
// (class state-offset-skew). Under ContractAtLeastOnce a state may hold more.
func CheckStates(p *RecoveryPoint, expected []ExpectedState, contract Contract) []CutViolation {
	var violations []CutViolation
	for _, want := range expected {
		got := statePoint(taskPoint(p, want.Task), want.Operator)
		if got == want.Applied || contract == ContractAtLeastOnce && got.Count > want.Applied.Count {
			continue
		}
		violations = append(violations, CutViolation{
			Class: CutStateOffsetSkew, Checkpoint: p.Checkpoint, Link: ChannelLink{Receiver: want.Task},
			Operator: want.Operator, Applied: got, Expected: want.Applied,
		})
	}
	return violations
}

func taskPoint(p *RecoveryPoint, task TaskID) *TaskPoint {
	if task >= 0 && int(task) < len(p.Tasks) && p.Tasks[task].Task == task {
		return &p.Tasks[task]
	}
	for i := range p.Tasks {
		if p.Tasks[i].Task == task {
			return &p.Tasks[i]
		}
	}
	return nil
}

func statePoint(task *TaskPoint, operator uint64) Tally {
	if task != nil {
		for _, state := range task.States {
			if state.Operator == operator {
				return state.Applied
			}
		}
	}
	return Tally{}
}

func elements(state [][]uint64, channel ChannelIndex) []uint64 {
	if int(channel) < len(state) {
		return state[channel]
	}
	return nil
}

func extend(c *Chain, lineages []uint64) {
	for _, lineage := range lineages {
		c.Extend(lineage)
	}
}
