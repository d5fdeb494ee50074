package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// A leader triggers checkpoint 1 and stands still; a successor takes over.
func replacedLeader(t *testing.T, c Checker) *tape {
	p := only(t, tapeSetup(), c)
	p.by(jobManager, protocol.LeaderElected, 0, 1)
	p.begin(0, 0)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.by(standby, protocol.LeaderElected, 1, 2)
	return p
}

func TestASuccessorMayTellWhatItsPredecessorCompleted(t *testing.T) {
	for _, c := range []Checker{NewCoordinatorRules(), NewFencing()} {
		p := replacedLeader(t, c)
		p.by(standby, protocol.CheckpointCompleted, 1, 0, 0)
		p.master(protocol.CheckpointCompleted, 1, 0, 0) // the first one wakes up
		require.Empty(t, p.finish(End{Status: protocol.JobRunning}), c.Name())
	}
}

func TestAFormerLeaderMayWorkOffWhatHasComeForIt(t *testing.T) {
	for _, c := range []Checker{NewCoordinatorRules(), NewFencing()} {
		p := replacedLeader(t, c)
		p.by(standby, protocol.JobRestored, 1, 0)
		p.by(80, protocol.TaskDeployed, db, 1, 0)
		p.master(protocol.CheckpointAcknowledged, 1, db, 0, 0)
		p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointExpired))
		require.Empty(t, p.finish(End{Status: protocol.JobRunning}), c.Name())
	}
}

func TestAFormerLeaderMayCompleteNothingThatItsSuccessorDoesNotKnow(t *testing.T) {
	p := replacedLeader(t, NewFencing())
	leader := p.suite.history.Leader()
	p.by(standby, protocol.JobStatusChanged, int64(protocol.JobCreated), 0)
	late := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	requireOnly(t, p.finish(End{Status: protocol.JobRunning}), "zombie-write/fencing/job-manager", leader, late)
}

func TestAFormerLeaderMayCompleteWhatItsSuccessorIsYetToFind(t *testing.T) {
	p := replacedLeader(t, NewFencing())
	p.master(protocol.CheckpointCompleted, 1, 0, 0)
	p.by(standby, protocol.JobStatusChanged, int64(protocol.JobCreated), 0)
	p.by(standby, protocol.JobRestored, 1, 1)
	require.Empty(t, p.finish(End{Status: protocol.JobRunning}))
}

func TestASuccessorThatDoesNotFindWhatItsPredecessorCompletedIsCaught(t *testing.T) {
	p := replacedLeader(t, NewRestoreRules())
	late := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	restored := p.by(standby, protocol.JobRestored, 1, 0)
	requireOnly(t, p.finish(End{Status: protocol.JobRunning}), "coordinator-rule/restore/newest-completed", late, restored)
}

func TestALeaderMayNotCompleteItsOwnCheckpointTwice(t *testing.T) {
	p := coordinatorTape(t)
	_, first := p.checkpoint(1, 0)
	again := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	requireOnly(t, p.finished(), rule("ends-once"), first, again)
}
