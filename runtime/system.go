package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/external"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/runtime/step"
	"simrun/runtime/task"
	"simrun/sim"
)

// System is one simulated cluster with its job, ready to run or having run.
type System struct {
	Kernel  *sim.Kernel
	Plan    *job.Plan
	History *coordinator.History
	Metrics *task.Metrics
	// Externals are the external systems, each once, in the order of their sinks.
	Externals []*External

	options      Options
	memory       *Memory
	env          *task.Env
	store        sim.StoreID
	ha           sim.StoreID
	directory    *coordinator.Directory
	nodes        []sim.NodeID // of task managers
	taskManagers []sim.ProcessID
	jobManagers  []sim.ProcessID
	live         []*task.Task // by TaskID, the newest attempt
	routes       routes
	target       Target
	steps        step.Hook
}

// External is an external system and the process it runs in.
type External struct {
	Name   string
	Ledger *external.Ledger
	// Conditions are what faults change.
	Conditions *external.Conditions
	Process    sim.ProcessID
	Actor      sim.ActorID
	// Nodes are the sink nodes of the graph that write to it.
	Nodes []int
}

// New builds the cluster of the options on a new kernel. The observer, which may be nil,
// sees every event. The error is a *job.GraphError.
func New(o Options, observer func(*sim.Event)) (*System, error) {
	return Build(sim.New(sim.Options{}), o, observer)
}

// Build is New on a kernel that is used again: it is reset.
func Build(k *sim.Kernel, o Options, observer func(*sim.Event)) (*System, error) {
	return (&Memory{kernel: k}).Build(o, observer)
}

// Build is New in the memory of the run before, which ends.
func (m *Memory) Build(o Options, observer func(*sim.Event)) (*System, error) {
	k := m.kernel
	plan, err := job.Compile(o.Graph, &o.Config)
	if err != nil {
		return nil, err
	}
	o.Config.Bug = o.Bug
	o.Config.Checkpointing = coordinatorOptions(&o.Config)
	c := &System{Kernel: k, Plan: plan, options: o, memory: m}
	m.reset()
	c.target.s, c.target.making = c, sim.NoActor
	k.Reset(sim.Options{
		Seed: o.Seed, Observer: c.observed(observer), TraceWindow: o.TraceWindow,
		Link: sim.LinkOptions{
			LatencyNanos: o.Cluster.Network.Latency, BytesPerSecond: o.Cluster.Network.LinkBytesPerSecond,
		},
		LoopbackLatency:   sim.Constant(o.Cluster.Network.LoopbackLatencyNanos),
		BreakTimeoutNanos: o.Cluster.Network.ConnectionTimeoutNanos,
		Turns:             turnsOf(&o),
	})
	c.History = coordinator.NewHistory(o.KeptCheckpoints, &m.control)
	c.Metrics = task.NewMetrics(len(plan.Tasks))
	c.Metrics.Latency.Borrow(&m.latency)
	c.live = make([]*task.Task, len(plan.Tasks))
	c.addStores()
	c.env = &task.Env{
		Arena: &m.arena, Batches: &m.batches, Workspaces: &m.workspaces, Messages: &m.control.Messages,
		Operations: &m.operations,
		Store:      c.store, Faults: task.NewFaultSwitches(),
		Metrics: c.Metrics, Files: make([]task.ChannelFiles, o.Cluster.TaskManagers),
		Detailed: o.Detailed, RecordMode: o.RecordMode, Seed: o.Seed, Steps: &c.steps,
	}
	c.addExternals()
	c.addTaskManagers()
	c.addJobManagers()
	if b := o.Branch; b != nil {
		k.At(b.AtNanos, func() { k.Branch(b.Seed, b.JitterNanos) })
	}
	return c, nil
}

// enumerated says which vertices have a split enumerator.
func (c *System) enumerated() []bool {
	enumerated := make([]bool, len(c.Plan.Vertices))
	for v := range c.Plan.Vertices {
		enumerated[v] = c.Plan.Graph.Nodes[c.Plan.Vertices[v].Nodes[0]].Enumerated
	}
	return enumerated
}

// restoreFrom is the checkpoint that the job starts from, laid into the storage.
func (c *System) restoreFrom() *coordinator.Retained {
	if c.options.RestoreFrom == nil {
		return nil
	}
	from := c.options.RestoreFrom.Checkpoint
	from.Load(c.Kernel.StoreAt(c.store))
	return from
}

// coordinatorOptions are the coordinator's with the barrier that the protocol sends.
func coordinatorOptions(config *job.Config) protocol.CoordinatorOptions {
	o := config.Checkpointing
	o.CheckpointsAfterTasksFinish, o.Bug = config.CheckpointsAfterTasksFinish, config.Bug
	if protocol.PolicyOf(config.Protocol).Checkpoints {
		o.Barrier = protocol.Options(config.Protocol, protocol.CheckpointRequest{
			ID: 1, AlignedTimeoutNanos: config.AlignedTimeoutNanos,
		})
	}
	return o
}

// observed shows events to the caller's observer first, then to faults that wait for a
// step.
func (c *System) observed(observer func(*sim.Event)) func(*sim.Event) {
	return func(e *sim.Event) {
		if observer != nil {
			observer(e)
		}
		if len(c.target.steps) > 0 {
			c.target.observe(e)
		}
	}
}

func (c *System) addStores() {
	s := &c.options.Cluster.Storage
	c.store = c.Kernel.AddStore(sim.StoreOptions{
		Name: "checkpoints", CreateLatency: s.Latency, CloseLatency: s.Latency, ReadLatency: s.Latency,
		BytesPerSecond: s.WriterBytesPerSecond, TotalBytesPerSecond: s.BytesPerSecond,
		Node: c.Kernel.AddNode(sim.NodeOptions{Name: storageRole}),
	})
	c.ha = c.Kernel.AddStore(sim.StoreOptions{
		Name: "high-availability", CreateLatency: haLatency, ReadLatency: haLatency, Node: sim.NoNode,
	})
}

// haLatency is a write to, or a read from, the high-availability store.
var haLatency = sim.Constant(1_000_000)

// addExternals gives every external system a process on a node of its own.
func (c *System) addExternals() {
	c.env.Externals = make([]sim.ActorID, len(c.options.Graph.Nodes))
	for i := range c.options.Graph.Nodes {
		c.env.Externals[i] = sim.NoActor
		node := &c.options.Graph.Nodes[i]
		if node.Sink == nil || node.Sink.Kind == sink.Discard {
			continue
		}
		e := c.external(node)
		e.Nodes = append(e.Nodes, i)
		c.env.Externals[i] = e.Actor
	}
}

func (c *System) external(node *job.Node) *External {
	for _, e := range c.Externals {
		if e.Name == node.Sink.External {
			return e
		}
	}
	e := &External{
		Name: node.Sink.External, Ledger: c.ledger(node.Sink.External),
		Conditions: &external.Conditions{},
	}
	options := external.Options{
		Latency: c.options.Cluster.ExternalLatency, TransactionTimeoutNanos: node.Sink.TransactionTimeoutNanos,
		Detailed: c.options.Detailed, Conditions: e.Conditions, Bug: c.options.Bug,
		Operations: c.env.Operations, Steps: &c.steps,
	}
	machine := c.Kernel.AddNode(sim.NodeOptions{Name: "node-" + e.Name})
	e.Process = c.Kernel.AddProcess(sim.ProcessOptions{Name: e.Name, Node: machine, Boot: func(b *sim.Boot) {
		e.Actor = b.Spawn(e.Name, external.New(options, e.Ledger))
		c.Kernel.Inject(e.Actor, 1, sim.Message{Kind: rpc.Start})
	}})
	c.Externals = append(c.Externals, e)
	return e
}

func (c *System) addTaskManagers() {
	o := &c.options.Cluster
	for n := range o.Nodes {
		options := sim.NodeOptions{
			Name: fmt.Sprintf("node-%d", n), Cores: o.Cores, NICBytesPerSecond: o.Network.NICBytesPerSecond,
		}
		if n < len(o.Clocks) {
			options.ClockOffsetNanos, options.ClockDriftPPM = o.Clocks[n].OffsetNanos, o.Clocks[n].DriftPPM
		}
		c.nodes = append(c.nodes, c.Kernel.AddNode(options))
	}
	c.directory = coordinator.NewDirectory(max(o.JobManagers, 1), o.TaskManagers)
	for i := range o.TaskManagers {
		c.taskManagers = append(c.taskManagers, c.addTaskManager(int32(i)))
	}
}

func (c *System) addTaskManager(index int32) sim.ProcessID {
	o := &c.options.Cluster
	id := sim.ProcessID(c.Kernel.ProcessCount())
	name := fmt.Sprintf("task-manager-%d", index)
	return c.Kernel.AddProcess(sim.ProcessOptions{
		Name: name, Node: c.nodes[int(index)%o.Nodes],
		Boot: func(b *sim.Boot) {
			actor := b.Spawn(name, coordinator.NewTaskManager(coordinator.TaskManagerOptions{
				Index: index, Slots: o.Slots, Directory: c.directory, Config: &c.options.Config,
				Memory: &c.memory.control, NewTask: c.newTask, Steps: &c.steps,
			}))
			c.directory.SetTaskManager(index, id, actor)
			c.Kernel.Inject(actor, 1, sim.Message{Kind: rpc.Start})
		},
	})
}

// newTask makes a task's actor and remembers the newest attempt of each.
func (c *System) newTask(d *rpc.Deployment, host coordinator.TaskManagerHandle) sim.Actor {
	t := task.New(d, host, c.env)
	if old := c.live[d.Task]; old == nil || old.Attempt() <= d.Attempt {
		c.live[d.Task] = t
	}
	return t
}

func (c *System) addJobManagers() {
	for i := range max(c.options.Cluster.JobManagers, 1) {
		name := fmt.Sprintf("job-manager-%d", i)
		machine := c.Kernel.AddNode(sim.NodeOptions{Name: "node-" + name, Cores: 1})
		index := int32(i)
		c.jobManagers = append(c.jobManagers, c.Kernel.AddProcess(sim.ProcessOptions{
			Name: name, Node: machine, Boot: func(b *sim.Boot) { c.bootJobManager(b, name, index) },
		}))
	}
}

func (c *System) bootJobManager(b *sim.Boot, name string, index int32) {
	inFlight := c.inFlight
	if c.options.Unforeseen {
		inFlight = nil
	}
	actor := b.Spawn(name, coordinator.NewJobManager(coordinator.JobManagerOptions{
		Index: index, Directory: c.directory, Plan: c.Plan, Config: &c.options.Config,
		Checkpoints: c.store, HighAvailability: c.ha, History: c.History, Memory: &c.memory.control,
		ScheduleNanos: c.options.ScheduleNanos, RestoreFrom: c.restoreFrom(),
		InFlight: inFlight, Enumerated: c.enumerated(), Operations: c.env.Operations, Steps: &c.steps,
	}))
	c.directory.SetJobManager(index, actor)
	c.Kernel.Inject(actor, 1, sim.Message{Kind: rpc.Start})
}

// RecoveryPoint is what the checkpoint would restore, as it lies in the store. The error
// says which part cannot be read; there is none for a checkpoint that is not retained.
func (c *System) RecoveryPoint(id protocol.CheckpointID) (*protocol.RecoveryPoint, error) {
	return coordinator.RecoveryPoint(c.History, c.Kernel.StoreAt(c.store), c.Plan, id)
}

// StoreObjects are the objects in the checkpoint storage now.
func (c *System) StoreObjects() []sim.ObjectInfo { return c.Kernel.StoreAt(c.store).Objects() }

// Operations are the requests to the durable services, as their clients saw them. They are
// valid until the next run in this memory.
func (c *System) Operations() []protocol.Operation { return c.env.Operations.Operations() }
