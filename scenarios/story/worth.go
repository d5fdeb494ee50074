package story

import (
	"slices"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// Worth of telling an event, from 0 (never) to certain (a witness). The slice takes the
// most worthy events until it is full, so what matters is the order of the numbers.
const (
	certain = 100
	// turning points: faults, failovers, how a checkpoint ended.
	turning = 80
	// central: what the checkpoint, the channel or the transaction of the violation did.
	central = 60
	// beside: what helps to follow.
	beside = 40
	// detail is told when there is room.
	detail = 20
)

// worth is how much an event is worth telling, for this violation.
func (t *teller) worth(e *sim.Event) int {
	kind := protocol.EventKind(e.Kind)
	switch kind {
	case protocol.FaultInjected, protocol.MetadataLost, protocol.JobRestored:
		return t.turningPoint(e, kind)
	case protocol.FaultHealed, protocol.JobRestarting, protocol.LeaderElected, protocol.TaskFailed,
		protocol.HeartbeatTimedOut, protocol.ZombieFenced:
		return t.failure(e, kind)
	case protocol.BarrierConsumed, protocol.ChannelBlocked, protocol.ChannelResumed,
		protocol.InFlightPersisted, protocol.InFlightRestored, protocol.SpanningRecordAtCut:
		return t.ofChannel(e, kind)
	case protocol.BufferSent, protocol.BufferReceived, protocol.BufferConsumed, protocol.CreditGranted,
		protocol.SegmentTaken, protocol.SegmentReturned, protocol.OverdraftTaken, protocol.WatermarkAdvanced:
		return t.ofBuffer(e, kind)
	case protocol.WatermarkStatusChanged:
		return either(t.story.Finding.Class == "watermark-regression" && t.aboutTask(e), central, 0)
	case protocol.TaskFinished, protocol.OperatorsFinished, protocol.TaskCanceled:
		return t.ofEnd(e, kind)
	case protocol.TransactionOpened, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
		protocol.TransactionAborted, protocol.TransactionTimedOut, protocol.TransactionRecovered,
		protocol.TransactionCommitFailed, protocol.OutputVisible:
		return t.ofTransaction(e, kind)
	}
	return t.ofCheckpoint(e, kind)
}

func (t *teller) turningPoint(e *sim.Event, kind protocol.EventKind) int {
	switch {
	case kind == protocol.JobRestored && e.Args[0] == 0:
		return 0
	case kind == protocol.FaultInjected && protocol.FaultKind(e.Args[1]) == protocol.FaultThrow:
		return either(t.failed, turning+5, 0) // it is only armed: its task fails when it throws
	}
	return turning + 5
}

// failure weighs what faults bring about.
func (t *teller) failure(e *sim.Event, kind protocol.EventKind) int {
	switch kind {
	case protocol.LeaderElected:
		if e.Args[1] <= 1 {
			return 0
		}
		return turning
	case protocol.FaultHealed, protocol.HeartbeatTimedOut:
		return beside
	case protocol.TaskFailed:
		return turning - 6
	case protocol.JobRestarting:
		return beside + 5
	}
	return central
}

// ofCheckpoint weighs the steps of checkpoints, most of all of those that the violation
// is about.
func (t *teller) ofCheckpoint(e *sim.Event, kind protocol.EventKind) int {
	if !t.aboutCheckpoint(e) {
		return 0
	}
	mine := t.aboutTask(e)
	switch kind {
	case protocol.CheckpointTriggered, protocol.CheckpointCompleted, protocol.CheckpointAborted:
		return turning
	case protocol.SnapshotStarted:
		return either(mine, turning-5, detail+5)
	case protocol.SnapshotDone, protocol.CheckpointNotified:
		return either(mine, beside-5, 0)
	case protocol.AlignmentStarted:
		return either(mine, beside-10, 0)
	case protocol.SwitchedToUnaligned, protocol.CheckpointDeclinedByTask, protocol.ObjectFailed:
		return either(mine, central+5, beside)
	case protocol.ObjectStored:
		return either(mine, beside-5, 0)
	case protocol.MetadataStored, protocol.CheckpointSkipped:
		return beside - 5
	case protocol.CheckpointAcknowledged:
		if e.Args[3] != 0 {
			return central
		}
		return either(mine, beside, detail)
	case protocol.ObjectDeleted, protocol.CheckpointDiscarded:
		return detail
	}
	return 0
}

// ofEnd weighs how subtasks end, where something is left over.
func (t *teller) ofEnd(e *sim.Event, kind protocol.EventKind) int {
	class := t.story.Finding.Class
	if class != "leaked" && !t.stuck() || !t.aboutTask(e) {
		return 0
	}
	return either(kind == protocol.TaskFinished, central-2, beside)
}

func (t *teller) stuck() bool { return t.story.Verdict == result.Stuck }

// ofChannel weighs barriers and what is recorded of a channel.
func (t *teller) ofChannel(e *sim.Event, kind protocol.EventKind) int {
	link := slices.Contains(t.subject.links, t.linkOf(e))
	if kind == protocol.InFlightRestored {
		return either(link, central+5, either(t.aboutTask(e) && len(t.subject.links) == 0, detail, 0))
	}
	if kind != protocol.ChannelResumed && !t.aboutCheckpoint(e) || !t.aboutTask(e) {
		return 0
	}
	switch kind {
	case protocol.BarrierConsumed:
		return either(link, turning-2, either(len(t.subject.links) == 0, beside+2, beside))
	case protocol.InFlightPersisted, protocol.SpanningRecordAtCut:
		return either(link, central+8, detail)
	case protocol.ChannelBlocked:
		return either(t.stuck() && link, central, 0)
	case protocol.ChannelResumed:
		return either(t.stuck() && link, beside, 0)
	}
	return 0
}

// ofBuffer weighs what happens to buffers: only beside a witness of that sort it is told,
// and the last few times before it (see lastBefore).
func (t *teller) ofBuffer(e *sim.Event, kind protocol.EventKind) int {
	if !t.bufferStory || !t.aboutTask(e) {
		return 0
	}
	if link := t.linkOf(e); link >= 0 && !slices.Contains(t.subject.links, link) {
		return 0
	}
	return detail + 2
}

// ofTransaction weighs the life of a transaction that the violation is about.
func (t *teller) ofTransaction(e *sim.Event, kind protocol.EventKind) int {
	id := protocol.TransactionID(e.Args[1])
	mine := slices.Contains(t.subject.transactions, id)
	switch kind {
	case protocol.TransactionOpened:
		return either(mine, beside, 0)
	case protocol.OutputVisible:
		return either(mine, central-5, 0)
	case protocol.TransactionTimedOut, protocol.TransactionCommitFailed:
		return either(mine, turning, beside)
	}
	return either(mine, central+10, either(t.sinkStory && t.aboutTask(e) && t.aboutCheckpoint(e), detail, 0))
}

func either(condition bool, yes, no int) int {
	if condition {
		return yes
	}
	return no
}

// aboutCheckpoint: the event names a checkpoint of the violation.
func (t *teller) aboutCheckpoint(e *sim.Event) bool {
	for i, name := range protocol.EventKind(e.Kind).ArgNames() {
		if name == "checkpoint" {
			return slices.Contains(t.subject.checkpoints, protocol.CheckpointID(e.Args[i]))
		}
	}
	return false
}

// aboutTask: the event is of a subtask of the violation.
func (t *teller) aboutTask(e *sim.Event) bool {
	for i, name := range protocol.EventKind(e.Kind).ArgNames() {
		if name == "task" {
			return slices.Contains(t.subject.tasks, protocol.TaskID(e.Args[i]))
		}
	}
	return false
}
