package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDefaultCoordinatorOptionsAreFlinks(t *testing.T) {
	options := DefaultCoordinatorOptions()
	require.NoError(t, options.Validate())
	require.False(t, options.Enabled())
	require.Equal(t, 600*nanosPerSecond, options.TimeoutNanos)
	require.Equal(t, int64(0), options.MinPauseNanos)
	require.Equal(t, 1, options.MaxConcurrent)
	require.Equal(t, 0, options.TolerableFailures)
	require.Equal(t, 1, options.NumRetained)
	require.Equal(t, NoExternalizedCheckpoints, options.Retention)
	require.True(t, options.CheckpointsAfterTasksFinish)
}

func TestInvalidCoordinatorOptionsNameTheOption(t *testing.T) {
	cases := []struct {
		want   string
		change func(*CoordinatorOptions)
	}{
		{"execution.checkpointing.interval", func(o *CoordinatorOptions) { o.IntervalNanos = 1 }},
		{"execution.checkpointing.timeout", func(o *CoordinatorOptions) { o.TimeoutNanos = 1 }},
		{"execution.checkpointing.min-pause", func(o *CoordinatorOptions) { o.MinPauseNanos = -1 }},
		{"max-concurrent-checkpoints must be at least 1", func(o *CoordinatorOptions) { o.MaxConcurrent = 0 }},
		{"max-concurrent-checkpoints must be 1 with unaligned", func(o *CoordinatorOptions) {
			o.MaxConcurrent, o.Barrier.TimeoutNanos = 2, 1
		}},
		{"tolerable-failed-checkpoints", func(o *CoordinatorOptions) { o.TolerableFailures = -1 }},
		{"num-retained", func(o *CoordinatorOptions) { o.NumRetained = 0 }},
		{"queue of trigger requests", func(o *CoordinatorOptions) { o.MaxQueuedRequests = 0 }},
		{"trigger instants must ascend: number 1", func(o *CoordinatorOptions) {
			o.TriggerInstantsNanos = []int64{5, 5}
		}},
	}
	for _, c := range cases {
		options := DefaultCoordinatorOptions()
		c.change(&options)
		require.ErrorContains(t, options.Validate(), c.want)
		require.Panics(t, func() { NewCheckpointCoordinator(options, scriptGraph("pipeline")) })
	}
}

func TestFirstDelayIsDrawnBetweenMinPauseAndInterval(t *testing.T) {
	options := DefaultCoordinatorOptions()
	options.IntervalNanos, options.MinPauseNanos = 10, 3
	low, high := options.FirstDelayRangeNanos()
	require.Equal(t, []int64{3, 10}, []int64{low, high})
	options.MinPauseNanos = 30
	low, high = options.FirstDelayRangeNanos()
	require.Equal(t, []int64{30, 30}, []int64{low, high})
}

func TestBarrierOfSavepointNeverSwitches(t *testing.T) {
	cases := []struct {
		template Barrier
		want     Alignment
	}{
		{Barrier{Alignment: AlignmentAligned, TimeoutNanos: 5}, AlignmentAligned},
		{Barrier{Alignment: AlignmentUnaligned, TimeoutNanos: 0}, AlignmentAligned},
		{Barrier{Alignment: AlignmentAtLeastOnce, TimeoutNanos: NoTimeout}, AlignmentAtLeastOnce},
	}
	for _, test := range cases {
		options := DefaultCoordinatorOptions()
		options.Barrier = test.template
		c := NewCheckpointCoordinator(options, scriptGraph("pipeline"))
		p := &pendingCheckpoint{id: 7, kind: TriggerSavepoint, triggerNanos: 9}
		want := Barrier{ID: 7, Alignment: test.want, TriggerNanos: 9, TimeoutNanos: NoTimeout, Savepoint: true}
		require.Equal(t, want, c.barrier(p))
	}
}

func TestMisuseOfTheCoordinatorPanicsWithIDs(t *testing.T) {
	start := func() *CheckpointCoordinator {
		return NewCheckpointCoordinator(DefaultCoordinatorOptions(), scriptGraph("pipeline"))
	}
	feed := func(c *CheckpointCoordinator, inputs ...CoordinatorInput) {
		var out CoordinatorEffects
		for _, in := range inputs {
			in.NowNanos = 42
			c.Step(in, &out)
		}
	}
	restore := CoordinatorInput{Kind: CoordinatorRestoreRequested}
	running := CoordinatorInput{Kind: CoordinatorTasksRunning}
	manual := CoordinatorInput{Kind: CoordinatorTrigger, Trigger: TriggerManual}
	stopped := CoordinatorInput{Kind: CoordinatorJobStopped, Status: JobFinished}
	id := func(id CheckpointID) CoordinatorInput {
		return CoordinatorInput{Kind: CoordinatorIDAssigned, Checkpoint: id}
	}
	stored := CoordinatorInput{Kind: CoordinatorMetadataStored, Checkpoint: 3}
	cases := []struct {
		name   string
		inputs []CoordinatorInput
	}{
		{"an id that nobody asked for", []CoordinatorInput{restore, running, id(1)}},
		{"an id given twice", []CoordinatorInput{restore, running, manual, id(3), manual,
			{Kind: CoordinatorTriggerFailed, Checkpoint: 3, Reason: TriggerCheckpointFailure}, id(3)}},
		{"an answer to no write of metadata", []CoordinatorInput{restore, running, manual, id(3), stored}},
		{"a store read that nobody ordered", []CoordinatorInput{restore, {Kind: CoordinatorStoreRecovered}}},
		{"an attempt that goes back", []CoordinatorInput{{Kind: CoordinatorRestoreRequested, Attempt: 2}, restore}},
		{"tasks of a stopped job", []CoordinatorInput{stopped, running}},
		{"an unknown input", []CoordinatorInput{{Kind: CoordinatorJobStopped + 1}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, panicText(func() { feed(start(), c.inputs...) }), "at 42 ns")
		})
	}
	require.Panics(t, func() { start().TaskStatus(1, 0) })
}

// TestResetCoordinatorIsAsNew leaves a coordinator in the middle of everything, resets it,
// and compares it with a new one.
func TestResetCoordinatorIsAsNew(t *testing.T) {
	options := DefaultCoordinatorOptions()
	options.IntervalNanos, options.MaxConcurrent = nanosPerSecond, 3
	used := &roundHost{c: NewCheckpointCoordinator(options, scriptGraph("flights"))}
	used.start()
	used.round()
	used.trigger()
	for task := range TaskID(5) {
		used.step(CoordinatorInput{Kind: CoordinatorAck, Checkpoint: used.id, Task: task})
	}
	used.trigger()
	used.step(CoordinatorInput{Kind: CoordinatorTrigger, Trigger: TriggerManual})
	used.step(CoordinatorInput{Kind: CoordinatorTaskFailed, Task: 1})
	used.step(CoordinatorInput{Kind: CoordinatorRestoreRequested, Attempt: 4})

	used.c.Reset(options, scriptGraph("pipeline"))
	used.now, used.id, used.shown = 0, 0, nil
	fresh := &roundHost{c: NewCheckpointCoordinator(options, scriptGraph("pipeline"))}
	for _, host := range []*roundHost{used, fresh} {
		host.show = true
		host.start()
		host.trigger()
		for task := range TaskID(modelTasks) {
			host.step(CoordinatorInput{Kind: CoordinatorAck, Checkpoint: host.id, Task: task})
		}
		host.step(CoordinatorInput{Kind: CoordinatorMetadataStored, Checkpoint: host.id})
		host.step(CoordinatorInput{Kind: CoordinatorTaskFailed, Task: 1})
		host.step(CoordinatorInput{Kind: CoordinatorRestoreRequested, Attempt: 1})
	}
	require.NotEmpty(t, fresh.shown)
	require.Equal(t, fresh.shown, used.shown)
}

// panicText is what f panics with, or nothing.
func panicText(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return ""
}

func TestPointwiseProducersPartitionTheProducers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		producers := rapid.IntRange(1, 20).Draw(t, "producers")
		consumers := rapid.IntRange(1, 20).Draw(t, "consumers")
		var table taskTable
		table.reset(PlanGraph{Vertices: []PlanVertex{
			{Parallelism: producers},
			{Parallelism: consumers, Inputs: []PlanInput{{From: 0, Pattern: EdgePointwise}}},
		}})
		fed := make([]int, producers)
		for consumer := range consumers {
			low, high := table.pointwiseProducers(TaskID(producers+consumer), 0)
			require.Less(t, low, high, "every consumer has a producer")
			for producer := low; producer < high; producer++ {
				fed[producer]++
			}
		}
		for _, n := range fed {
			require.GreaterOrEqual(t, n, 1, "every producer has a consumer")
			require.True(t, n == 1 || consumers > producers)
		}
	})
}

// TestTriggeredTasksReachAllRunningOnes holds the plan's reason: a barrier from the
// triggered tasks arrives at every running task over running ones, unless it is triggered.
func TestTriggeredTasksReachAllRunningOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTaskTable(t)
		for task := range table.phase {
			triggered := table.triggered(TaskID(task))
			running := table.phase[task] == taskRunning
			require.Equal(t, triggered, running && !naiveRunningPredecessor(table, TaskID(task)))
		}
	})
}

func drawTaskTable(t *rapid.T) *taskTable {
	graph := PlanGraph{}
	for v := range rapid.IntRange(1, 4).Draw(t, "vertices") {
		vertex := PlanVertex{Parallelism: rapid.IntRange(1, 4).Draw(t, "parallelism")}
		for from := range v {
			if rapid.Bool().Draw(t, "edge") {
				pattern := EdgePattern(rapid.IntRange(0, 1).Draw(t, "pattern"))
				vertex.Inputs = append(vertex.Inputs, PlanInput{VertexID(from), pattern})
			}
		}
		graph.Vertices = append(graph.Vertices, vertex)
	}
	table := &taskTable{}
	table.reset(graph)
	table.setAllRunning()
	for task := range table.phase {
		if rapid.Bool().Draw(t, "finished") {
			table.set(TaskID(task), taskFinished)
		}
	}
	return table
}

func naiveRunningPredecessor(table *taskTable, task TaskID) bool {
	vertex := table.vertex[task]
	for _, input := range table.graph.Vertices[vertex].Inputs {
		for producer := range table.phase {
			if table.vertex[producer] != input.From || table.phase[producer] != taskRunning {
				continue
			}
			low, high := table.pointwiseProducers(task, input.From)
			inShare := TaskID(producer) >= low && TaskID(producer) < high
			if input.Pattern == EdgeAllToAll || inShare {
				return true
			}
		}
	}
	return false
}
