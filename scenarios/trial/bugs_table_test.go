package trial

import "simrun/protocol"

// bugTrial says where one planted bug shows, and how.
type bugTrial struct {
	bug protocol.Bug
	// scenario is one of bugScenarios or of the library; sets change it, and faults, if there
	// are any, replace its plan.
	scenario     string
	sets, faults []string
	// class and checker are those of the first report.
	class, checker string
}

// Settings that several trials need.
const (
	checkpointing   = "job.configuration.execution.checkpointing."
	stateInFiles    = checkpointing + "data-inline-threshold=0 b"
	failuresAllowed = checkpointing + "tolerable-failed-checkpoints=100"
	oneWriteFails   = "{fail: storage, operation: put, count: 1, from: 700 ms, to: 6 s}"
	lostInSnapshot  = "{crash: task-manager-1, step: snapshot-done, ordinal: 11, restart-after: 500 ms}"
)

// bugTrials has every planted bug once.
var bugTrials = []bugTrial{
	// Barriers and channel state.
	{bug: protocol.BugReleaseOnFirstBarrier, scenario: "uneven", class: "lost", checker: "cut"},
	{bug: protocol.BugBarrierBlocksNothing, scenario: "uneven", class: "orphan", checker: "cut"},
	{bug: protocol.BugLateBarrierAccepted, scenario: "backpressured", class: "lost", checker: "cut",
		sets: []string{failuresAllowed, stateInFiles},
		faults: []string{oneWriteFails,
			"{delay: [node-0, node-1], by: 200 ms, from: 0 s, to: 60 s, one-way: true}"}},
	{bug: protocol.BugPersistsBehindBarrier, scenario: "backpressured", class: "duplicated", checker: "cut",
		sets: []string{"job.graph.source.source.records=2000", "job.graph.sink.sink.service=10 ms",
			"cluster.network.latency=uniform(100us,8ms)"}},
	{bug: protocol.BugFirstGateOnly, scenario: "two-gates", class: "lost", checker: "cut"},
	{bug: protocol.BugHalfReadForgotten, scenario: "backpressured", class: "lost", checker: "cut"},
	{bug: protocol.BugRecordedOutOfOrder, scenario: "backpressured", class: "reordered", checker: "cut"},
	{bug: protocol.BugOvertakenForgotten, scenario: "backpressured", class: "lost", checker: "cut"},
	{bug: protocol.BugObsoleteBarrierBlocks, scenario: "late-barrier", class: "stuck", checker: "progress"},
	{bug: protocol.BugObsoleteBarrierAsserts, scenario: "late-barrier", class: "panic", checker: "run"},
	{bug: protocol.BugConvertedWhenRead, scenario: "backpressured", class: "lost", checker: "fifo",
		sets: []string{"job.graph.source.source.payload=487 b"}}, // eight records fill a buffer
	{bug: protocol.BugOutputRestoredTwice, scenario: "backpressured", class: "buffer-leak", checker: "buffers"},

	// State, positions and timers.
	{bug: protocol.BugStateTakenLate, scenario: "counts", class: "state-offset-skew", checker: "frontier",
		sets: []string{stateInFiles, "cluster.storage.latency=50 ms"}},
	{bug: protocol.BugLastOffsetStored, scenario: "counts", class: "state-offset-skew", checker: "frontier"},
	{bug: protocol.BugSplitAddedTwice, scenario: "counts", class: "state-offset-skew", checker: "frontier"},
	{bug: protocol.BugKeyGroupsShifted, scenario: "counts", class: "duplicated", checker: "re-execution"},
	{bug: protocol.BugTimersForgotten, scenario: "user-sessions", class: "corrupt", checker: "re-execution",
		sets:   []string{"job.graph.clicks.source.records=6000"},
		faults: []string{"{crash: task-manager-1, at: 3 s, restart-after: 1 s}"}},
	{bug: protocol.BugWatermarkFallsBack, scenario: "idle-input",
		class: "watermark-regression", checker: "watermarks"},

	// Buffers, credits and connections.
	{bug: protocol.BugOverdraftUnlimited, scenario: "overdraft", class: "buffer-leak", checker: "buffers",
		sets: []string{"job.graph.lines.flat-map.copies=100", "job.graph.orders.source.records=100"}},
	{bug: protocol.BugSegmentsKept, scenario: "backpressured", class: "buffer-leak", checker: "buffers"},
	{bug: protocol.BugCreditAnnouncedTwice, scenario: "backpressured",
		class: "credit-overflow", checker: "credits"},
	{bug: protocol.BugFloatingBuffersPinned, scenario: "no-exclusive-buffers",
		class: "stuck", checker: "progress"},
	{bug: protocol.BugEarlyRequestDropped, scenario: "counts", class: "stuck", checker: "progress",
		faults: []string{"{delay: [node-job-manager-0, node-0], by: 500 ms, from: 0 s, to: 2 s}"}},

	// Sinks and external systems.
	{bug: protocol.BugCommitAtSnapshot, scenario: "counts",
		class: "committed-early", checker: "two-phase-commit"},
	{bug: protocol.BugAbortDropsPending, scenario: "copies", class: "lost", checker: "cut",
		sets: []string{failuresAllowed, stateInFiles}, faults: []string{oneWriteFails}},
	{bug: protocol.BugNewestPendingOnly, scenario: "copies", class: "lost", checker: "cut",
		sets: []string{failuresAllowed, stateInFiles}, faults: []string{oneWriteFails}},
	{bug: protocol.BugNoFlushAtPreCommit, scenario: "copies",
		class: "torn-transaction", checker: "two-phase-commit"},
	{bug: protocol.BugRestoreCommitsOpen, scenario: "copies",
		class: "resurrected", checker: "two-phase-commit", faults: []string{lostInSnapshot}},
	{bug: protocol.BugLingeringKept, scenario: "copies",
		class: "leaked", checker: "two-phase-commit", faults: []string{lostInSnapshot}},
	{bug: protocol.BugFlushOnFailure, scenario: "copies", class: "committed-early", checker: "output",
		sets: []string{"run.detailed=true"}},
	{bug: protocol.BugFinalCommitSkipped, scenario: "copies", class: "leaked", checker: "two-phase-commit"},
	{bug: protocol.BugCommitRepeated, scenario: "copies", class: "duplicated", checker: "two-phase-commit"},
	{bug: protocol.BugPreparedVisible, scenario: "copies", class: "committed-early", checker: "output"},
	{bug: protocol.BugPartVisible, scenario: "copies", class: "torn-transaction", checker: "output",
		sets: []string{"run.detailed=true"}},

	// Coordinator, store and leadership.
	{bug: protocol.BugCompletesOneShort, scenario: "counts", class: "coordinator-rule", checker: "coordinator",
		sets: []string{stateInFiles, "cluster.storage.latency=exponential(30ms)"}},
	{bug: protocol.BugNotifiesBeforeStored, scenario: "counts",
		class: "coordinator-rule", checker: "coordinator"},
	{bug: protocol.BugAcknowledgesBeforeStored, scenario: "counts", class: "lost", checker: "cut",
		sets: []string{stateInFiles}},
	{bug: protocol.BugNeverExpires, scenario: "late-ack", class: "coordinator-rule", checker: "coordinator"},
	{bug: protocol.BugPauseIgnored, scenario: "counts", class: "coordinator-rule", checker: "coordinator",
		sets: []string{stateInFiles, "cluster.storage.latency=100 ms", checkpointing + "min-pause=900 ms"}},
	{bug: protocol.BugOlderKeptPending, scenario: "counts", class: "coordinator-rule", checker: "coordinator",
		sets: []string{stateInFiles, "cluster.storage.latency=uniform(1ms,800ms)",
			checkpointing + "max-concurrent-checkpoints=4", checkpointing + "interval=200 ms"}},
	{bug: protocol.BugPendingSurvivesFailover, scenario: "counts",
		class: "coordinator-rule", checker: "coordinator", faults: []string{
			"{crash: task-manager-1, step: snapshot-done, ordinal: 15, restart-after: 500 ms}"}},
	{bug: protocol.BugNoTriggersAfterFailover, scenario: "counts",
		class: "coordinator-rule", checker: "coordinator", sets: []string{"job.graph.events.source.records=7000"}},
	{bug: protocol.BugRestoresOlder, scenario: "counts", class: "coordinator-rule", checker: "restore",
		sets: []string{checkpointing + "num-retained=2"}},
	{bug: protocol.BugUnreadableSkipped, scenario: "counts", class: "lost", checker: "restore",
		faults: []string{"{crash: job-manager-0, at: 3500 ms, restart-after: 500 ms}",
			"{fail: storage, operation: get, count: 1, from: 3600 ms, to: 60 s}"}},
	{bug: protocol.BugOrphansKept, scenario: "counts", class: "leaked", checker: "leaks",
		sets: []string{stateInFiles}, faults: []string{
			"{crash: job-manager-0, step: checkpoint-acknowledged, ordinal: 10, restart-after: 500 ms}"}},
	{bug: protocol.BugEpochKept, scenario: "standby-takes-over", class: "zombie-write", checker: "fencing"},

	// Operator-coordinator events.
	{bug: protocol.BugEnumeratorReadLate, scenario: "files", class: "lost", checker: "effects"},
	{bug: protocol.BugGatewayStaysOpen, scenario: "files", class: "state-offset-skew", checker: "re-execution"},
}

// unsafeTrials are choices of configuration that users are warned of, with what comes of
// them: no bug is planted.
var unsafeTrials = []bugTrial{
	{scenario: "at-least-once-as-exactly-once", class: "orphan", checker: "cut"},
	{scenario: "live-source-forced", class: "lost", checker: "effects"},
	{scenario: "unsafe-no-high-availability", class: "lost", checker: "restore"},
	{scenario: "unsafe-job-manager-storage", class: "lost", checker: "restore"},
	// The external system's transaction timeout is shorter than an outage.
	{scenario: "copies", class: "lost", checker: "two-phase-commit",
		sets:   []string{"job.graph.topic.sink.transaction-timeout=3 s"},
		faults: []string{"{crash: task-manager-1, step: checkpoint-completed, ordinal: 3, restart-after: 20 s}"}},
}
