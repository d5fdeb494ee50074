package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// idleTape is a job that is checkpointed every second and runs.
func idleTape(t *testing.T) *tape {
	setup := tapeSetup()
	setup.Limits.IntervalNanos = 1000 * ms
	p := only(t, setup, NewCoordinatorRules())
	p.begin(0, 0)
	return p
}

func (p *tape) becomes(status protocol.JobStatus) {
	p.master(protocol.JobStatusChanged, int64(status), 0)
}

// endless is longer than anything periodic may be late.
const endless = 3000*ms + idleSlackNanos

func TestCoordinatorSeesThatNothingIsTriggeredAnyMore(t *testing.T) {
	p := idleTape(t)
	p.becomes(protocol.JobRunning)
	_, completed := p.checkpoint(1, 0)
	p.after(endless)
	ended := p.master(protocol.JobStatusChanged, int64(protocol.JobFinished), 0)
	requireOnly(t, p.finished(), rule("triggers-go-on"), completed, ended)
}

func TestCoordinatorMayWaitWhileSomethingIsPendingOrSkippedOrTheJobDoesNotRun(t *testing.T) {
	p := idleTape(t)
	p.after(endless)
	p.becomes(protocol.JobRunning)
	p.after(endless / 2)
	p.master(protocol.CheckpointSkipped, int64(protocol.TooManyCheckpointRequests))
	p.after(endless / 2)
	p.master(protocol.CheckpointTriggered, 1, 0, 0)
	p.after(endless)
	p.master(protocol.CheckpointAborted, 1, int64(protocol.CheckpointDeclined))
	p.becomes(protocol.JobRestartingStatus)
	p.after(endless)
	p.becomes(protocol.JobRunning)
	require.Empty(t, p.finished())
}

func TestCoordinatorHasTimeAnewAfterAFaultAndUnderAnotherLeader(t *testing.T) {
	p := idleTape(t)
	p.becomes(protocol.JobRunning)
	p.after(endless / 2)
	p.by(99, protocol.FaultHealed, 0, int64(protocol.FaultPause), 0)
	p.after(endless / 2)
	p.checkpoint(1, 0)
	p.after(endless)
	p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.JobStatusChanged, int64(protocol.JobCreated), 0)
	require.Empty(t, p.finish(End{Status: protocol.JobRunning}))
}

// The final checkpoint is triggered at the end of the data, whatever the pause (FLINK-28386).
func TestCoordinatorAsksForNoPauseBeforeTheFinalCheckpoint(t *testing.T) {
	p := coordinatorTape(t)
	p.checkpoint(1, 0)
	for task := int64(0); task < 4; task++ {
		p.task(protocol.OperatorsFinished, task)
	}
	p.checkpoint(2, 0)
	require.Empty(t, p.finished())
}
