package coordinator_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

const second = int64(1e9)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	require.TestingT
	Helper()
}

// world is a cluster whose tasks are fake: they acknowledge, decline and fail as told.
type world struct {
	t           tester
	kernel      *sim.Kernel
	plan        *job.Plan
	config      *job.Config
	directory   *coordinator.Directory
	history     *coordinator.History
	store, ha   sim.StoreID
	storeNode   sim.NodeID
	nodes       []sim.NodeID // of task managers
	managers    []sim.ProcessID
	jobManagers []sim.ProcessID
	jobNodes    []sim.NodeID
	events      []string
	tasks       []*fakeTask // every attempt
	behave      behaviour
}

// behaviour is what the fake tasks do.
type behaviour struct {
	// onTrigger returns whether the task acknowledges, after how long.
	onTrigger func(f *fakeTask, id protocol.CheckpointID) (answer answer, delayNanos int64)
	// onStart may fail a task.
	onStart func(f *fakeTask) rpc.FailureCause
	// ignoresCancel: the task never ends.
	ignoresCancel func(f *fakeTask) bool
	// cancelNanos is how long a task takes to end when it is canceled.
	cancelNanos func(f *fakeTask) int64
	stateBytes  int64
	inlineBytes int64 // states up to this size travel inline
	// onEvent, if set, sees every event: it can crash processes at exact points.
	onEvent func(kind protocol.EventKind, e *sim.Event)
}

type answer int

const (
	acknowledges answer = iota
	declines
	keepsSilent
)

type setup struct {
	taskManagers, jobManagers, slots, parallelism int
	configure                                     func(*job.Config)
	options                                       func(*coordinator.JobManagerOptions)
	seed                                          uint64
	prepare                                       func(w *world)
	splits                                        int
	reachable                                     bool // the stores are on a node of their own
}

func newWorld(t tester, s setup) *world {
	w := &world{t: t, history: coordinator.NewHistory(0, &coordinator.Memory{})}
	w.behave = behaviour{stateBytes: 100 << 10, inlineBytes: 20 << 10}
	w.config = testConfig()
	if s.configure != nil {
		s.configure(w.config)
	}
	p := max(s.parallelism, 2)
	graph := &job.Graph{Name: "test", Nodes: []job.Node{
		{ID: "in", Parallelism: p, Source: &source.Spec{ID: "in", Splits: s.splits}},
		{
			ID: "out", Parallelism: p, Sink: &sink.Spec{ID: "out"},
			Inputs: []job.Input{{From: 0, Exchange: job.Keyed}},
		},
	}}
	plan, err := job.Compile(graph, w.config)
	require.NoError(t, err)
	w.plan = plan
	w.kernel = sim.New(sim.Options{Seed: s.seed, Observer: w.observe})
	w.storeNode = sim.NoNode
	if s.reachable {
		w.storeNode = w.kernel.AddNode(sim.NodeOptions{Name: "store-node"})
	}
	w.store = w.kernel.AddStore(sim.StoreOptions{
		Name: "checkpoints", Node: w.storeNode,
		CreateLatency: sim.Constant(2e6), CloseLatency: sim.Constant(3e6),
		ReadLatency: sim.Constant(2e6), BytesPerSecond: 100 << 20,
	})
	w.ha = w.kernel.AddStore(sim.StoreOptions{
		Name: "ha", Node: w.storeNode, CreateLatency: sim.Constant(1e6), ReadLatency: sim.Constant(1e6),
	})
	if s.prepare != nil {
		s.prepare(w)
	}
	slots := s.slots
	if slots == 0 {
		slots = 2
	}
	managers, leaders := max(s.taskManagers, 2), max(s.jobManagers, 1)
	w.directory = coordinator.NewDirectory(leaders, managers)
	for i := range managers {
		w.addTaskManager(int32(i), slots)
	}
	for i := range leaders {
		w.addJobManager(int32(i), s.options)
	}
	return w
}

func testConfig() *job.Config {
	checkpointing := protocol.DefaultCoordinatorOptions()
	checkpointing.IntervalNanos = 10 * second
	checkpointing.TimeoutNanos = 30 * second
	restart := protocol.DefaultRestartOptions()
	restart.Kind = protocol.RestartFixedDelay
	restart.FixedDelay.Attempts = 10
	return &job.Config{
		Protocol: protocol.Aligned, Checkpointing: checkpointing, Restart: restart,
		CheckpointsAfterTasksFinish: true,
		Failure: job.Failure{
			HeartbeatIntervalNanos: 10 * second, HeartbeatTimeoutNanos: 50 * second,
			CancelTimeoutNanos: 180 * second,
		},
		Costs: job.Costs{DeployNanos: 5e6, FinalizeNanos: 1e6},
	}
}

func (w *world) addTaskManager(index int32, slots int) {
	node := w.kernel.AddNode(sim.NodeOptions{Name: fmt.Sprintf("node-%d", index)})
	w.nodes = append(w.nodes, node)
	name := fmt.Sprintf("task-manager-%d", index)
	w.managers = append(w.managers, w.kernel.AddProcess(sim.ProcessOptions{
		Name: name, Node: node, Boot: func(b *sim.Boot) {
			actor := b.Spawn(name, coordinator.NewTaskManager(coordinator.TaskManagerOptions{
				Index: index, Slots: slots, Directory: w.directory, Config: w.config, NewTask: w.newTask,
			}))
			w.directory.SetTaskManager(index, b.Process(), actor)
			b.Send(actor, 1, sim.Message{Kind: rpc.Start})
		},
	}))
}

func (w *world) addJobManager(index int32, adjust func(*coordinator.JobManagerOptions)) {
	node := w.kernel.AddNode(sim.NodeOptions{Name: fmt.Sprintf("job-node-%d", index)})
	w.jobNodes = append(w.jobNodes, node)
	name := fmt.Sprintf("job-manager-%d", index)
	options := coordinator.JobManagerOptions{
		Index: index, Directory: w.directory, Plan: w.plan, Config: w.config,
		Checkpoints: w.store, HighAvailability: w.ha, History: w.history,
	}
	if adjust != nil {
		adjust(&options)
	}
	w.jobManagers = append(w.jobManagers, w.kernel.AddProcess(sim.ProcessOptions{
		Name: name, Node: node, Boot: func(b *sim.Boot) {
			actor := b.Spawn(name, coordinator.NewJobManager(options))
			w.directory.SetJobManager(index, actor)
			b.Send(actor, 1, sim.Message{Kind: rpc.Start})
		},
	}))
}

func (w *world) observe(e *sim.Event) {
	kind := protocol.EventKind(e.Kind)
	w.events = append(w.events, w.kernel.ActorName(e.Actor)+" "+protocol.EventText(kind, e.Args))
	if w.behave.onEvent != nil {
		w.behave.onEvent(kind, e)
	}
}

// runTo runs until a virtual time in seconds.
func (w *world) runTo(seconds int64) { w.kernel.RunUntil(seconds * second) }

// count is how many events contain all the words.
func (w *world) count(words ...string) (n int) {
	for _, event := range w.events {
		all := true
		for _, word := range words {
			all = all && strings.Contains(event+" ", word+" ")
		}
		if all {
			n++
		}
	}
	return n
}

func (w *world) requireEvent(words ...string) {
	w.t.Helper()
	if w.count(words...) == 0 {
		require.Fail(w.t, "no event "+strings.Join(words, " "), strings.Join(w.events, "\n"))
	}
}

// requireNoLeaks checks that every object in the store belongs to a retained checkpoint.
func (w *world) requireNoLeaks() {
	w.t.Helper()
	var referenced []sim.ObjectKey
	for _, metadata := range slices.Concat(w.history.Retained, w.history.Savepoints) {
		referenced = append(referenced, rpc.MetadataKey(metadata.Checkpoint, metadata.Attempt))
		for t := range metadata.Tasks {
			if h := &metadata.Tasks[t].Handle; h.HasState {
				referenced = append(referenced, h.State)
			}
		}
	}
	for _, object := range w.kernel.StoreAt(w.store).Objects() {
		kind := object.Key.Kind
		if kind == rpc.ObjectLease || kind == rpc.ObjectJob {
			continue
		}
		require.Contains(w.t, referenced, object.Key, "leaked object")
	}
	for _, key := range referenced {
		_, found := w.kernel.StoreAt(w.store).Peek(key)
		require.True(w.t, found, "object %s of a retained checkpoint is gone", key)
	}
}

// completedIDs are the checkpoints that completed, in order.
func (w *world) completedIDs() (ids []protocol.CheckpointID) {
	for _, stats := range w.history.Checkpoints {
		if stats.Status == protocol.CheckpointSucceeded {
			ids = append(ids, stats.ID)
		}
	}
	return ids
}

func (w *world) record() *coordinator.JobRecord {
	info, found := w.kernel.StoreAt(w.ha).Peek(rpc.JobKey())
	require.True(w.t, found)
	return info.Body.(*coordinator.JobRecord)
}

// task is the newest attempt of a task.
func (w *world) task(id protocol.TaskID) *fakeTask {
	for i := len(w.tasks) - 1; i >= 0; i-- {
		if w.tasks[i].d.Task == id {
			return w.tasks[i]
		}
	}
	require.Fail(w.t, "no such task")
	return nil
}
