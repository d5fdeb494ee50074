package protocol

// Bug is a planted bug: a switch of a run's configuration that brings a real bug back, so
// that the checkers can be shown to see it. No checker, weight or scenario knows of any;
// where one sits, the healthy code has one more line. Case files hold the words; numbers
// are only appended to.
type Bug uint8

// The planted bugs; Source says which real one each re-enacts, Story what a user saw.
const (
	// NoBug is the healthy run.
	NoBug Bug = iota

	// Barriers and channel state.
	BugReleaseOnFirstBarrier
	BugBarrierBlocksNothing
	BugLateBarrierAccepted
	BugPersistsBehindBarrier
	BugFirstGateOnly
	BugHalfReadForgotten
	BugRecordedOutOfOrder
	BugOvertakenForgotten
	BugObsoleteBarrierBlocks
	BugObsoleteBarrierAsserts
	BugConvertedWhenRead
	BugOutputRestoredTwice

	// State, positions and timers.
	BugStateTakenLate
	BugLastOffsetStored
	BugSplitAddedTwice
	BugKeyGroupsShifted
	BugTimersForgotten
	BugWatermarkFallsBack

	// Buffers, credits and connections.
	BugOverdraftUnlimited
	BugSegmentsKept
	BugCreditAnnouncedTwice
	BugFloatingBuffersPinned
	BugEarlyRequestDropped

	// Sinks and external systems.
	BugCommitAtSnapshot
	BugAbortDropsPending
	BugNewestPendingOnly
	BugNoFlushAtPreCommit
	BugRestoreCommitsOpen
	BugLingeringKept
	BugFlushOnFailure
	BugFinalCommitSkipped
	BugCommitRepeated
	BugPreparedVisible
	BugPartVisible

	// Coordinator, store and leadership.
	BugCompletesOneShort
	BugNotifiesBeforeStored
	BugAcknowledgesBeforeStored
	BugNeverExpires
	BugPauseIgnored
	BugOlderKeptPending
	BugPendingSurvivesFailover
	BugNoTriggersAfterFailover
	BugRestoresOlder
	BugUnreadableSkipped
	BugOrphansKept
	BugEpochKept

	// Operator-coordinator events.
	BugEnumeratorReadLate
	BugGatewayStaysOpen

	bugCount
)

// Bugs lists all planted bugs, without NoBug.
func Bugs() []Bug {
	bugs := make([]Bug, 0, bugCount-1)
	for b := NoBug + 1; b < bugCount; b++ {
		bugs = append(bugs, b)
	}
	return bugs
}

// String is the bug's word: on the command line, in case files and reports. NoBug is "".
func (b Bug) String() string { return bugSpecs[b].word }

// Source is the ticket, or the page of the reference, that the bug re-enacts.
func (b Bug) Source() string { return bugSpecs[b].source }

// Story is what a user of the broken system saw, in a sentence.
func (b Bug) Story() string { return bugSpecs[b].story }

// ParseBug finds the bug with the given word; "" is NoBug. Nearest over BugWords says what
// else may have been meant.
func ParseBug(word string) (Bug, bool) {
	for b := range bugSpecs {
		if bugSpecs[b].word == word {
			return Bug(b), true
		}
	}
	return NoBug, false
}

// BugWords lists the words of all planted bugs in the order of Bugs.
func BugWords() []string {
	words := make([]string, 0, bugCount-1)
	for _, b := range Bugs() {
		words = append(words, b.String())
	}
	return words
}
