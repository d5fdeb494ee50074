package protocol

// EventKind numbers the typed events that checkers, reports and exporters speak. An
// event is carried by sim.Event as its kind and up to six integer arguments; the table
// below names them. Kinds are only ever appended: case files and digests hold numbers.
type EventKind uint16

// MaxEventArgs is the number of arguments that an event can carry.
const MaxEventArgs = 6

const (
	EventNone EventKind = iota

	// Job and tasks.
	JobStatusChanged // status, attempt
	JobRestarting    // attempt, delay
	JobRestored      // attempt, checkpoint (0: from scratch)
	TaskDeployed     // task, attempt, taskmanager
	TaskInitializing // task, attempt, checkpoint
	TaskRunning      // task, attempt
	TaskFinished     // task, attempt
	TaskFailed       // task, attempt, cause
	TaskCanceled     // task, attempt
	LeaderElected    // jobmanager, epoch
	HeartbeatTimedOut
	ZombieFenced

	// Checkpoint coordinator.
	CheckpointTriggered
	CheckpointSkipped
	CheckpointAcknowledged
	CheckpointCompleted
	CheckpointAborted
	CheckpointDiscarded
	CheckpointNotified

	// Local snapshot.
	BarrierConsumed
	AlignmentStarted
	AlignmentEnded
	ChannelBlocked
	ChannelResumed
	SnapshotStarted
	SnapshotDone
	SwitchedToUnaligned
	InFlightPersisted
	CheckpointDeclinedByTask
	InFlightRestored
	SpanningRecordAtCut

	// Network, once per buffer.
	BufferSent
	BufferReceived
	BufferConsumed
	SegmentTaken
	SegmentReturned
	CreditGranted
	BackpressureStarted
	BackpressureEnded
	OverdraftTaken
	BufferSizeChanged

	// Records, in detailed runs only.
	RecordApplied
	RecordEmitted

	// Time.
	WatermarkAdvanced
	TimerFired
	ClockRead
	LateRecordDropped

	// Sinks.
	TransactionOpened
	TransactionPreCommitted
	TransactionCommitted
	TransactionAborted
	TransactionTimedOut
	TransactionRecovered
	TransactionCommitFailed
	OutputVisible

	// Storage.
	ObjectStored
	ObjectDeleted
	ObjectFailed
	MetadataStored

	// Faults.
	FaultInjected
	FaultHealed

	// MetadataLost: a restart found the pointer of a completed checkpoint but not the
	// checkpoint, or no pointer where one had been written (unsafe storage choices).
	MetadataLost
	// RecordVisible, in detailed runs only, once per record of an OutputVisible.
	RecordVisible

	// What a task decided where its operators leave it a choice, for re-execution. Together
	// with BufferConsumed and ClockRead they tell the order of everything that it did.

	// ElementsTaken: a task took elements of a channel, or of two of its inputs in turn, and
	// has not told so by BufferConsumed, which follows when the buffer is used up.
	ElementsTaken
	// SourceAdvanced: a source emitted records of its splits, the earliest arrival first.
	SourceAdvanced
	// SplitAssigned: a source reads a split from an offset on.
	SplitAssigned
	// WatermarkStatusChanged: an input turned idle, or active again; of a source: itself.
	WatermarkStatusChanged
	// ProcessingTimersFired: the task's clock fired timers; each has a TimerFired.
	ProcessingTimersFired
	// OperatorsFinished: the input has ended, and the operators flush.
	OperatorsFinished
	// ChannelEnded: the producer has gone; the channel holds back no watermark any more.
	ChannelEnded

	// FaultBit: a fault that lies in wait hurt somebody for the first time: a message was
	// lost, a read gave wrong bytes, user code met its poison.
	FaultBit

	eventKindCount
)

// eventSpec is the text form of one kind: its word and the names of its arguments.
type eventSpec struct {
	word string
	args []string
}

var eventSpecs = [eventKindCount]eventSpec{
	EventNone:        {"none", nil},
	JobStatusChanged: {"job-status-changed", []string{"status", "attempt"}},
	JobRestarting:    {"job-restarting", []string{"attempt", "delay-nanos"}},
	JobRestored:      {"job-restored", []string{"attempt", "checkpoint"}},
	TaskDeployed:     {"task-deployed", []string{"task", "attempt", "task-manager"}},
	TaskInitializing: {"task-initializing", []string{"task", "attempt", "checkpoint"}},
	TaskRunning:      {"task-running", []string{"task", "attempt"}},
	TaskFinished:     {"task-finished", []string{"task", "attempt"}},
	TaskFailed:       {"task-failed", []string{"task", "attempt", "cause"}},
	TaskCanceled:     {"task-canceled", []string{"task", "attempt"}},
	LeaderElected:    {"leader-elected", []string{"job-manager", "epoch"}},
	// task-manager is -1 where a task manager lost its job manager.
	HeartbeatTimedOut: {"heartbeat-timed-out", []string{"task-manager", "job-manager"}},
	// what: 0 an acknowledgement, 1 a task, 2 a commit, 3 a leader.
	ZombieFenced: {"zombie-fenced", []string{"task", "attempt", "what"}},

	CheckpointTriggered: {"checkpoint-triggered", []string{"checkpoint", "attempt", "savepoint"}},
	CheckpointSkipped:   {"checkpoint-skipped", []string{"reason"}},
	// verdict: 0 success, 1 duplicate, 2 unknown, 3 discarded (late).
	CheckpointAcknowledged: {"checkpoint-acknowledged", []string{"checkpoint", "task", "attempt", "verdict"}},
	CheckpointCompleted:    {"checkpoint-completed", []string{"checkpoint", "duration-nanos", "bytes"}},
	CheckpointAborted:      {"checkpoint-aborted", []string{"checkpoint", "reason"}},
	CheckpointDiscarded:    {"checkpoint-discarded", []string{"checkpoint"}},
	// what: 0 complete, 1 aborted.
	CheckpointNotified: {"checkpoint-notified", []string{"checkpoint", "task", "what"}},

	BarrierConsumed:  {"barrier-consumed", []string{"task", "channel", "checkpoint", "alignment"}},
	AlignmentStarted: {"alignment-started", []string{"task", "checkpoint"}},
	AlignmentEnded:   {"alignment-ended", []string{"task", "checkpoint"}},
	ChannelBlocked:   {"channel-blocked", []string{"task", "channel", "checkpoint"}},
	ChannelResumed:   {"channel-resumed", []string{"task", "channel"}},
	SnapshotStarted:  {"snapshot-started", []string{"task", "checkpoint", "alignment"}},
	SnapshotDone:     {"snapshot-done", []string{"task", "checkpoint", "bytes"}},
	// side: 0 input, 1 output.
	SwitchedToUnaligned: {"switched-to-unaligned", []string{"task", "checkpoint", "side"}},
	InFlightPersisted: {
		"in-flight-persisted",
		[]string{"task", "checkpoint", "side", "channel", "bytes"},
	},
	CheckpointDeclinedByTask: {"checkpoint-declined-by-task", []string{"task", "checkpoint", "reason"}},
	InFlightRestored: {
		"in-flight-restored",
		[]string{"task", "checkpoint", "side", "channel", "bytes"},
	},
	SpanningRecordAtCut: {"spanning-record-at-cut", []string{"task", "checkpoint", "channel", "bytes"}},

	// first and elements: the buffer completes the elements [first, first+elements) of
	// its channel; chain is the channel's Chain.Hash after them.
	BufferSent:      {"buffer-sent", []string{"task", "channel", "sequence", "bytes", "first", "elements"}},
	BufferReceived:  {"buffer-received", []string{"task", "channel", "sequence", "bytes", "credit"}},
	BufferConsumed:  {"buffer-consumed", []string{"task", "channel", "first", "elements", "chain"}},
	SegmentTaken:    {"segment-taken", []string{"task", "partition", "subpartition", "in-use"}},
	SegmentReturned: {"segment-returned", []string{"task", "partition", "subpartition", "in-use"}},
	// available: the receiver's free buffers announced and not yet used, after the grant.
	CreditGranted: {"credit-granted", []string{"task", "channel", "credits", "available"}},
	// hard: 0 soft, 1 hard.
	BackpressureStarted: {"backpressure-started", []string{"task", "hard"}},
	BackpressureEnded:   {"backpressure-ended", []string{"task", "hard", "nanos"}},
	OverdraftTaken:      {"overdraft-taken", []string{"task", "partition", "overdraft"}},
	BufferSizeChanged:   {"buffer-size-changed", []string{"task", "gate", "bytes"}},

	RecordApplied: {"record-applied", []string{"task", "operator", "input", "lineage", "key"}},
	RecordEmitted: {"record-emitted", []string{"task", "channel", "lineage", "key"}},

	WatermarkAdvanced: {"watermark-advanced", []string{"task", "watermark"}},
	// domain: 0 event time, 1 processing time.
	TimerFired: {"timer-fired", []string{"task", "operator", "domain", "at", "key"}},
	// channel and element: what the task handled; a source counts the records of the attempt
	// and has channel -1; element -1 is none.
	ClockRead:         {"clock-read", []string{"task", "operator", "nanos", "channel", "element"}},
	LateRecordDropped: {"late-record-dropped", []string{"task", "operator", "lineage"}},

	TransactionOpened: {"transaction-opened", []string{"task", "transaction"}},
	TransactionPreCommitted: {
		"transaction-pre-committed",
		[]string{"task", "transaction", "checkpoint", "records"},
	},
	TransactionCommitted:    {"transaction-committed", []string{"sink", "transaction", "records", "sum"}},
	TransactionAborted:      {"transaction-aborted", []string{"sink", "transaction"}},
	TransactionTimedOut:     {"transaction-timed-out", []string{"sink", "transaction"}},
	TransactionRecovered:    {"transaction-recovered", []string{"task", "transaction", "checkpoint"}},
	TransactionCommitFailed: {"transaction-commit-failed", []string{"task", "transaction"}},
	// content is the sum of a hash over each record's name and values.
	OutputVisible: {"output-visible", []string{"sink", "transaction", "records", "sum", "content"}},

	ObjectStored:   {"object-stored", []string{"task", "checkpoint", "bytes"}},
	ObjectDeleted:  {"object-deleted", []string{"task", "checkpoint"}},
	ObjectFailed:   {"object-failed", []string{"task", "checkpoint"}},
	MetadataStored: {"metadata-stored", []string{"checkpoint", "bytes"}},

	// fault: index in the plan; kind: the fault's kind.
	FaultInjected: {"fault-injected", []string{"fault", "kind", "target"}},
	FaultHealed:   {"fault-healed", []string{"fault", "kind", "target"}},

	MetadataLost:  {"metadata-lost", []string{"checkpoint"}},
	RecordVisible: {"record-visible", []string{"sink", "transaction", "lineage", "key"}},

	// elements in all: of channel from element first on; or, when other is not -1, the first,
	// third … of them of channel, the others of channel other.
	ElementsTaken: {
		"elements-taken",
		[]string{"task", "channel", "first", "elements", "other", "other-first"},
	},
	// first counts the records of the attempt; chain is a Chain.Hash over the records.
	SourceAdvanced:         {"source-advanced", []string{"task", "first", "records", "chain"}},
	SplitAssigned:          {"split-assigned", []string{"task", "split", "offset"}},
	WatermarkStatusChanged: {"watermark-status-changed", []string{"task", "input", "idle"}},
	ProcessingTimersFired:  {"processing-timers-fired", []string{"task", "nanos", "timers"}},
	OperatorsFinished:      {"operators-finished", []string{"task", "nanos"}},
	ChannelEnded:           {"channel-ended", []string{"task", "channel"}},
	// detail depends on the kind: the message, the operation, the task.
	FaultBit: {"fault-bit", []string{"kind", "detail"}},
}

// String is the kind's word.
func (k EventKind) String() string { return eventSpecs[k].word }

// ArgNames names the arguments of the kind, in order. The slice must not be changed.
func (k EventKind) ArgNames() []string { return eventSpecs[k].args }

// EventKinds is the number of kinds; they are 0 to EventKinds-1.
const EventKinds = int(eventKindCount)

// JobStatus is the state of a job as the job manager sees it, by Flink's names.
type JobStatus uint8

const (
	JobCreated JobStatus = iota
	JobRunning
	JobRestartingStatus
	JobFinished
	JobFailed
	JobCanceled
	JobSuspended
)

var jobStatusNames = [...]string{
	"CREATED", "RUNNING", "RESTARTING", "FINISHED", "FAILED", "CANCELED", "SUSPENDED",
}

// String is Flink's name of the status.
func (s JobStatus) String() string { return jobStatusNames[s] }

// Terminal reports whether a job never leaves the status.
func (s JobStatus) Terminal() bool { return s == JobFinished || s == JobFailed || s == JobCanceled }
