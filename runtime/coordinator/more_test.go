package coordinator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestSameSeedGivesTheSameRun(t *testing.T) {
	run := func(seed uint64) uint64 {
		w := newWorld(t, setup{taskManagers: 3, jobManagers: 2, seed: seed})
		w.kernel.At(33*second, func() { w.kernel.Crash(w.managers[0]) })
		w.kernel.At(61*second, func() { w.kernel.Crash(w.jobManagers[0]) })
		w.runTo(150)
		return w.kernel.Digest()
	}
	require.Equal(t, run(1), run(1))
	require.NotEqual(t, run(1), run(2))
}

func TestStaticSplitsAreDealtOut(t *testing.T) {
	w := newWorld(t, setup{parallelism: 3, splits: 5})
	w.runTo(20)
	require.Equal(t, []int32{0, 3}, w.task(0).d.Splits)
	require.Equal(t, []int32{1, 4}, w.task(1).d.Splits)
	require.Equal(t, []int32{2}, w.task(2).d.Splits)
	require.Nil(t, w.task(3).d.Splits)
}

func enumerated(o *coordinator.JobManagerOptions) { o.Enumerated = []bool{true, false} }

func TestEnumeratorHandsEverySplitOutOnce(t *testing.T) {
	w := newWorld(t, setup{splits: 7, options: enumerated})
	w.runTo(45)
	require.ElementsMatch(t, []int32{0, 1, 2, 3, 4, 5, 6}, append(w.task(0).splits, w.task(1).splits...))
	require.True(t, w.task(0).noMore)
	require.Positive(t, w.history.Completed)
	require.Equal(t, []int32{}, w.history.Latest().Enumerators[0])
	w.requireNoLeaks()
}

// The enumerator's part of a checkpoint lists what no reader had, so that after a restore
// exactly the rest is handed out.
func TestEnumeratorGoesBackWithTheCheckpoint(t *testing.T) {
	w := newWorld(t, setup{splits: 3, options: enumerated, prepare: func(w *world) {
		w.behave.onTrigger = func(f *fakeTask, id protocol.CheckpointID) (answer, int64) {
			return acknowledges, 1e6
		}
	}})
	// No reader hears anything before the first checkpoint has completed.
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		return sim.Verdict{Drop: p.Message.Kind == rpc.OperatorAsk && w.history.Completed == 0}
	})
	w.kernel.Run(func() bool { return w.history.Completed == 1 })
	require.Equal(t, []int32{0, 1, 2}, w.history.Latest().Enumerators[0])
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(40)
	require.Len(t, w.history.Starts, 2)
	require.EqualValues(t, 1, w.history.Starts[1].Checkpoint)
	require.ElementsMatch(t, []int32{0, 1, 2}, append(w.task(0).splits, w.task(1).splits...))
}

// A second copy of a reader's last request must not leave an answer that nobody takes.
func TestASecondCopyOfARequestForASplitIsNotAnswered(t *testing.T) {
	w := newWorld(t, setup{splits: 3, options: enumerated})
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		return sim.Verdict{Duplicate: p.Message.Kind == rpc.OperatorAsk, DuplicateNanos: 20e9}
	})
	w.runTo(15)
	require.True(t, w.task(0).noMore)
	w.kernel.Inject(w.task(0).self, 0, sim.Message{Kind: fakeFinish})
	w.runTo(60)
	require.ElementsMatch(t, []int32{0, 1, 2}, append(w.task(0).splits, w.task(1).splits...))
	require.Len(t, w.history.Starts, 1)
	require.Zero(t, w.history.Failed)
	require.GreaterOrEqual(t, w.history.Completed, int64(4))
}

func TestLostSplitFailsItsReader(t *testing.T) {
	w := newWorld(t, setup{splits: 3, options: enumerated})
	dropped := false
	w.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
		lost := p.Message.Kind == rpc.OperatorTell && !dropped
		dropped = dropped || lost
		return sim.Verdict{Drop: lost}
	})
	w.runTo(60)
	require.Len(t, w.history.Starts, 2)
	require.ElementsMatch(t, []int32{0, 1, 2}, append(w.task(0).splits, w.task(1).splits...))
}

func TestRunStartsFromARetainedCheckpoint(t *testing.T) {
	first := newWorld(t, setup{})
	first.runTo(45)
	metadata := first.history.Latest()
	retained, err := coordinator.Retain(first.kernel.StoreAt(first.store), metadata)
	require.NoError(t, err)

	second := newWorld(t, setup{
		prepare: func(w *world) { retained.Load(w.kernel.StoreAt(w.store)) },
		options: func(o *coordinator.JobManagerOptions) { o.RestoreFrom = retained },
	})
	seeded := len(second.kernel.StoreAt(second.store).Objects())
	require.Equal(t, 5, seeded)
	second.runTo(60)
	require.Equal(t, metadata.Checkpoint, second.history.Starts[0].Checkpoint)
	require.Greater(t, second.history.Starts[0].Attempt, metadata.Attempt)
	require.Greater(t, second.history.Checkpoints[0].ID, metadata.Checkpoint)
	// It belongs to the other run: subsumed, but not deleted.
	require.NotEqual(t, metadata.Checkpoint, second.history.Latest().Checkpoint)
	_, err = coordinator.Retain(second.kernel.StoreAt(second.store), metadata)
	require.NoError(t, err)
	second.kernel.Inject(second.task(0).self, 0, sim.Message{Kind: fakeFail})
	second.runTo(100)
	_, err = coordinator.Retain(second.kernel.StoreAt(second.store), metadata)
	require.NoError(t, err)
	require.Len(t, second.history.Starts, 2)
	require.Greater(t, second.history.Starts[1].Checkpoint, metadata.Checkpoint)
}

func TestRecoveryPointIsReadFromTheStore(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	store, latest := w.kernel.StoreAt(w.store), w.history.Latest().Checkpoint
	point, err := coordinator.RecoveryPoint(w.history, store, w.plan, latest)
	require.NoError(t, err)
	require.Equal(t, latest, point.Checkpoint)
	require.Len(t, point.Tasks, 4)

	_, err = coordinator.RecoveryPoint(w.history, store, w.plan, latest-1)
	require.ErrorContains(t, err, "was discarded")
	store.Seed(rpc.StateKey(latest, 2, 0), 1, nil)
	_, err = coordinator.RecoveryPoint(w.history, store, w.plan, latest)
	require.ErrorContains(t, err, "task 2")
}

func TestAssignStateRefusesAnotherShape(t *testing.T) {
	assigned, err := coordinator.AssignState([]int{2, 1}, []int{2, 1})
	require.NoError(t, err)
	require.Equal(t, []protocol.TaskID{0, 1, 2}, assigned)
	_, err = coordinator.AssignState([]int{2, 1}, []int{2, 3})
	require.ErrorContains(t, err, "vertex 1 had parallelism 1 in the checkpoint and has 3 now")
	_, err = coordinator.AssignState([]int{2}, []int{2, 3})
	require.ErrorContains(t, err, "1 vertices")
}

func TestScheduleReplacesPeriodicTriggers(t *testing.T) {
	instants := []int64{12 * second, 20 * second, 21 * second}
	w := newWorld(t, setup{
		options: func(o *coordinator.JobManagerOptions) { o.ScheduleNanos = instants },
		prepare: func(w *world) {
			w.behave.onTrigger = func(*fakeTask, protocol.CheckpointID) (answer, int64) {
				return acknowledges, 3 * second
			}
		},
	})
	w.runTo(100)
	require.EqualValues(t, 2, w.history.Triggered)
	require.EqualValues(t, 1, w.history.Skipped)
	w.requireEvent("checkpoint-skipped reason=TOO_MANY_CHECKPOINT_REQUESTS")
}

func TestInFlightIsTakenAtTheTrigger(t *testing.T) {
	w := newWorld(t, setup{options: func(o *coordinator.JobManagerOptions) {
		o.InFlight = func() coordinator.InFlight {
			return coordinator.InFlight{Bytes: 7, Records: 5, BottleneckNanos: 3}
		}
	}})
	w.runTo(30)
	stats := w.history.Checkpoints[0]
	require.EqualValues(t, 7, stats.InFlightBytes)
	require.EqualValues(t, 5, stats.InFlightRecords)
	require.EqualValues(t, 3, stats.BottleneckNanos)
}

func TestPartitionRequestWaitsForItsProducerToBeDeployed(t *testing.T) {
	w := newWorld(t, setup{taskManagers: 2})
	w.runTo(20)
	request := func(attempt protocol.Attempt) {
		w.kernel.Inject(w.task(3).self, 0, sim.Message{Kind: fakeRequest, A: 0, Body: &rpc.ChannelRequest{
			Producer: 0, Consumer: 3, ConsumerChannel: 5, Attempt: attempt,
		}})
	}
	requests := func(f *fakeTask) (found int) {
		for _, m := range f.told {
			if m.Kind == rpc.PartitionRequest {
				found++
			}
		}
		return found
	}
	request(0)
	request(1)
	w.runTo(21)
	require.Equal(t, 1, requests(w.task(0)), "only the attempt that runs is asked")
	w.kernel.Inject(w.task(1).self, 0, sim.Message{Kind: fakeFail})
	w.runTo(40)
	require.Equal(t, 1, requests(w.task(0)), "the new attempt got what had waited for it")
}

func TestHandlingOfMessagesTakesTimeAndKeepsTheirOrder(t *testing.T) {
	duration := func(rpcCost sim.Distribution) int64 {
		w := newWorld(t, setup{prepare: func(w *world) {
			w.config.Costs.RPC = rpcCost
			w.config.Checkpointing.IntervalNanos = second / 10
		}})
		w.runTo(20)
		require.Greater(t, w.history.Completed, int64(10))
		// What was triggered later was told later, and each completion after its trigger.
		last := [2]int64{}
		for _, m := range w.task(0).told {
			kind := 0
			if m.Kind == rpc.NotifyDone {
				kind = 1
				require.LessOrEqual(t, m.C, last[0])
			}
			require.Equal(t, last[kind]+1, m.C)
			last[kind] = m.C
		}
		return w.history.Checkpoints[3].EndToEndNanos
	}
	free, constant := duration(sim.Distribution{}), duration(sim.Constant(20e6))
	require.InDelta(t, free+2*20e6, constant, 1e6)
	require.Greater(t, duration(sim.Uniform(0, 80e6)), free)
}

func TestHistoryKeepsTheLatestUpToItsLimit(t *testing.T) {
	w := newWorld(t, setup{options: func(o *coordinator.JobManagerOptions) { o.History.Limit = 3 }})
	w.runTo(100)
	require.Len(t, w.history.Checkpoints, 3)
	require.Greater(t, w.history.Triggered, int64(6))
	require.EqualValues(t, w.history.Triggered, w.history.Checkpoints[2].ID)
}

func TestCheckpointsAreDiscardedAlsoWhenTheRecordCannotBeWrittenForAWhile(t *testing.T) {
	w := newWorld(t, setup{})
	w.runTo(45)
	for id := range protocol.TaskID(4) {
		w.kernel.Inject(w.task(id).self, 0, sim.Message{Kind: fakeFinish})
	}
	w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
		if kind == protocol.JobStatusChanged {
			fault := sim.StoreFault{Puts: true, Remaining: 2, Err: sim.StoreTimedOut}
			w.kernel.StoreAt(w.ha).SetFault(fault)
		}
	}
	w.runTo(60)
	require.Equal(t, protocol.JobFinished, w.history.Status)
	require.Empty(t, w.record().Completed)
	require.Empty(t, w.kernel.StoreAt(w.store).Objects())
}

// (1) The end of the job is durable. (2) Its leader dies before it has discarded anything.
// (3) Whoever leads next finds a job that it must not run, and nobody else who cleans up.
func TestALeaderThatFindsAnEndedJobCleansUpAfterItsPredecessor(t *testing.T) {
	for _, jobManagers := range []int{1, 2} {
		w := newWorld(t, setup{jobManagers: jobManagers})
		w.runTo(45)
		for id := range protocol.TaskID(4) {
			w.kernel.Inject(w.task(id).self, 0, sim.Message{Kind: fakeFinish})
		}
		crashed := false
		w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
			if kind == protocol.JobStatusChanged && protocol.JobStatus(e.Args[0]) == protocol.JobFinished {
				w.kernel.Crash(w.jobManagers[0])
				crashed = true
			}
		}
		w.runTo(50)
		require.True(t, crashed)
		require.NotEmpty(t, w.record().Completed)
		if jobManagers == 1 {
			w.kernel.Restart(w.jobManagers[0])
		}
		w.runTo(90)
		require.Equal(t, protocol.JobFinished, w.record().Status)
		require.Empty(t, w.record().Completed)
		require.Empty(t, w.kernel.StoreAt(w.store).Objects())
		require.Len(t, w.history.Starts, 1, "the job does not run again")
	}
}

func TestTransientStoreFailureFailsOneCheckpointOnly(t *testing.T) {
	for _, id := range []sim.StoreID{0, 1} {
		w := newWorld(t, setup{prepare: func(w *world) { w.config.Checkpointing.TolerableFailures = 1 }})
		w.runTo(35)
		w.kernel.StoreAt(id).SetFault(sim.StoreFault{Puts: true, Remaining: 1})
		w.runTo(80)
		require.Len(t, w.history.Starts, 1)
		require.LessOrEqual(t, w.history.Failed+w.history.Skipped, int64(1))
		require.GreaterOrEqual(t, w.history.Completed, int64(5))
		w.requireNoLeaks()
	}
}
