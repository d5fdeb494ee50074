package protocol

// Mark is something worth reaching that a run did reach. Scenarios name the marks that
// they want (expect.reached): a run that never got there is vacuous, not passed. Numbers
// are only ever appended to: campaigns merge sets of them.
type Mark uint8

// The marks; Meaning says what each stands for.
const (
	MarkRestoredFromCheckpoint Mark = iota
	MarkRestartedFromScratch
	MarkAlignmentBlocked
	MarkInFlightPersisted
	MarkSpanningRecordAtCut
	MarkInputStateRestored
	MarkOutputStateRestored
	MarkSwitchedOnInput
	MarkSwitchedOnOutput
	MarkOverdraft
	MarkHardBackpressure
	MarkSoftBackpressure
	MarkCreditGranted
	MarkBufferResized
	MarkZombieFenced
	MarkLateAckDiscarded
	MarkTransactionCommitted
	MarkTransactionRecovered
	MarkTransactionAborted
	MarkTransactionTimedOut
	MarkCommitFailed
	MarkStandbyTookOver
	MarkHeartbeatTimedOut
	MarkCheckpointCompleted
	MarkCheckpointExpired
	MarkCheckpointDeclined
	MarkCheckpointSubsumed
	MarkCheckpointSkipped
	MarkSavepointTriggered
	MarkJobFailed
	MarkJobFinished
	MarkJobRestarted
	MarkTaskFailed
	MarkTaskFinished
	MarkWatermarkAdvanced
	MarkTimerFired
	MarkProcessingTimerFired
	MarkLateRecordDropped
	MarkStorageFailed
	MarkMetadataLost
	MarkFaultInjected
	MarkFaultHealed
	MarkFaultBit

	markCount
)

// Marks is the number of marks; they are 0 to Marks-1.
const Marks = int(markCount)

// markSpec is a mark's word in a scenario and what it means.
type markSpec struct{ word, meaning string }

var markSpecs = [markCount]markSpec{
	MarkRestoredFromCheckpoint: {"restored-from-checkpoint", "a job was restored from a checkpoint"},
	MarkRestartedFromScratch:   {"restarted-from-scratch", "a job restarted without any checkpoint"},
	MarkAlignmentBlocked:       {"alignment-blocked", "a channel was blocked during alignment"},
	MarkInFlightPersisted:      {"in-flight-persisted", "in-flight data became part of a checkpoint"},
	MarkSpanningRecordAtCut:    {"spanning-record-at-cut", "a cut went through a record that spans buffers"},
	MarkInputStateRestored:     {"input-state-restored", "recorded input channel data was read back"},
	MarkOutputStateRestored:    {"output-state-restored", "recorded output channel data was read back"},
	MarkSwitchedOnInput:        {"switched-on-input", "an aligned checkpoint turned unaligned at an input"},
	MarkSwitchedOnOutput:       {"switched-on-output", "a barrier turned unaligned in an output queue"},
	MarkOverdraft:              {"overdraft", "a task took an overdraft buffer"},
	MarkHardBackpressure:       {"hard-backpressure", "a task waited for a buffer inside a record"},
	MarkSoftBackpressure:       {"soft-backpressure", "a task waited for buffers between records"},
	MarkCreditGranted:          {"credit-granted", "a receiver granted credit to a remote sender"},
	MarkBufferResized:          {"buffer-resized", "debloating changed a buffer size"},
	MarkZombieFenced:           {"zombie-fenced", "an action of an old attempt or leader was refused"},
	MarkLateAckDiscarded:       {"late-ack-discarded", "an acknowledgement came after its checkpoint's end"},
	MarkTransactionCommitted:   {"transaction-committed", "an external transaction was committed"},
	MarkTransactionRecovered:   {"transaction-recovered", "a restore committed an old transaction"},
	MarkTransactionAborted:     {"transaction-aborted", "an external transaction was aborted"},
	MarkTransactionTimedOut:    {"transaction-timed-out", "an external system gave up on a transaction"},
	MarkCommitFailed:           {"transaction-commit-failed", "a commit was refused or got no answer"},
	MarkStandbyTookOver:        {"standby-took-over", "a second leader was elected"},
	MarkHeartbeatTimedOut:      {"heartbeat-timed-out", "a heartbeat timed out"},
	MarkCheckpointCompleted:    {"checkpoint-completed", "a checkpoint was completed"},
	MarkCheckpointExpired:      {"checkpoint-expired", "a checkpoint ran into its timeout"},
	MarkCheckpointDeclined:     {"checkpoint-declined", "a checkpoint was declined by a task"},
	MarkCheckpointSubsumed:     {"checkpoint-subsumed", "a newer checkpoint made a pending one obsolete"},
	MarkCheckpointSkipped:      {"checkpoint-skipped", "a trigger request was dropped"},
	MarkSavepointTriggered:     {"savepoint-triggered", "a savepoint was triggered"},
	MarkJobFailed:              {"job-failed", "a job ended FAILED"},
	MarkJobFinished:            {"job-finished", "a job ended FINISHED"},
	MarkJobRestarted:           {"job-restarted", "a job was restarted"},
	MarkTaskFailed:             {"task-failed", "a task failed"},
	MarkTaskFinished:           {"task-finished", "a task used up its input"},
	MarkWatermarkAdvanced:      {"watermark-advanced", "an event-time watermark advanced"},
	MarkTimerFired:             {"timer-fired", "an event-time timer fired"},
	MarkProcessingTimerFired:   {"processing-timer-fired", "a processing-time timer fired"},
	MarkLateRecordDropped:      {"late-record-dropped", "a record behind the watermark was dropped"},
	MarkStorageFailed:          {"storage-failed", "a request to the object store failed"},
	MarkMetadataLost:           {"metadata-lost", "a completed checkpoint was gone when it was wanted"},
	MarkFaultInjected:          {"fault-injected", "a fault of the plan struck"},
	MarkFaultHealed:            {"fault-healed", "a fault of the plan ended"},
	MarkFaultBit:               {"fault-bit", "a fault that lay in wait hurt somebody"},
}

// String is the mark's word.
func (m Mark) String() string { return markSpecs[m].word }

// Meaning says in half a sentence what a run that has the mark did.
func (m Mark) Meaning() string { return markSpecs[m].meaning }

// InCampaigns reports whether a campaign can get there: its jobs survive their plans, or fail by
// their own code, so that nobody ever misses what is durable; and they take no savepoints.
func (m Mark) InCampaigns() bool {
	return m != MarkCommitFailed && m != MarkMetadataLost && m != MarkSavepointTriggered
}

// MarkWords lists every mark's word in the order of their numbers.
func MarkWords() []string {
	words := make([]string, Marks)
	for m := range words {
		words[m] = markSpecs[m].word
	}
	return words
}

// ParseMark finds the mark with the given word; Nearest(word, MarkWords()) says what else
// may have been meant.
func ParseMark(word string) (Mark, bool) {
	for m := range markSpecs {
		if markSpecs[m].word == word {
			return Mark(m), true
		}
	}
	return 0, false
}

// MarkSet is a set of marks. It is a commutative monoid under Plus.
type MarkSet uint64

// MarkSetOf is the set of the given marks.
func MarkSetOf(marks ...Mark) MarkSet {
	var s MarkSet
	for _, m := range marks {
		s |= 1 << m
	}
	return s
}

// Has reports whether m is in the set.
func (s MarkSet) Has(m Mark) bool { return s>>m&1 != 0 }

// Plus is the union of two sets.
func (s MarkSet) Plus(o MarkSet) MarkSet { return s | o }

// Minus is s without the marks of o.
func (s MarkSet) Minus(o MarkSet) MarkSet { return s &^ o }

// Words lists the set's words in the order of the marks' numbers.
func (s MarkSet) Words() []string {
	var words []string
	for m := range Mark(markCount) {
		if s.Has(m) {
			words = append(words, m.String())
		}
	}
	return words
}
