package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

func coordinatorTape(t *testing.T) *tape {
	p := only(t, tapeSetup(), NewCoordinatorRules())
	p.begin(0, 0)
	return p
}

func rule(name string) string { return "coordinator-rule/coordinator/" + name }

func TestCoordinatorAcceptsCheckpointsThatCompleteAndFail(t *testing.T) {
	p := coordinatorTape(t)
	p.checkpoint(1, 0)
	p.by(101, protocol.CheckpointNotified, 1, delays, 0)
	p.after(60 * ms)
	p.master(protocol.CheckpointTriggered, 2, 0, 0)
	p.master(protocol.CheckpointAborted, 2, int64(protocol.CheckpointDeclined))
	p.by(101, protocol.CheckpointNotified, 2, delays, 1)
	p.master(protocol.CheckpointAcknowledged, 2, db, 0, 3)
	p.master(protocol.CheckpointTriggered, 3, 0, 0)
	p.after(500 * ms)
	p.master(protocol.CheckpointAborted, 3, int64(protocol.CheckpointExpired))
	p.master(protocol.CheckpointTriggered, 4, 0, 0)
	p.master(protocol.CheckpointAborted, 4, int64(protocol.JobFailoverRegion))
	p.begin(1, 1)
	p.checkpoint(5, 1)
	require.Empty(t, p.finished())
}

func TestCoordinatorSeesAnIDUsedAgain(t *testing.T) {
	p := coordinatorTape(t)
	first, _ := p.checkpoint(1, 0)
	p.after(60 * ms)
	again := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	violations := p.finished()
	require.NotEmpty(t, violations)
	require.Equal(t, rule("ids-increase"), violations[0].Signature)
	require.Equal(t, []sim.Event{first, again}, violations[0].Witness)
}

func TestCoordinatorSeesTooManyPending(t *testing.T) {
	p := coordinatorTape(t)
	first := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	second := p.master(protocol.CheckpointTriggered, 2, 0, 0)
	p.master(protocol.CheckpointTriggered, 3, 0, 1) // a savepoint does not count
	for id := int64(1); id < 4; id++ {
		p.master(protocol.CheckpointAborted, id, int64(protocol.CheckpointDeclined))
	}
	requireOnly(t, p.finished(), rule("max-concurrent"), first, second)
}

func TestCoordinatorSeesATriggerTooSoonAfterACompletion(t *testing.T) {
	p := coordinatorTape(t)
	_, completed := p.checkpoint(1, 0)
	p.after(40 * ms)
	trigger := p.master(protocol.CheckpointTriggered, 2, 0, 0)
	p.master(protocol.CheckpointAborted, 2, int64(protocol.CheckpointDeclined))
	requireOnly(t, p.finished(), rule("min-pause"), completed, trigger)
}

func TestCoordinatorAsksForNoPauseAfterAFailureOrFromAnotherLeader(t *testing.T) {
	p := coordinatorTape(t)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	p.checkpoint(2, 0)
	p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.CheckpointTriggered, 3, 0, 0)
	p.by(standby, protocol.CheckpointAborted, 3, int64(protocol.CheckpointDeclined))
	require.Empty(t, p.finished())
}

func TestCoordinatorSeesAnAcknowledgementAfterTheTimeout(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.after(500 * ms)
	late := p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointExpired))
	requireOnly(t, p.finished(), rule("timeout"), trigger, late)
}

// An acknowledgement that came in while the job manager stood still is done before the timer
// that was due after it.
func TestCoordinatorAcceptsAnAcknowledgementThatAPauseHeldUp(t *testing.T) {
	p := coordinatorTape(t)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.master(protocol.FaultInjected, 0, int64(protocol.FaultPause), 0)
	p.after(500 * ms)
	p.master(protocol.FaultHealed, 0, int64(protocol.FaultPause), 0)
	p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointExpired))
	require.Empty(t, p.finished())
}

func TestCoordinatorGivesNoTimeForAPauseThatWasOver(t *testing.T) {
	p := coordinatorTape(t)
	p.master(protocol.FaultInjected, 0, int64(protocol.FaultPause), 0)
	p.after(500 * ms)
	p.master(protocol.FaultHealed, 0, int64(protocol.FaultPause), 0)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.after(500 * ms)
	late := p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointExpired))
	requireOnly(t, p.finished(), rule("timeout"), trigger, late)
}

func TestCoordinatorSeesACheckpointExpireTooSoon(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	expired := p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointExpired))
	requireOnly(t, p.finished(), rule("timeout"), trigger, expired)
}

func TestCoordinatorSeesACompletionWithoutAllAcknowledgements(t *testing.T) {
	p := coordinatorTape(t)
	running := sim.Event{}
	p.suite.history.assign(&running) // an actor nobody heard of changes nothing
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	for _, task := range []int64{flights0, flights1, delays} {
		p.master(protocol.CheckpointAcknowledged, 1, task, 0, 0)
	}
	completed := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	violations := p.finished()
	require.Len(t, violations, 1)
	require.Equal(t, rule("all-acknowledged"), violations[0].Signature)
	require.Len(t, violations[0].Witness, 3, "that db runs, the trigger, the completion")
	require.Equal(t, []sim.Event{trigger, completed}, violations[0].Witness[1:])
	require.Contains(t, violations[0].Detail, "db[0]")
}

func TestCoordinatorAsksNoAcknowledgementOfAFinishedTask(t *testing.T) {
	p := coordinatorTape(t)
	p.task(protocol.TaskFinished, flights1, 0)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	for _, task := range []int64{flights0, delays, db} {
		p.master(protocol.CheckpointAcknowledged, 1, task, 0, 0)
	}
	p.master(protocol.CheckpointCompleted, 1, 0, 0)
	require.Empty(t, p.finished())
}

func TestCoordinatorSeesAnAcknowledgementCountedTwice(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
	again := p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	requireOnly(t, p.finished(), rule("ack-once"), trigger, again)
}

func TestCoordinatorSeesAnAcknowledgementOfWhatIsNotPending(t *testing.T) {
	p := coordinatorTape(t)
	ack := p.master(protocol.CheckpointAcknowledged, 9, db, 0, 0)
	requireOnly(t, p.finished(), rule("ack-of-pending-only"), ack)
}

func TestCoordinatorSeesAnOlderCheckpointOutliveANewerCompletion(t *testing.T) {
	setup := tapeSetup()
	setup.Limits.MaxConcurrent = 2
	p := only(t, setup, NewCoordinatorRules())
	p.begin(0, 0)
	old := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	_, completed := p.checkpoint(2, 0)
	p.after(60 * ms)
	next := p.master(protocol.CheckpointTriggered, 3, 0, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointSubsumed))
	p.master(protocol.CheckpointAborted, 3, int64(protocol.CheckpointDeclined))
	requireOnly(t, p.finished(), rule("subsumption"), old, completed, next)
}

func TestCoordinatorSeesAnOlderCheckpointCompleteAfterANewerOne(t *testing.T) {
	setup := tapeSetup()
	setup.Limits.MaxConcurrent = 2
	p := only(t, setup, NewCoordinatorRules())
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	_, newer := p.checkpoint(2, 0)
	older := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	violations := p.finished()
	require.NotEmpty(t, violations)
	require.Equal(t, rule("subsumption"), violations[0].Signature)
	require.Equal(t, []sim.Event{newer, older}, violations[0].Witness)
}

func TestCoordinatorSeesACheckpointEndTwice(t *testing.T) {
	for _, second := range []protocol.EventKind{protocol.CheckpointCompleted, protocol.CheckpointAborted} {
		p := coordinatorTape(t)
		_, completed := p.checkpoint(1, 0)
		again := p.master(second, 1, int64(protocol.CheckpointDeclined), 0)
		requireOnly(t, p.finished(), rule("ends-once"), completed, again)
	}
}

func TestCoordinatorAcceptsThatAJobManagerLeadsAgainAndTellsOfWhatItHadStored(t *testing.T) {
	p := coordinatorTape(t)
	p.master(protocol.LeaderElected, 0, 1)
	p.begin(0, 0)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	for task := int64(0); task < 4; task++ {
		p.master(protocol.CheckpointAcknowledged, 1, task, 0, 0)
	}
	p.master(protocol.MetadataStored, 1, 100)
	p.master(protocol.LeaderElected, 0, 2) // it was paused, and lost its lease
	p.master(protocol.CheckpointCompleted, 1, 0, 0)
	require.Empty(t, p.finished())
}

func TestCoordinatorSeesACheckpointNeverEnd(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	requireOnly(t, p.finished(), rule("ends-once"), trigger)
}

func TestCoordinatorSeesMetadataStoredAfterTheCompletion(t *testing.T) {
	p := coordinatorTape(t)
	_, completed := p.checkpoint(1, 0)
	stored := p.master(protocol.MetadataStored, 1, 100)
	requireOnly(t, p.finished(), rule("stored-before-completed"), completed, stored)
}

func TestCoordinatorSeesATaskToldWhatIsNotSo(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	told := p.by(101, protocol.CheckpointNotified, 1, delays, 0)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	requireOnly(t, p.finished(), rule("notify-after-completion"), trigger, told)

	p = coordinatorTape(t)
	_, completed := p.checkpoint(1, 0)
	told = p.by(101, protocol.CheckpointNotified, 1, delays, 1)
	requireOnly(t, p.finished(), rule("notify-after-abort"), completed, told)
}

func TestCoordinatorSeesAPendingCheckpointSurviveAFailover(t *testing.T) {
	p := coordinatorTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	restored := p.begin(1, 0)
	requireOnly(t, p.finished(), rule("failover-aborts"), trigger, restored)
}

func TestCoordinatorForgivesWhatDiedWithItsLeader(t *testing.T) {
	p := coordinatorTape(t)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.JobRestored, 1, 0)
	require.Empty(t, p.finished())
}

func restoreTape(t *testing.T) *tape {
	p := only(t, tapeSetup(), NewRestoreRules())
	p.begin(0, 0)
	return p
}

func TestRestoreForgivesALeaderThatDoesNotKnowYetThatItWasReplaced(t *testing.T) {
	p := only(t, tapeSetup(), NewRestoreRules())
	p.master(protocol.LeaderElected, 0, 1)
	p.begin(0, 0)
	p.checkpoint(1, 0)
	p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.JobRestored, 2, 1)
	p.master(protocol.JobRestored, 1, 0)
	require.Empty(t, p.finished())
}

func TestRestoreAcceptsTheNewestCompletedCheckpoint(t *testing.T) {
	p := restoreTape(t)
	p.checkpoint(1, 0)
	p.begin(1, 1)
	p.master(protocol.CheckpointTriggered, 2, 1, 0)
	p.master(protocol.MetadataStored, 2, 100) // its leader dies before it says so
	p.begin(2, 2)
	require.Empty(t, p.finished())
}

func TestRestoreSeesAnOlderCheckpointTaken(t *testing.T) {
	p := restoreTape(t)
	p.checkpoint(1, 0)
	p.after(60 * ms)
	_, completed := p.checkpoint(2, 0)
	restored := p.begin(1, 1)
	requireOnly(t, p.finished(), "coordinator-rule/restore/newest-completed", completed, restored)
}

func TestRestoreSeesACheckpointTakenThatWasNeverCompleted(t *testing.T) {
	p := restoreTape(t)
	trigger := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	restored := p.begin(1, 1)
	requireOnly(t, p.finished(), "coordinator-rule/restore/completed-only", trigger, restored)
}

func TestRestoreSeesAttemptsGoBackwards(t *testing.T) {
	p := restoreTape(t)
	p.begin(1, 0)
	second := p.master(protocol.JobRestored, 2, 0)
	again := p.master(protocol.JobRestored, 2, 0)
	requireOnly(t, p.finished(), "coordinator-rule/restore/attempts-increase", second, again)
}

func TestRestoreSeesACompletedCheckpointGone(t *testing.T) {
	p := restoreTape(t)
	_, completed := p.checkpoint(1, 0)
	lost := p.master(protocol.MetadataLost, 1)
	requireOnly(t, p.finished(), "lost/restore/metadata", completed, lost)
}
