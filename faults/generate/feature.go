package generate

import (
	"simrun/faults/plan"
	"simrun/protocol"
)

// Feature is one thing that plans do. A profile weighs them; each seed first draws which of
// them are on at all (swarm testing: Groce et al., ISSTA 2012), because what always comes
// together hides what only shows alone.
type Feature uint8

// The features.
const (
	CrashTask Feature = iota
	CrashHere
	CrashTaskManager
	CrashJobManager
	CrashExternal
	ThrowAtRecord
	ThrowInCallback
	PauseShort
	PauseLong
	SlowOperator
	SlowExternal
	SlowStorage
	Stall
	Delay
	PartitionShort
	PartitionLong
	Swizzle
	FailWrites
	FailReads
	LoseAnswers
	Isolate
	Hold
	Reset
	Jitter
	Throttle
	LoseMessages
	DuplicateMessages
	ReorderMessages
	FailRecovery
	CrashStorage
	TearWrites
	LoseUnsynced
	CorruptReads
	LagLists
	FailRequests
	ExpireTransactions
	FenceWriters
	Burst
	Skew
	StepClock
	featureCount
)

// Features is the number of features; they are 0 to Features-1.
const Features = int(featureCount)

// featureSpec is a feature's word, whether it always ends an attempt of the job (so that there
// is something to recover from), whether the shape has what it strikes, and how it is drawn.
type featureSpec struct {
	word, doc string
	fails     bool
	possible  func(s *Shape) bool
	draw      func(d *drawing) []plan.Fault
}

var featureSpecs = [featureCount]featureSpec{
	CrashTask: {"crash-task", "a task dies", true, always, crashTask},
	CrashHere: {"crash-here", "whoever makes a protocol step dies there, alone or with its process", true,
		hasSteps, crashHere},
	CrashTaskManager: {"crash-task-manager", "a task manager dies and comes back", true,
		always, crashTaskManager},
	CrashJobManager: {"crash-job-manager", "a job manager dies; it comes back, or another one takes over", true,
		always, crashJobManager},
	CrashExternal: {"crash-external", "an external system dies and comes back", false,
		hasExternals, crashExternal},
	ThrowAtRecord: {"throw-at-record", "user code throws at a record, once", true, always, throwAtRecord},
	ThrowInCallback: {"throw-in-callback", "user code throws as it opens, reads, snapshots, commits or closes",
		true, always, throwInCallback},
	PauseShort: {"pause-short", "a process stands still; nobody gives it up", false, always, pauseShort},
	PauseLong: {"pause-long", "a process stands still, is given up, and wakes up as a zombie", true,
		always, pauseLong},
	SlowOperator: {"slow-operator", "an operator or sink takes longer", false, always, slowOperator},
	SlowExternal: {"slow-external", "an external system takes longer", false, hasExternals, slowExternal},
	SlowStorage:  {"slow-storage", "the storage takes longer", false, always, slowStorage},
	Stall:        {"stall", "an operator, sink or external system makes no progress", false, always, stall},
	Delay:        {"delay", "messages of a link take longer", false, linked, delay},
	PartitionShort: {"partition-short", "a link carries nothing; nobody is given up", false,
		linked, partitionShort},
	PartitionLong: {"partition-long", "a link carries nothing until connections break or a process is given up",
		false, linked, partitionLong},
	Swizzle: {"swizzle", "half of the machines are cut off one after the other, and healed so", true,
		linked, swizzle},
	FailWrites: {"fail-writes", "writes to the storage fail", false, always, failWrites},
	FailReads:  {"fail-reads", "reads from the storage fail", false, always, failReads},
	LoseAnswers: {"lose-answers", "the storage carries requests out and loses the answers", false,
		always, loseAnswers},
	Isolate:      {"isolate", "all links of a machine are cut until others give it up", true, linked, isolate},
	Hold:         {"hold", "what a link is given comes later, all at once", false, linked, hold},
	Reset:        {"reset", "the connections between two machines break at once", false, twoNodes, reset},
	Jitter:       {"jitter", "messages of a link take longer, each by another time", false, linked, jitter},
	Throttle:     {"throttle", "a link has little bandwidth", false, linked, throttle},
	LoseMessages: {"lose-messages", "some control messages do not arrive", false, always, loseMessages},
	DuplicateMessages: {"duplicate-messages", "control messages arrive twice, the second time late", false,
		always, duplicateMessages},
	ReorderMessages: {"reorder-messages", "control messages overtake each other", false,
		always, reorderMessages},
	FailRecovery: {"fail-recovery", "a process dies, and the storage fails while what died recovers", true,
		hasSteps, failRecovery},
	CrashStorage: {"crash-storage", "the storage dies and comes back", false, always, crashStorage},
	TearWrites: {"tear-writes", "writes are not atomic, and a writer dies or a write fails", true,
		always, tearWrites},
	LoseUnsynced: {"lose-unsynced", "what is written is durable late, and the storage dies when it is", false,
		always, loseUnsynced},
	CorruptReads: {"corrupt-reads", "a task dies, and reads give wrong bytes while it recovers", true,
		hasSteps, corruptReads},
	LagLists: {"lag-lists", "lists of the storage are old, and a job manager dies", true, always, lagLists},
	FailRequests: {"fail-requests", "requests to an external system fail, or are carried out and not answered",
		false, hasLedgers, failRequests},
	ExpireTransactions: {"expire-transactions", "an external system gives up on open transactions", false,
		hasLedgers, expireTransactions},
	FenceWriters: {"fence-writers", "an external system refuses the writers of the present attempt", false,
		hasLedgers, fenceWriters},
	Burst:     {"burst", "a source's records come faster or slower for a while", false, hasRates, burst},
	Skew:      {"skew", "some of a source's records have one and the same key", false, always, skew},
	StepClock: {"step-clock", "the clock of a machine jumps, or is too fast or slow", false, always, stepClock},
}

// String is the feature's word.
func (f Feature) String() string { return featureSpecs[f].word }

// Doc says in half a sentence what plans do with the feature on.
func (f Feature) Doc() string { return featureSpecs[f].doc }

func hasSteps(s *Shape) bool     { return s.LastCheckpoint > 0 }
func always(*Shape) bool         { return true }
func hasExternals(s *Shape) bool { return len(s.Externals) > 0 }
func hasLedgers(s *Shape) bool   { return len(s.Ledgers) > 0 }
func hasRates(s *Shape) bool     { return len(s.rated()) > 0 }

// linked: a job manager is always on a machine of its own.
func linked(s *Shape) bool { return s.Nodes > 0 }

func twoNodes(s *Shape) bool { return s.Nodes > 1 }

func crashTask(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, d.subtask())
	return d.instant(f)
}

// crashHere kills who makes a step, in the middle of it: its process with it or, where a task
// makes the step, that task alone.
func crashHere(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, protocol.HereProcess)
	d.atProtocolStep(&f)
	step, _ := protocol.ParseStep(f.Step)
	if by := places[step].maker; by <= bySink && Chance(d, 1, 2) {
		f.Targets[0] = protocol.Here
		return []plan.Fault{f}
	}
	f.LastsNanos = d.down()
	return []plan.Fault{f}
}

func crashTaskManager(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, d.taskManager())
	f.LastsNanos = d.down()
	return d.instant(f)
}

// crashJobManager kills one for good only while another is left.
func crashJobManager(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, d.jobManager())
	f.LastsNanos = d.down()
	if d.mustStrike() && d.standbys() {
		d.atLeader(&f)
		return []plan.Fault{f}
	}
	if d.standbys() && Chance(d, 1, 2) {
		d.dead = append(d.dead, f.Targets[0])
		f.LastsNanos = plan.Forever
	}
	return d.instant(f)
}

func crashExternal(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, OneOf(d, d.shape.Externals...))
	f.LastsNanos = d.down()
	return d.instant(f)
}

// throwAtRecord counts records from a step or from the start of the run, over all attempts.
func throwAtRecord(d *drawing) []plan.Fault {
	op := &d.shape.Operators[d.Choose(uint64(len(d.shape.Operators)))]
	target, last := op.ID, op.RecordsTo
	if !d.mustStrike() && Chance(d, 1, 2) { // a subtask may get fewer than its share
		target = op.subtask(d)
	}
	f := d.fault(protocol.FaultThrow, target)
	if d.atStep || d.mustStrike() { // counts from there
		f.Record = Between(d, 1, max(op.RecordsTo/8, 1))
		return d.instant(f)
	}
	f.Record = max(Between(d, op.Records, last), 1)
	return []plan.Fault{f}
}

func throwInCallback(d *drawing) []plan.Fault {
	op := &d.shape.Operators[d.Choose(uint64(len(d.shape.Operators)))]
	f := d.fault(protocol.FaultThrow, op.subtask(d))
	f.Callback = OneOf(d, op.callbacks(d.mustStrike())...)
	return d.instant(f)
}

// callbacks are those of an operator's user code. Some come for sure, while a job runs; nothing
// opens, closes or is aborted until something else has failed.
func (o *Operator) callbacks(forSure bool) []protocol.Callback {
	callbacks := []protocol.Callback{
		protocol.CallbackSnapshot, protocol.CallbackNotify, protocol.CallbackPrepareSnapshot,
	}
	if o.Commits {
		callbacks = append(callbacks, protocol.CallbackPreCommit, protocol.CallbackCommit)
	}
	if o.Reads {
		callbacks = append(callbacks, protocol.CallbackRead)
	}
	if forSure {
		return callbacks
	}
	callbacks = append(callbacks, protocol.CallbackOpen, protocol.CallbackClose, protocol.CallbackInitialize,
		protocol.CallbackNotifyAborted, protocol.CallbackFinish, protocol.CallbackWatermark)
	if o.Timers {
		callbacks = append(callbacks, protocol.CallbackTimer)
	}
	return callbacks
}
