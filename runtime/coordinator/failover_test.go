package coordinator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestCrashedTaskManagerIsDetectedAndItsTasksRestoreFromTheNewest(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 3})
	w.runTo(45)
	w.kernel.Crash(w.managers[1])
	w.runTo(120)
	w.requireEvent("heartbeat-timed-out task-manager=1")
	w.requireEvent("task-failed", "cause=4")
	require.Len(t, w.history.Starts, 2)
	restored := w.history.Starts[1].Checkpoint
	require.NotEqual(t, protocol.NoCheckpoint, restored)
	require.Equal(t, restored, w.task(0).d.Restore.Checkpoint)
	require.Equal(t, rpc.StateKey(restored, 0, 0), w.task(0).d.Restore.Handle.State)
	require.Equal(t, int32(2), w.task(1).d.Locations[1].TaskManager)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	// The refused connection is noticed at two heartbeats, long before the 50 s.
	require.Less(t, w.history.Failures[0].TimeNanos, 70*second)
	w.requireNoLeaks()
}

func TestRestartedTaskManagerIsUsedAgain(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 2})
	w.runTo(45)
	w.kernel.Crash(w.managers[1])
	w.kernel.At(47*second, func() { w.kernel.Restart(w.managers[1]) })
	w.runTo(120)
	require.Len(t, w.history.Starts, 2)
	// A new session says at once that the tasks are gone.
	require.Less(t, w.history.Failures[0].TimeNanos, 48*second)
	require.Equal(t, int32(1), w.task(1).d.Locations[1].TaskManager)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	w.requireNoLeaks()
}

func TestJobWaitsForEnoughSlots(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 2, slots: 1})
	w.runTo(45)
	w.kernel.Crash(w.managers[0])
	w.runTo(150)
	require.Len(t, w.history.Starts, 1)
	require.Equal(t, protocol.JobRestartingStatus, w.history.Status)
	w.kernel.Restart(w.managers[0])
	w.runTo(170)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestZombieIsFencedAfterAPartition(t *testing.T) {
	// The zombie answers late for the checkpoint that was in flight at the partition.
	w := newWorld(t, setup{taskManagers: 3, prepare: func(w *world) {
		w.config.Checkpointing.TimeoutNanos = 600 * second
		w.behave.onTrigger = func(f *fakeTask, id protocol.CheckpointID) (answer, int64) {
			if id == 3 && f.d.Attempt == 0 && f.d.Task == 1 {
				return acknowledges, 70 * second
			}
			return acknowledges, 1e6
		}
		w.behave.ignoresCancel = func(f *fakeTask) bool { return f.d.Task == 1 && f.d.Attempt == 0 }
	}})
	w.runTo(35)
	require.Equal(t, 1, w.count("checkpoint-triggered", "checkpoint=3"))
	w.kernel.Partition(w.jobNodes[0], w.nodes[1])
	w.runTo(88)
	w.kernel.Heal(w.jobNodes[0], w.nodes[1])
	w.runTo(200)
	require.Len(t, w.history.Starts, 2)
	w.requireEvent("heartbeat-timed-out task-manager=1")
	w.requireEvent("heartbeat-timed-out task-manager=-1")
	w.requireEvent("zombie-fenced task=1 attempt=0 what=0")
	w.requireEvent("checkpoint-acknowledged checkpoint=3 task=1 attempt=0")
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.Greater(t, w.history.Completed, int64(3))
	w.requireNoLeaks()
}

func TestLostReportIsMadeUpForByHeartbeats(t *testing.T) {
	w := newWorld(t, setup{})
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		report, ok := p.Message.Body.(*rpc.StateReport)
		return sim.Verdict{Drop: ok && report.State == rpc.TaskRunning && report.Task == 2}
	})
	w.runTo(15)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	require.Len(t, w.history.Starts, 1)
}

func TestLostReportOfAnEndIsMadeUpForByHeartbeats(t *testing.T) {
	w := newWorld(t, setup{})
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		report, ok := p.Message.Body.(*rpc.StateReport)
		return sim.Verdict{Drop: ok && report.State == rpc.TaskFinished && report.Task == 2}
	})
	w.runTo(15)
	w.kernel.Inject(w.task(2).self, 0, sim.Message{Kind: fakeFinish})
	w.runTo(40)
	require.Len(t, w.history.Starts, 1, "the finished task was taken for lost")
	require.Equal(t, protocol.JobRunning, w.history.Status)
	for _, task := range []protocol.TaskID{0, 1, 3} {
		w.kernel.Inject(w.task(task).self, 0, sim.Message{Kind: fakeFinish})
	}
	w.runTo(60)
	require.Equal(t, protocol.JobFinished, w.history.Status)
}

func TestLostDeploymentFailsTheAttempt(t *testing.T) {
	dropped := false
	w := newWorld(t, setup{})
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		lost := p.Message.Kind == rpc.Deploy && !dropped
		dropped = dropped || lost
		return sim.Verdict{Drop: lost}
	})
	w.runTo(40)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestEveryControlMessageMayComeTwice(t *testing.T) {
	w := newWorld(t, setup{})
	w.kernel.SetPostFilter(func(*sim.Post) sim.Verdict { return sim.Verdict{Duplicate: true} })
	w.runTo(45)
	require.Len(t, w.history.Starts, 1)
	require.GreaterOrEqual(t, w.history.Completed, int64(3))
	w.requireEvent("checkpoint-acknowledged", "verdict=1")
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(100)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	w.requireNoLeaks()
}

func TestLostConnectionIsToldToTheTasksThatUseIt(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 3})
	w.runTo(45)
	require.Equal(t, int32(0), w.task(0).d.Locations[0].TaskManager)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeConnect, A: 1})
	w.kernel.Inject(w.task(1).self, 0, sim.Message{Kind: fakeConnect, A: 0})
	w.runTo(46)
	w.kernel.Crash(w.managers[1])
	w.runTo(47)
	require.Equal(t, rpc.CauseConnectionLost, w.history.Failures[0].Cause)
	require.EqualValues(t, 0, w.history.Failures[0].Task)
	w.runTo(100)
	require.Len(t, w.history.Starts, 2)
	w.requireNoLeaks()
}

func TestRestartWaitsForTheDelay(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) { w.config.Restart.FixedDelay.DelayNanos = 7 * second }})
	w.runTo(45)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(51)
	require.Len(t, w.history.Starts, 1)
	w.runTo(53)
	require.Len(t, w.history.Starts, 2)
	w.requireEvent("job-restarting attempt=0 delay-nanos=7000000000")
}

func TestLostCancellationIsRepeated(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	dropped := 0
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		lost := p.Message.Kind == rpc.CancelTask && dropped < 2
		if lost {
			dropped++
		}
		return sim.Verdict{Drop: lost}
	})
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(70)
	require.Equal(t, 2, dropped)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestRestartWaitsForEveryTaskToEnd(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.behave.cancelNanos = func(f *fakeTask) int64 {
			if f.d.Task == 3 {
				return 17 * second
			}
			return 1
		}
	}})
	w.runTo(45)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(61)
	require.Len(t, w.history.Starts, 1)
	w.runTo(63)
	require.Len(t, w.history.Starts, 2)
}

func TestTaskThatDoesNotEndCostsItsTaskManager(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 3, prepare: func(w *world) {
		w.behave.ignoresCancel = func(f *fakeTask) bool { return f.d.Attempt == 0 && f.d.Task == 1 }
	}})
	w.runTo(45)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(224)
	require.Len(t, w.history.Starts, 1)
	w.runTo(230)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, int32(2), w.task(1).d.Locations[1].TaskManager)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestTornMetadataFailsTheRecovery(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	latest := w.history.Latest()
	w.kernel.Crash(w.jobManagers[0])
	// What a torn put leaves is an object that cannot be read.
	store := w.kernel.StoreAt(w.store)
	before := len(store.Objects())
	w.kernel.StoreAt(w.store).SetFault(sim.StoreFault{Gets: true, Remaining: -1, Err: sim.StoreTorn})
	w.kernel.Restart(w.jobManagers[0])
	w.runTo(120)
	require.Equal(t, protocol.JobFailed, w.history.Status)
	require.Equal(t, rpc.CauseStateUnreadable, w.history.Failures[0].Cause)
	require.Equal(t, latest.Checkpoint, w.record().Completed[0].Checkpoint)
	w.requireEvent("metadata-lost")
	require.GreaterOrEqual(t, len(store.Objects()), before)
	require.Len(t, w.history.Starts, 1)
}

func TestOrphansOfACrashedTaskManagerAreSwept(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 3, prepare: func(w *world) {
		w.config.Checkpointing.TolerableFailures = protocol.UnlimitedFailures
	}})
	// The state is stored but its owner dies before it can say so.
	w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
		if kind == protocol.ObjectStored && e.Args[0] == 1 && e.Args[1] == 3 {
			w.kernel.Crash(w.managers[1])
		}
	}
	w.runTo(120)
	require.Len(t, w.history.Starts, 2)
	require.Zero(t, w.count("checkpoint-acknowledged checkpoint=3 task=1"))
	w.requireEvent("object-deleted task=1 checkpoint=3")
	w.requireNoLeaks()
}

func TestCheckpointInTheHeapHasASizeLimit(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Storage = job.StorageJobManager
		w.config.Checkpointing.TolerableFailures = protocol.UnlimitedFailures
		w.behave.stateBytes, w.behave.inlineBytes = job.MaxJobManagerStateBytes+1, 1<<30
	}})
	w.runTo(45)
	require.Zero(t, w.history.Completed)
	require.Equal(t, protocol.CheckpointAsyncException, w.history.Checkpoints[0].Reason)
}

func TestCheckpointInTheHeapIsLostWithTheJobManager(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) {
		w.config.Storage = job.StorageJobManager
		w.behave.inlineBytes = 1 << 30
	}})
	w.runTo(45)
	require.NotNil(t, w.history.Latest())
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(50)
	require.NotEqual(t, protocol.NoCheckpoint, w.history.Starts[1].Checkpoint)
	w.kernel.Crash(w.jobManagers[0])
	w.kernel.Restart(w.jobManagers[0])
	w.runTo(100)
	require.Equal(t, protocol.NoCheckpoint, w.history.Starts[2].Checkpoint)
	w.requireEvent("metadata-lost")
}

func TestWithoutHighAvailabilityARestartedJobManagerStartsFromScratch(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) { w.config.HighAvailability = job.HighAvailabilityNone }})
	w.runTo(45)
	require.NotNil(t, w.history.Latest())
	w.kernel.Crash(w.jobManagers[0])
	w.kernel.Restart(w.jobManagers[0])
	w.runTo(60)
	require.Len(t, w.history.Starts, 2)
	require.Equal(t, protocol.NoCheckpoint, w.history.Starts[1].Checkpoint)
	require.Greater(t, w.history.Starts[1].Attempt, w.history.Starts[0].Attempt)
	require.Equal(t, protocol.JobRunning, w.history.Status)
	w.requireEvent("metadata-lost")
}

// A leader at once is heard of while the first registrations are on their way.
func TestTaskManagerThatHearsOfItsLeaderTwiceAtTheStartIsNotLost(t *testing.T) {
	w := newWorld(t, setup{prepare: func(w *world) { w.config.HighAvailability = job.HighAvailabilityNone }})
	w.runTo(45)
	require.Len(t, w.history.Starts, 1)
	require.Equal(t, protocol.JobRunning, w.history.Status)
}

func TestASecondCopyOfADeploymentThatComesAfterTheTasksEndStartsNothing(t *testing.T) {
	w := newWorld(t, setup{jobManagers: 1})
	w.runTo(45)
	copied, manager := *w.task(0).d, w.directory.TaskManagers[0].Actor
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.kernel.Inject(manager, 20e6, sim.Message{Kind: rpc.Deploy, Body: &copied})
	w.runTo(60)
	require.Equal(t, 1, w.count("task-initializing task=0 attempt=0"))
	require.Equal(t, 1, w.count("task-initializing task=0 attempt=1"))
}
