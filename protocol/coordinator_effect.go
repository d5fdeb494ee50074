package protocol

import "fmt"

// CoordinatorEffectKind is what a CheckpointCoordinator asks its host to do (Order...)
// or only tells the trace (Report...).
type CoordinatorEffectKind uint8

const (
	// OrderNextID: increment the durable id counter and answer CoordinatorIDAssigned or
	// CoordinatorIDFailed. An id is never given twice, over all job managers.
	OrderNextID CoordinatorEffectKind = iota
	// OrderSetTimer: feed CoordinatorTimerFired for Timer (and Checkpoint) at AtNanos. It
	// replaces the timer of the same name.
	OrderSetTimer
	// OrderClearTimer: forget that timer.
	OrderClearTimer
	// OrderSnapshotCoordinators: snapshot the operator coordinators for Checkpoint, close
	// their gateways, and answer CoordinatorCoordinatorsDone or CoordinatorTriggerFailed.
	OrderSnapshotCoordinators
	// OrderSnapshotHooks: run the master hooks, and answer CoordinatorHooksDone or
	// CoordinatorTriggerFailed.
	OrderSnapshotHooks
	// OrderTriggerTask: ask Task, of Attempt, to start Barrier.
	OrderTriggerTask
	// OrderWriteMetadata: write the metadata of Checkpoint, then (unless it is a
	// savepoint) its pointer into the durable store; answer with one of the three outcomes.
	OrderWriteMetadata
	// OrderDiscard: delete Checkpoint: its pointer first, then metadata, then the state
	// that tasks acknowledged for it.
	OrderDiscard
	// OrderDiscardState: delete the state that Task, of Attempt, sent for Checkpoint with
	// the acknowledgement in hand; it belongs to no checkpoint.
	OrderDiscardState
	// OrderNotifyComplete: tell Task, of Attempt, that Checkpoint is complete; Related is
	// the newest checkpoint that this one subsumed.
	OrderNotifyComplete
	// OrderNotifyAborted: tell Task, of Attempt, that Checkpoint was aborted; Related is
	// the latest completed one and replays a lost notification.
	OrderNotifyAborted
	// OrderNotifyCoordinatorsComplete and OrderNotifyCoordinatorsAborted tell the operator
	// coordinators; an abort opens the gateways that Checkpoint closed.
	OrderNotifyCoordinatorsComplete
	OrderNotifyCoordinatorsAborted
	// OrderRecoverStore: read the durable store, feed CoordinatorCheckpointRecovered for
	// each entry, then CoordinatorStoreRecovered.
	OrderRecoverStore
	// OrderRestore: deploy Attempt from Checkpoint, or from scratch (NoCheckpoint).
	OrderRestore
	// OrderFailJob: more checkpoints failed than is tolerable, Checkpoint last, for
	// Reason: a global failure, which the restart strategy decides about.
	OrderFailJob

	// ReportTriggered: Checkpoint exists now; Trigger says who asked.
	ReportTriggered
	// ReportSkipped: a request made no checkpoint, for Reason.
	ReportSkipped
	// ReportAcknowledged: an acknowledgement was judged Verdict.
	ReportAcknowledged
	// ReportCompleted: Checkpoint is complete with SizeBytes, DurationNanos from trigger
	// to last acknowledgement.
	ReportCompleted
	// ReportAborted: Checkpoint failed for Reason.
	ReportAborted
)

var coordinatorEffectNames = [...]string{
	OrderNextID: "next-id", OrderSetTimer: "set-timer", OrderClearTimer: "clear-timer",
	OrderSnapshotCoordinators: "snapshot-coordinators", OrderSnapshotHooks: "snapshot-hooks",
	OrderTriggerTask: "trigger-task", OrderWriteMetadata: "write-metadata",
	OrderDiscard: "discard", OrderDiscardState: "discard-state",
	OrderNotifyComplete: "notify-complete", OrderNotifyAborted: "notify-aborted",
	OrderNotifyCoordinatorsComplete: "notify-coordinators-complete",
	OrderNotifyCoordinatorsAborted:  "notify-coordinators-aborted",
	OrderRecoverStore:               "recover-store", OrderRestore: "restore", OrderFailJob: "fail-job",
	ReportTriggered: "triggered", ReportSkipped: "skipped", ReportAcknowledged: "acknowledged",
	ReportCompleted: "completed", ReportAborted: "aborted",
}

// AckVerdict is how an acknowledgement was judged; the values are those of the event
// checkpoint-acknowledged (Flink: PendingCheckpoint.TaskAcknowledgeResult).
type AckVerdict uint8

const (
	// AckSuccess: the state is part of the checkpoint.
	AckSuccess AckVerdict = iota
	// AckDuplicate: it was acknowledged before; nothing is deleted.
	AckDuplicate
	// AckUnknown: from no task of the plan or from another attempt.
	AckUnknown
	// AckDiscarded: too late, the checkpoint has failed.
	AckDiscarded
)

var ackVerdictNames = [...]string{"success", "duplicate", "unknown", "discarded"}

// String is the verdict as scripts show it.
func (v AckVerdict) String() string { return ackVerdictNames[v] }

// CoordinatorEffect is one order or report. Which fields matter is said at its kind.
type CoordinatorEffect struct {
	Kind          CoordinatorEffectKind
	Timer         CoordinatorTimer
	Trigger       TriggerKind
	Reason        FailureReason
	Verdict       AckVerdict
	Task          TaskID
	Attempt       Attempt
	Checkpoint    CheckpointID
	Related       CheckpointID
	AtNanos       int64
	DurationNanos int64
	SizeBytes     int64
	Barrier       Barrier
}

// String is the effect as scripts and panics show it: its name, then the fields that
// matter for its kind.
func (e CoordinatorEffect) String() string {
	name := coordinatorEffectNames[e.Kind]
	switch e.Kind {
	case OrderNextID, OrderRecoverStore:
		return name
	case OrderSetTimer:
		return fmt.Sprintf("%s %s at=%d", name, e.timerName(), e.AtNanos)
	case OrderClearTimer:
		return name + " " + e.timerName()
	case OrderTriggerTask:
		return fmt.Sprintf("%s checkpoint=%d task=%d attempt=%d alignment=%s savepoint=%t triggered-at=%d",
			name, e.Checkpoint, e.Task, e.Attempt, e.Barrier.Alignment, e.Barrier.Savepoint,
			e.Barrier.TriggerNanos)
	case OrderDiscardState:
		return fmt.Sprintf("%s checkpoint=%d task=%d attempt=%d", name, e.Checkpoint, e.Task, e.Attempt)
	case OrderNotifyComplete:
		return fmt.Sprintf("%s checkpoint=%d task=%d subsumed=%d", name, e.Checkpoint, e.Task, e.Related)
	case OrderNotifyAborted:
		return fmt.Sprintf("%s checkpoint=%d task=%d latest=%d", name, e.Checkpoint, e.Task, e.Related)
	case OrderRestore:
		return fmt.Sprintf("%s checkpoint=%d attempt=%d", name, e.Checkpoint, e.Attempt)
	}
	return e.stringOfReport(name)
}

func (e CoordinatorEffect) timerName() string {
	if e.Timer == TimerExpiry {
		return fmt.Sprintf("%s checkpoint=%d", e.Timer, e.Checkpoint)
	}
	return e.Timer.String()
}

func (e CoordinatorEffect) stringOfReport(name string) string {
	switch e.Kind {
	case OrderFailJob, ReportAborted:
		return fmt.Sprintf("%s checkpoint=%d %s", name, e.Checkpoint, e.Reason)
	case ReportSkipped:
		return name + " " + e.Reason.String()
	case ReportTriggered:
		return fmt.Sprintf("%s checkpoint=%d %s", name, e.Checkpoint, e.Trigger)
	case ReportAcknowledged:
		return fmt.Sprintf("%s checkpoint=%d task=%d attempt=%d %s",
			name, e.Checkpoint, e.Task, e.Attempt, e.Verdict)
	case ReportCompleted:
		return fmt.Sprintf("%s checkpoint=%d duration=%d bytes=%d",
			name, e.Checkpoint, e.DurationNanos, e.SizeBytes)
	}
	return fmt.Sprintf("%s checkpoint=%d", name, e.Checkpoint)
}

// CoordinatorEffects is the caller-owned buffer that a step appends to, in order. Reset
// keeps its capacity, so steps do not allocate.
type CoordinatorEffects struct{ List []CoordinatorEffect }

// Reset empties the buffer.
func (e *CoordinatorEffects) Reset() { e.List = e.List[:0] }

// Add appends one effect.
func (e *CoordinatorEffects) Add(effect CoordinatorEffect) { e.List = append(e.List, effect) }
