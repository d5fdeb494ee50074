package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

func stuckTape(t *testing.T) *tape {
	p := only(t, tapeSetup(), NewProgress())
	p.begin(0, 0)
	return p
}

func TestProgressAcceptsARunThatEnds(t *testing.T) {
	p := stuckTape(t)
	p.after(5000 * ms)
	p.master(protocol.JobStatusChanged, int64(protocol.JobFinished), 0)
	require.Empty(t, p.finish(End{Status: protocol.JobFinished, Quiescent: true}))
}

func TestProgressAcceptsARunThatIsCutOffWhileItGoesOn(t *testing.T) {
	p := stuckTape(t)
	p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
	p.after(900 * ms)
	require.Empty(t, p.finish(End{Status: protocol.JobRunning}))
}

func TestProgressSeesARunInWhichNothingIsLeftToHappen(t *testing.T) {
	p := stuckTape(t)
	last := p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
	got := p.finish(End{Status: protocol.JobRunning, Quiescent: true, Waits: []Wait{
		{"db[0]", "delays[0]", "data"},
		{"delays[0]", "flights[0]", "data"},
		{"flights[0]", "delays[0]", "resume of a blocked channel"},
	}})
	requireOnly(t, got, "stuck/progress/job", last)
	require.Contains(t, got[0].Detail, "cycle: delays[0] waits for flights[0] (data), "+
		"flights[0] waits for delays[0] (resume of a blocked channel)")
}

func TestProgressSeesARunThatIsOverdue(t *testing.T) {
	p := stuckTape(t)
	last := p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
	p.after(1001 * ms)
	p.master(protocol.CheckpointTriggered, 1, 0, 0) // a trigger alone is no progress
	require.True(t, p.suite.checkers[0].(*Progress).Overdue(p.now))
	requireOnly(t, p.finish(End{Status: protocol.JobRunning}), "stuck/progress/job", last)
}

func TestProgressCountsFromTheLastFault(t *testing.T) {
	setup := tapeSetup()
	setup.Limits.QuietFromNanos = 3000 * ms
	p := only(t, setup, NewProgress())
	p.begin(0, 0)
	progress := p.suite.checkers[0].(*Progress)
	require.False(t, progress.Overdue(3900*ms))
	require.True(t, progress.Overdue(4001*ms))
	p.now = 3500 * ms
	p.by(sim.Outside, protocol.FaultHealed, 0, 1, 0)
	require.False(t, progress.Overdue(4400*ms))
}

func TestProgressSeesACrashLoop(t *testing.T) {
	p := stuckTape(t)
	p.by(sim.Outside, protocol.FaultInjected, 0, 1, 0)
	var last, loop sim.Event
	for attempt := int64(1); attempt <= 4; attempt++ {
		last, loop = loop, p.master(protocol.JobRestarting, attempt, 0)
		p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
	}
	requireOnly(t, p.finish(End{Status: protocol.JobFailed}), "stuck/progress/crash-loop", last, loop)
}

func TestProgressAllowsRestartsForAsLongAsAFaultLasts(t *testing.T) {
	setup := tapeSetup()
	setup.Limits.FaultNanos = []int64{0, 2000 * ms}
	p := only(t, setup, NewProgress())
	p.begin(0, 0)
	struck := p.now
	p.by(sim.Outside, protocol.FaultInjected, 1, 1, 0)
	for attempt := int64(1); attempt <= 20; attempt++ {
		p.master(protocol.JobRestarting, attempt, 0)
	}
	progress := p.suite.checkers[0].(*Progress)
	require.False(t, progress.Overdue(struck+2990*ms))
	require.True(t, progress.Overdue(p.now+3010*ms))
	p.now = struck + 2000*ms
	p.by(sim.Outside, protocol.FaultHealed, 1, 1, 0)
	p.master(protocol.JobStatusChanged, int64(protocol.JobFinished), 0)
	require.Empty(t, p.finish(End{Status: protocol.JobFinished, Quiescent: true}))
}

func TestFindCycleFindsWhoWaitsForWhom(t *testing.T) {
	waits := []Wait{{"a", "b", "1"}, {"b", "c", "2"}, {"x", "b", "3"}, {"c", "d", "4"}, {"d", "b", "5"}}
	require.Equal(t, []Wait{{"b", "c", "2"}, {"c", "d", "4"}, {"d", "b", "5"}}, FindCycle(waits))
	require.Nil(t, FindCycle(waits[:4]))
	require.Equal(t, "; a waits for b (1), b waits for c (2), c waits for d (4)", Explain(waits[:4]))
	require.Equal(t, []Wait{{"a", "a", "itself"}}, FindCycle([]Wait{{"a", "a", "itself"}}))
	require.Empty(t, Explain(nil))
}
