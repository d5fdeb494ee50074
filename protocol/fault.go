package protocol

// FaultKind is what a fault does: the kind argument of FaultInjected. Kinds are only ever
// appended.
type FaultKind uint8

const (
	FaultNone FaultKind = iota
	// FaultCrash: a task, task manager, job manager, external system or the storage dies at
	// once.
	FaultCrash
	// FaultThrow: user code of an operator throws.
	FaultThrow
	// FaultSlow: an operator, sink, external system or the storage takes longer.
	FaultSlow
	// FaultStall: an operator, sink or external system makes no progress.
	FaultStall
	// FaultDelay: messages of a link take longer by a constant.
	FaultDelay
	// FaultPartition: a link carries nothing.
	FaultPartition
	// FaultFail: requests to the storage, or to an external system, fail.
	FaultFail
	// FaultPause: a process or all of a node stands still (garbage collection).
	FaultPause
	// FaultIsolate: all links of a node are cut.
	FaultIsolate
	// FaultHold: what a link is given is kept, and comes in order when the hold ends.
	FaultHold
	// FaultReset: connections of a link break at once, at both ends.
	FaultReset
	// FaultJitter: messages of a link take longer, each by a drawn time.
	FaultJitter
	// FaultThrottle: a link has less bandwidth.
	FaultThrottle
	// FaultLose: control messages of a kind do not arrive.
	FaultLose
	// FaultDuplicate: control messages of a kind arrive twice.
	FaultDuplicate
	// FaultReorder: control messages of a kind are overtaken by later ones.
	FaultReorder
	// FaultTear: a put whose writer dies, or which fails, leaves a part of its object.
	FaultTear
	// FaultUnsync: the storage answers puts before they are durable; when it crashes, what
	// was not is lost.
	FaultUnsync
	// FaultCorrupt: reads from the storage give wrong bytes, which a checksum shows.
	FaultCorrupt
	// FaultLag: lists of the storage show what there was some time ago.
	FaultLag
	// FaultExpire: an external system gives up on transactions, as if they had timed out.
	FaultExpire
	// FaultFence: an external system fences the present writer of a sink's subtask.
	FaultFence
	// FaultPoison: user code throws at one record, or at what is made of it, in every attempt.
	FaultPoison
	// FaultBurst: the rate of a source is multiplied.
	FaultBurst
	// FaultSkew: a share of a source's records has one and the same key.
	FaultSkew
	// FaultClock: the clock of a node jumps, and drifts.
	FaultClock
	faultKindCount
)

var faultKindNames = [faultKindCount]string{
	"none", "crash", "throw", "slow", "stall", "delay", "partition", "fail", "pause",
	"isolate", "hold", "reset", "jitter", "throttle", "lose", "duplicate", "reorder",
	"tear", "unsync", "corrupt", "lag", "expire", "fence", "poison", "burst", "skew", "clock",
}

// FaultKinds is the number of kinds; they are 0 (none) to FaultKinds-1.
const FaultKinds = int(faultKindCount)

// String is the kind's word, a verb.
func (k FaultKind) String() string { return faultKindNames[k] }

// Callback is a place in user code that can throw. Callbacks are only ever appended.
type Callback uint8

const (
	CallbackRecord Callback = iota
	CallbackOpen
	CallbackSnapshot // the synchronous part, at the cut
	CallbackNotify   // of a completed checkpoint
	CallbackClose    // of a cancelled task
	// CallbackInitialize: state is restored (Flink: initializeState), before open.
	CallbackInitialize
	// CallbackPrepareSnapshot: before the barrier leaves (prepareSnapshotPreBarrier).
	CallbackPrepareSnapshot
	// CallbackTimer: a timer of event or processing time fires (onTimer).
	CallbackTimer
	// CallbackWatermark: a watermark advanced (processWatermark).
	CallbackWatermark
	// CallbackNotifyAborted: of an aborted checkpoint (notifyCheckpointAborted).
	CallbackNotifyAborted
	// CallbackFinish: the input has ended (finish).
	CallbackFinish
	// CallbackRead: a source's reader fetches a record (pollNext).
	CallbackRead
	// CallbackPreCommit: a transactional sink flushes at a snapshot (prepareCommit).
	CallbackPreCommit
	// CallbackCommit: a transactional sink commits after its checkpoint (Committer.commit).
	CallbackCommit
	callbackCount
)

var callbackNames = [callbackCount]string{
	"record", "open", "snapshot", "notify", "close", "initialize", "prepare-snapshot", "timer", "watermark",
	"notify-aborted", "finish", "read", "pre-commit", "commit",
}

// Callbacks is the number of callbacks; they are 0 to Callbacks-1.
const Callbacks = int(callbackCount)

// String is the callback's word.
func (c Callback) String() string { return callbackNames[c] }

// StorageOperation is a kind of request to the object store, or to an external system.
// Operations are only ever appended.
type StorageOperation uint8

const (
	StorageAny StorageOperation = iota
	StoragePut
	StorageGet
	StorageDelete
	StorageList
	// Those of an external system.
	ExternalBegin
	ExternalWrite
	ExternalPrepare
	ExternalCommit
	ExternalAbort
	storageOperationCount
)

var storageOperationNames = [storageOperationCount]string{
	"any", "put", "get", "delete", "list", "begin", "write", "prepare", "commit", "abort",
}

// StorageOperations is the number of operations; they are 0 (any) to StorageOperations-1.
const StorageOperations = int(storageOperationCount)

// String is the operation's word.
func (o StorageOperation) String() string { return storageOperationNames[o] }

// OfExternal reports whether external systems know the operation, and storage does not.
func (o StorageOperation) OfExternal() bool { return o >= ExternalBegin }

// Disturbance is what the runtime is asked to do for a fault: faults say when, the runtime
// says how. Which fields matter is said at their names; others are zero.
type Disturbance struct {
	Kind FaultKind
	// Targets are roles: "delays[1]", "delays", "task-manager-1", "job-manager-0",
	// "node-2", "db", "storage". The second one is the other end of a link. For lose,
	// duplicate and reorder the first is a kind of control message, or "any".
	Targets [2]string
	// Callback, Record and Always belong to FaultThrow: user code throws in Callback, at
	// the Record-th record of each subtask (counted from 1) when it is CallbackRecord;
	// in the first attempt that gets there, or in every one.
	Callback Callback
	Record   int64
	Always   bool
	// FactorNumerator/FactorDenominator multiplies times (FaultSlow) or a rate (FaultBurst);
	// it is the share of the records that are struck (FaultSkew).
	FactorNumerator, FactorDenominator int64
	// ByNanos is what is added to a link's latency (FaultDelay), or the most that is
	// (FaultJitter); how much later a message comes that others overtake, at most
	// (FaultReorder), or a second copy of one (FaultDuplicate; 0: right behind the first);
	// how old a list is (FaultLag); how long an answered put is not durable (FaultUnsync); how
	// far a clock jumps, which may be back (FaultClock).
	ByNanos int64
	// BytesPerSecond is what is left of a link's bandwidth (FaultThrottle).
	BytesPerSecond int64
	// DriftPPM is what a clock gains from then on, in parts per million (FaultClock).
	DriftPPM int64
	// OneWay: only what goes from the first target to the second (links).
	OneWay bool
	// Operation, Count and Unknown belong to FaultFail: which requests, how many of them
	// (0: all while it lasts), and whether they are carried out with the answer lost.
	// Count is the number of messages, reads or transactions for other kinds that have one.
	Operation StorageOperation
	Count     int64
	Unknown   bool
	// Every: each message or read is struck with a chance of one in Every, by an addressed
	// draw. 0: all are.
	Every int64
	// Sender and Receiver are processes: only messages between them (lose, duplicate,
	// reorder). Empty: any.
	Sender, Receiver string
	// Prepared: transactions that are pre-committed expire, not those that are open
	// (FaultExpire).
	Prepared bool
	// Source, Split and FirstOffset are the record that poisons (FaultPoison). The first
	// target is a source whose records of every split from FirstOffset to LastOffset share a
	// key (FaultSkew).
	Source                  string
	Split                   int64
	FirstOffset, LastOffset int64
}
