package coordinator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestJobIsDeployedCheckpointedAndNotified(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(60)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.GreaterOrEqual(t, w.history.Completed, int64(4))
	require.Zero(t, w.history.Failed)
	for id := range protocol.TaskID(4) {
		told := w.task(id).toldOf()
		require.Len(t, told, int(w.history.Completed))
		require.EqualValues(t, 1, told[0])
	}
	require.Len(t, w.record().Completed, 1)
	require.Equal(t, w.history.Latest().Checkpoint, w.record().Completed[0].Checkpoint)
	w.requireNoLeaks()
}

func TestSlotsAreSpreadOverTaskManagers(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 2, slots: 2, parallelism: 4})
	w.runTo(30)
	where := w.task(0).d.Locations
	require.Equal(t, []int32{0, 1, 0, 1, 0, 1, 0, 1}, []int32{
		where[0].TaskManager, where[1].TaskManager, where[2].TaskManager, where[3].TaskManager,
		where[4].TaskManager, where[5].TaskManager, where[6].TaskManager, where[7].TaskManager,
	})
}

func TestStatisticsOfACheckpointAreComplete(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(60)
	stats := w.history.Checkpoints[0]
	require.Len(t, stats.Subtasks, 4)
	for i, s := range stats.Subtasks {
		require.EqualValues(t, i, s.Task)
		require.Positive(t, s.EndToEndNanos)
		require.LessOrEqual(t, s.EndToEndNanos, stats.EndToEndNanos)
	}
	require.Greater(t, stats.CompletedNanos, stats.TriggerNanos+stats.EndToEndNanos)
	require.EqualValues(t, 4*100<<10, stats.CheckpointedBytes)
}

func TestSmallStateTravelsInline(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) { w.behave.stateBytes = 10 << 10 }})
	w.runTo(60)
	require.Positive(t, w.history.Completed)
	require.Len(t, w.kernel.StoreAt(w.store).Objects(), 1) // the metadata
	w.requireNoLeaks()
}

func TestDeclinedCheckpointLeavesNothing(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Checkpointing.TolerableFailures = 3
		w.behave.onTrigger = func(f *fakeTask, id protocol.CheckpointID) (answer, int64) {
			if id == 2 && f.d.Task == 3 {
				return declines, 0
			}
			return acknowledges, 1e6
		}
	}})
	w.runTo(60)
	require.EqualValues(t, 1, w.history.Failed)
	require.Equal(t, protocol.CheckpointAsyncException, w.history.Checkpoints[1].Reason)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.Empty(t, w.history.Failures)
	w.requireEvent("checkpoint-aborted checkpoint=2")
	w.requireNoLeaks()
}

func TestLateAcknowledgementIsDiscardedAndItsObjectsDeleted(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Checkpointing.TolerableFailures = 3
		w.behave.onTrigger = func(f *fakeTask, id protocol.CheckpointID) (answer, int64) {
			if id == 1 && f.d.Task == 2 {
				return acknowledges, 35 * second // the timeout is 30 s
			}
			return acknowledges, 1e6
		}
	}})
	w.runTo(80)
	require.True(t, w.history.Checkpoints[0].Expired())
	require.EqualValues(t, 1, w.history.Expired)
	w.requireEvent("checkpoint-acknowledged checkpoint=1 task=2 attempt=0 verdict=3")
	require.Equal(t, 4, w.count("object-stored", "checkpoint=1"))
	require.Equal(t, 4, w.count("object-deleted", "checkpoint=1"))
	require.EqualValues(t, rpc.NotifyAbort, w.task(2).told[0].Kind)
	require.EqualValues(t, 1, w.task(2).told[0].C)
	w.requireNoLeaks()
}

func TestTooManyFailedCheckpointsFailTheJobAndItRestarts(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Checkpointing.TolerableFailures = 1
		w.behave.onTrigger = func(f *fakeTask, id protocol.CheckpointID) (answer, int64) {
			if f.d.Attempt == 0 && f.d.Task == 0 {
				return keepsSilent, 0
			}
			return acknowledges, 1e6
		}
	}})
	w.runTo(150)
	require.Len(t, w.history.Failures, 1)
	require.Equal(t, protocol.CheckpointExpired, w.history.Failures[0].Reason)
	require.EqualValues(t, 2, w.history.Expired)
	require.Len(t, w.history.Starts, 2)
	require.Positive(t, w.history.Completed)
	w.requireNoLeaks()
}

func TestRestartsUsedUpFailTheJobForGood(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Restart.FixedDelay.Attempts = 2
		w.behave.onStart = func(f *fakeTask) rpc.FailureCause {
			if f.d.Task == 1 {
				return rpc.CauseUserCode
			}
			return rpc.CauseNone
		}
	}})
	w.runTo(60)
	require.Equal(t, protocol.JobFailed, w.history.Status)
	require.Len(t, w.history.Starts, 3)
	require.Len(t, w.history.Failures, 3)
	require.Equal(t, rpc.CauseUserCode, w.history.Failures[0].Cause)
	require.Equal(t, protocol.JobFailed, w.record().Status)
	w.requireNoLeaks()
}

func TestAllTasksFinishedFinishesTheJobAndDiscardsItsCheckpoints(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	require.NotNil(t, w.history.Latest())
	for id := range protocol.TaskID(4) {
		w.kernel.Inject(w.task(id).self, 0, sim.Message{Kind: fakeFinish})
	}
	w.runTo(50)
	require.Equal(t, protocol.JobFinished, w.history.Status)
	require.Empty(t, w.kernel.StoreAt(w.store).Objects())
	require.Empty(t, w.record().Completed)
	require.Equal(t, protocol.JobFinished, w.record().Status)
}

func TestCancelRetainsCheckpointsWhenAskedTo(t *testing.T) {
	retentions := []protocol.Retention{protocol.RetainOnCancellation, protocol.DeleteOnCancellation}
	for _, retention := range retentions {
		w := newWorld(t, setup{prepare: func(w *world) { w.config.Checkpointing.Retention = retention }})
		w.runTo(45)
		w.kernel.Inject(w.directory.JobManagers[0], 0, sim.Message{Kind: rpc.CancelJob})
		w.runTo(50)
		require.Equal(t, protocol.JobCanceled, w.history.Status)
		require.Equal(t, retention == protocol.RetainOnCancellation, w.history.Latest() != nil)
		require.Equal(t, 4, w.count("task-canceled"))
		w.requireNoLeaks()
	}
}

func TestSavepointIsKeptAndNotRestored(t *testing.T) {
	w := newWorld(t, setup{})
	w.kernel.Run(func() bool { return w.history.Completed == 3 })
	latest := w.history.Latest().Checkpoint
	w.kernel.Inject(w.directory.JobManagers[0], 0, sim.Message{
		Kind: rpc.TakeCheckpoint, A: int64(protocol.TriggerSavepoint),
	})
	w.kernel.Run(func() bool { return w.history.Completed == 4 })
	require.Len(t, w.history.Savepoints, 1)
	require.Equal(t, latest, w.history.Latest().Checkpoint)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(100)
	savepoint := w.history.Savepoints[0].Checkpoint
	require.NotEqual(t, savepoint, w.history.Starts[1].Checkpoint)
	require.GreaterOrEqual(t, w.history.Starts[1].Checkpoint, latest)
	require.Equal(t, []protocol.CheckpointID{savepoint}, w.record().Savepoints)
	w.requireNoLeaks()
}
