package protocol

// MarksOf says which marks an event reaches. It is a pure function of the event, so that
// a run's marks are the union over its events, in any order.
func MarksOf(kind EventKind, args [MaxEventArgs]int64) MarkSet {
	if rule := markRules[kind]; rule != nil {
		return rule(args)
	}
	return markOfKind[kind]
}

// markOfKind holds the kinds every event of which reaches the same mark.
var markOfKind = [eventKindCount]MarkSet{
	JobRestarting:           1 << MarkJobRestarted,
	TaskFailed:              1 << MarkTaskFailed,
	TaskFinished:            1 << MarkTaskFinished,
	HeartbeatTimedOut:       1 << MarkHeartbeatTimedOut,
	ZombieFenced:            1 << MarkZombieFenced,
	CheckpointSkipped:       1 << MarkCheckpointSkipped,
	CheckpointCompleted:     1 << MarkCheckpointCompleted,
	ChannelBlocked:          1 << MarkAlignmentBlocked,
	SpanningRecordAtCut:     1 << MarkSpanningRecordAtCut,
	CreditGranted:           1 << MarkCreditGranted,
	OverdraftTaken:          1 << MarkOverdraft,
	BufferSizeChanged:       1 << MarkBufferResized,
	WatermarkAdvanced:       1 << MarkWatermarkAdvanced,
	LateRecordDropped:       1 << MarkLateRecordDropped,
	TransactionCommitted:    1 << MarkTransactionCommitted,
	TransactionRecovered:    1 << MarkTransactionRecovered,
	TransactionAborted:      1 << MarkTransactionAborted,
	TransactionTimedOut:     1 << MarkTransactionTimedOut,
	TransactionCommitFailed: 1 << MarkCommitFailed,
	ObjectFailed:            1 << MarkStorageFailed,
	MetadataLost:            1 << MarkMetadataLost,
	FaultInjected:           1 << MarkFaultInjected,
	FaultHealed:             1 << MarkFaultHealed,
	FaultBit:                1 << MarkFaultBit,
}

// markRules holds the kinds whose mark depends on the arguments.
var markRules = [eventKindCount]func(args [MaxEventArgs]int64) MarkSet{
	JobStatusChanged: func(a [MaxEventArgs]int64) MarkSet {
		return when(JobStatus(a[0]) == JobFailed, MarkJobFailed) |
			when(JobStatus(a[0]) == JobFinished, MarkJobFinished)
	},
	JobRestored: func(a [MaxEventArgs]int64) MarkSet {
		return when(a[1] != 0, MarkRestoredFromCheckpoint) |
			when(a[1] == 0 && a[0] > 0, MarkRestartedFromScratch)
	},
	LeaderElected: func(a [MaxEventArgs]int64) MarkSet { return when(a[1] > 1, MarkStandbyTookOver) },
	CheckpointTriggered: func(a [MaxEventArgs]int64) MarkSet {
		return when(a[2] != 0, MarkSavepointTriggered)
	},
	CheckpointAcknowledged: func(a [MaxEventArgs]int64) MarkSet {
		return when(a[3] == AcknowledgedLate, MarkLateAckDiscarded)
	},
	CheckpointAborted: func(a [MaxEventArgs]int64) MarkSet { return markOfAbort(FailureReason(a[1])) },
	SwitchedToUnaligned: func(a [MaxEventArgs]int64) MarkSet {
		return bySide(a[2], MarkSwitchedOnInput, MarkSwitchedOnOutput)
	},
	InFlightPersisted: func(a [MaxEventArgs]int64) MarkSet { return when(a[4] > 0, MarkInFlightPersisted) },
	InFlightRestored:  inFlightRestored,
	BackpressureStarted: func(a [MaxEventArgs]int64) MarkSet {
		return bySide(a[1], MarkSoftBackpressure, MarkHardBackpressure)
	},
	TimerFired: func(a [MaxEventArgs]int64) MarkSet {
		return bySide(a[2], MarkTimerFired, MarkProcessingTimerFired)
	},
}

// AcknowledgedLate is the verdict of a CheckpointAcknowledged whose checkpoint had ended.
const AcknowledgedLate = 3

func when(reached bool, m Mark) MarkSet {
	if !reached {
		return 0
	}
	return 1 << m
}

func bySide(side int64, zero, other Mark) MarkSet {
	if side == 0 {
		return 1 << zero
	}
	return 1 << other
}

func inFlightRestored(a [MaxEventArgs]int64) MarkSet {
	if a[4] <= 0 {
		return 0
	}
	return bySide(a[2], MarkInputStateRestored, MarkOutputStateRestored)
}

func markOfAbort(reason FailureReason) MarkSet {
	switch reason {
	case CheckpointExpired:
		return 1 << MarkCheckpointExpired
	case CheckpointSubsumed:
		return 1 << MarkCheckpointSubsumed
	case CheckpointDeclined, CheckpointDeclinedTaskNotReady, CheckpointDeclinedTaskClosing,
		CheckpointDeclinedSubsumed, CheckpointDeclinedOnCancellationBarrier,
		CheckpointDeclinedInputEndOfStream:
		return 1 << MarkCheckpointDeclined
	}
	return 0
}
