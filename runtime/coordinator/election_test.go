package coordinator_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestStandbyTakesOverAndContinuesTheIDs(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 2})
	w.runTo(45)
	last := w.history.Checkpoints[len(w.history.Checkpoints)-1].ID
	latest := w.history.Latest().Checkpoint
	w.kernel.Crash(w.jobManagers[w.leader()])
	w.runTo(110)
	require.Equal(t, 2, w.count("leader-elected"))
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, latest, w.history.Starts[1].Checkpoint)
	require.EqualValues(t, 1, w.history.Starts[1].Attempt)
	require.Greater(t, w.history.Checkpoints[len(w.history.Checkpoints)-1].ID, last)
	requireAscending(t, w)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.Equal(t, 4, w.count("task-canceled", "attempt=0"))
	w.requireNoLeaks()
}

// leader is the job manager that was elected last.
func (w *world) leader() (leader int) {
	for _, event := range w.events {
		var name string
		if n, _ := fmt.Sscanf(event, "%s leader-elected job-manager=%d", &name, &leader); n == 2 {
			continue
		}
	}
	return leader
}

func requireAscending(t tester, w *world) {
	t.Helper()
	last := protocol.NoCheckpoint
	for _, stats := range w.history.Checkpoints {
		require.Greater(t, stats.ID, last)
		last = stats.ID
	}
}

func TestDeposedLeaderCompletesNothing(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 2})
	w.runTo(45)
	old := w.leader()
	// A pause longer than the lease: the old leader wakes up and believes that it leads.
	w.kernel.Pause(w.jobNodes[old], 40*second)
	w.runTo(100)
	require.Equal(t, 2, w.count("leader-elected"))
	require.NotEqual(t, old, w.leader())
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.Positive(t, w.count("job-status-changed status=SUSPENDED"))
	require.Len(t, w.history.Starts, 2)
	requireAscending(t, w)
	w.requireNoLeaks()
}

func TestRestartedJobManagerGoesOnFromTheRecord(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	latest := w.history.Latest().Checkpoint
	w.kernel.Crash(w.jobManagers[0])
	w.kernel.Restart(w.jobManagers[0])
	w.runTo(100)
	require.Equal(t, latest, w.history.Starts[1].Checkpoint)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	requireAscending(t, w)
	w.requireNoLeaks()
}

func TestTasksAreCanceledWhenNoLeaderComes(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	w.kernel.Crash(w.jobManagers[0])
	w.runTo(120)
	require.Equal(t, 2, w.count("heartbeat-timed-out task-manager=-1 job-manager=0"))
	require.Equal(t, 4, w.count("task-canceled"))
	w.kernel.Restart(w.jobManagers[0])
	w.runTo(200)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

// A checkpoint is complete from the moment its pointer is in the record: a leader that
// dies before has lost it, one that dies after has not, and nobody ever restores an older
// one than was notified (reference S31).
func TestCrashAroundCompletionRestoresALegalCheckpoint(t *testing.T) {
	const crashed = 3
	type condition func(w *world, kind protocol.EventKind, e *sim.Event) bool
	points := []struct {
		name     string
		when     condition
		restored protocol.CheckpointID
	}{
		{"before the metadata", func(w *world, kind protocol.EventKind, e *sim.Event) bool {
			acknowledged := kind == protocol.CheckpointAcknowledged && e.Args[0] == crashed
			return acknowledged && len(w.openAcks(crashed)) == 4
		}, crashed - 1},
		{"after the metadata", func(_ *world, kind protocol.EventKind, e *sim.Event) bool {
			return kind == protocol.MetadataStored && e.Args[0] == crashed
		}, crashed - 1},
		{"after the pointer", func(_ *world, kind protocol.EventKind, e *sim.Event) bool {
			return kind == protocol.CheckpointCompleted && e.Args[0] == crashed
		}, crashed},
	}
	for _, point := range points {
		t.Run(point.name, func(t *testing.T) {
			w := newWorld(t, setup{jobManagers: 2})
			hit := false
			w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
				if !hit && point.when(w, kind, e) {
					hit = true
					w.kernel.Crash(w.jobManagers[w.leader()])
				}
			}
			w.runTo(120)
			require.True(t, hit)
			require.Len(t, w.history.Starts, 2)
			require.Equal(t, point.restored, w.history.Starts[1].Checkpoint)
			for _, f := range w.tasks {
				require.NotContains(t, f.toldOf(), int64(crashed), "not durable")
			}
			requireAscending(t, w)
			w.requireNoLeaks()
		})
	}
}

// toldOf are the checkpoints of whose completion the task heard.
func (f *fakeTask) toldOf() (ids []int64) {
	for _, m := range f.told {
		if m.Kind == rpc.NotifyDone {
			ids = append(ids, m.C)
		}
	}
	return ids
}

func (w *world) openAcks(id protocol.CheckpointID) (tasks []protocol.TaskID) {
	for task := range protocol.TaskID(4) {
		if w.count("checkpoint-acknowledged", fmt.Sprintf("checkpoint=%d task=%d", id, task)) > 0 {
			tasks = append(tasks, task)
		}
	}
	return tasks
}

// The pointer of the third checkpoint is in the record but its leader has not heard so.
func TestPointerWhoseWriterDiedIsFoundBySuccessor(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 2})
	for w.kernel.Step() {
		if record, found := w.kernel.StoreAt(w.ha).Peek(rpc.JobKey()); found {
			completed := record.Body.(*coordinator.JobRecord).Completed
			if n := len(completed); n > 0 && completed[n-1].Checkpoint == 3 {
				break
			}
		}
	}
	require.Zero(t, w.count("checkpoint-completed checkpoint=3"))
	w.kernel.Crash(w.jobManagers[w.leader()])
	w.runTo(120)
	require.EqualValues(t, 3, w.history.Starts[1].Checkpoint)
	require.Equal(t, 1, w.count("checkpoint-completed checkpoint=3"))
	require.Contains(t, w.completedIDs(), protocol.CheckpointID(3))
	w.requireNoLeaks()
}

func TestRecordOfANewerLeaderDeposes(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 2})
	w.runTo(45)
	old := w.leader()
	newer := *w.record()
	newer.Epoch += 7
	w.kernel.StoreAt(w.ha).Seed(rpc.JobKey(), 1, &newer)
	completed := w.history.Completed
	w.runTo(58)
	require.Equal(t, completed, w.history.Completed, "a deposed leader completed a checkpoint")
	require.Equal(t, &newer, w.record())
	w.requireEvent(fmt.Sprintf("job-manager-%d zombie-fenced task=-1", old))
}

func TestTaskManagerObeysTheNewestLeaderOnly(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 2})
	w.runTo(45)
	leader := w.leader()
	manager, old := w.directory.TaskManagers[0].Actor, w.directory.JobManagers[1-leader]
	w.kernel.Inject(manager, 0, sim.Message{Kind: rpc.NewLeader, A: int64(old), B: 0})
	stale := *w.task(0).d
	stale.JobManager, stale.Attempt = old, 9
	w.kernel.Inject(manager, 0, sim.Message{Kind: rpc.Deploy, Body: &stale})
	w.runTo(60)
	w.requireEvent("task-manager-0 zombie-fenced task=-1 attempt=-1 what=3")
	w.requireEvent("task-manager-0 zombie-fenced task=0 attempt=9 what=3")
	require.Len(t, w.history.Starts, 1)
	require.Len(t, w.tasks, 4)
	require.Equal(t, w.directory.JobManagers[leader], w.task(0).tm.JobManager())
}

func TestLeaderWhoseLeaseWasTakenStepsDown(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 1})
	w.runTo(45)
	w.kernel.StoreAt(w.ha).Seed(rpc.LeaseKey(), 1, &coordinator.Lease{Holder: 5, Epoch: 9})
	w.runTo(51)
	w.requireEvent("job-status-changed status=SUSPENDED")
	w.runTo(100)
	w.requireEvent("leader-elected job-manager=0 epoch=10")
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestChangeThatMetAnOlderLeadersWriteIsMadeAgain(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	older := *w.record()
	older.Epoch--
	w.kernel.StoreAt(w.ha).Seed(rpc.JobKey(), 1, &older)
	completed := w.history.Completed
	w.runTo(80)
	require.Greater(t, w.history.Completed, completed+2)
	require.Len(t, w.history.Starts, 1)
	requireAscending(t, w)
}

func TestUnknownOutcomeDeletesNothingUntilTheTruthIsKnown(t *testing.T) {
	for _, takesEffect := range []bool{false, true} {
		w := newWorld(t, setup{prepare: func(w *world) { w.config.Checkpointing.TolerableFailures = 5 }})
		armed := false
		w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
			if kind == protocol.MetadataStored && e.Args[0] == 3 && !armed {
				armed = true
				fault := sim.StoreFault{Puts: true, Remaining: 1, Err: sim.StoreTimedOut}
				w.kernel.StoreAt(w.ha).SetFault(fault)
			}
		}
		w.runTo(30)
		for w.count("checkpoint-aborted checkpoint=3") == 0 {
			require.True(t, w.kernel.Step())
		}
		require.Equal(t, protocol.FinalizeCheckpointFailure, w.history.Checkpoints[2].Reason)
		require.Zero(t, w.count("object-deleted", "checkpoint=3"))
		if takesEffect {
			info, _ := w.kernel.StoreAt(w.ha).Peek(rpc.JobKey())
			record := *info.Body.(*coordinator.JobRecord)
			record.Completed = append(record.Completed[:len(record.Completed):len(record.Completed)],
				coordinator.Pointer{Checkpoint: 3})
			w.kernel.StoreAt(w.ha).Seed(rpc.JobKey(), 1, &record)
		}
		w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
		w.runTo(35)
		require.Len(t, w.history.Starts, 2)
		require.Equal(t, takesEffect, w.history.Starts[1].Checkpoint == 3)
		w.runTo(100)
		require.Positive(t, w.count("object-deleted", "checkpoint=3"))
		w.requireNoLeaks()
	}
}
