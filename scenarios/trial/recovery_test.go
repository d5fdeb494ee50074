package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/result"
	"simrun/sim"
)

const twoTasks = `
name: two-tasks
cluster: {task-managers: 1, slots: 2, nodes: 1}
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 1 s}
  graph:
    - {id: numbers, source: {synthetic: uniform, keys: 3, rate: 100/s, records: 300}}
    - {id: table, sink: {append: database}, from: [{id: numbers, exchange: rebalance}]}
`

// metered is a meter over a job of two tasks that has not begun.
func metered(t *testing.T) *recoveryMeter {
	t.Helper()
	s, err := runtime.New(caseOf(t, "two-tasks", twoTasks).Options, nil)
	require.NoError(t, err)
	require.Len(t, s.Plan.Tasks, 2)
	return &recoveryMeter{system: s}
}

func (m *recoveryMeter) see(atNanos int64, kind protocol.EventKind, args ...int64) {
	e := sim.Event{TimeNanos: atNanos, Kind: sim.EventKind(kind)}
	copy(e.Args[:], args)
	m.observe(&e)
}

// fail is a crash at 10 s that is seen at 12 s; everything runs again at 15 s.
func (m *recoveryMeter) fail() {
	m.see(10e9, protocol.FaultInjected, 0, int64(protocol.FaultCrash), 3)
	m.see(12e9, protocol.HeartbeatTimedOut, 0)
	m.see(12e9, protocol.JobRestarting, 1, 1e9)
	m.see(13e9, protocol.JobRestored, 1, 7)
	m.see(13e9, protocol.TaskInitializing, 0, 1, 7)
	m.see(13500e6, protocol.TaskInitializing, 1, 1, 7)
	m.see(14e9, protocol.TaskRunning, 0, 1)
	m.see(15e9, protocol.TaskRunning, 1, 1)
}

func TestRecoveryIsTakenInItsFourParts(t *testing.T) {
	m := metered(t)
	m.fail()
	require.False(t, m.complete())
	m.watch.ReplayedNanos, m.watch.CaughtUpNanos = 18e9, 24e9
	require.True(t, m.complete())
	got := m.finish()
	require.Equal(t, []result.Recovery{{
		FailureNanos: 10e9, Checkpoint: 7, DetectNanos: 2e9, RestartNanos: 3500e6, RestoreNanos: 1500e6,
		ReplayNanos: 3e9, CatchUpNanos: 6e9, Complete: true,
	}}, got)
	require.EqualValues(t, 14e9, got[0].TotalNanos(), "the parts add up to the whole")
}

func TestRecoveryThatDoesNotEndIsIncomplete(t *testing.T) {
	for name, change := range map[string]func(*recoveryMeter){
		"not replayed":   func(*recoveryMeter) {},
		"not caught up":  func(m *recoveryMeter) { m.watch.ReplayedNanos = 18e9 },
		"not all run":    func(m *recoveryMeter) { m.running--; m.watch.ReplayedNanos, m.watch.CaughtUpNanos = 18e9, 19e9 },
		"failed again":   func(m *recoveryMeter) { m.see(16e9, protocol.JobRestarting, 2, 1e9) },
		"never deployed": func(m *recoveryMeter) { m.running = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			m := metered(t)
			m.fail()
			change(m)
			got := m.finish()
			require.False(t, got[0].Complete)
			require.Zero(t, got[0].CatchUpNanos)
			require.EqualValues(t, 3500e6, got[0].RestartNanos)
		})
	}
}

func TestSecondFailureBeginsARecoveryOfItsOwn(t *testing.T) {
	m := metered(t)
	m.fail()
	m.see(16e9, protocol.TaskFailed, 1, 1, 1)
	m.see(16e9, protocol.JobRestarting, 2, 1e9)
	m.see(17e9, protocol.JobRestored, 2, 8)
	got := m.finish()
	require.Len(t, got, 2)
	require.EqualValues(t, 7, got[0].Checkpoint)
	require.Equal(t, result.Recovery{FailureNanos: 16e9, Checkpoint: 8}, got[1])
}

// A throw is armed long before it strikes, and a slow sink fails nobody: the failure is when
// the task fails.
func TestFailureBeginsWithTheFaultOnlyIfItIsSilent(t *testing.T) {
	for kind := protocol.FaultNone + 1; int(kind) < protocol.FaultKinds; kind++ {
		m := metered(t)
		m.see(2e9, protocol.FaultInjected, 0, int64(kind), 3)
		m.see(30e9, protocol.TaskFailed, 0, 0, 1)
		m.see(31e9, protocol.JobRestarting, 1, 1e9)
		wanted := int64(30e9)
		if kind == protocol.FaultCrash || kind == protocol.FaultPartition || kind == protocol.FaultPause {
			wanted = 2e9
		}
		require.EqualValues(t, wanted, m.finish()[0].FailureNanos, "%s", kind)
	}
}

func TestHealedPauseThatNobodyDiedOfIsNoFailure(t *testing.T) {
	m := metered(t)
	m.see(2e9, protocol.FaultInjected, 0, int64(protocol.FaultPause), 3)
	m.see(3e9, protocol.FaultHealed, 0, int64(protocol.FaultPause), 3)
	m.see(30e9, protocol.TaskFailed, 0, 0, 1)
	m.see(30e9, protocol.JobRestarting, 1, 1e9)
	require.EqualValues(t, 30e9, m.finish()[0].FailureNanos)
}

func TestFirstStartIsNoRecovery(t *testing.T) {
	m := metered(t)
	m.see(1e9, protocol.JobRestored, 0, 0)
	m.see(1e9, protocol.TaskInitializing, 0, 0, 0)
	m.see(2e9, protocol.TaskRunning, 0, 0)
	require.False(t, m.complete())
	require.Empty(t, m.finish())
}
