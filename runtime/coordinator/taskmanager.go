package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// TaskManagerOptions are what a task manager process is started with.
type TaskManagerOptions struct {
	// Index is its position in the Directory.
	Index int32
	// Slots is how many slots it offers (taskmanager.numberOfTaskSlots).
	Slots     int
	Directory *Directory
	Config    *job.Config
	// Memory is where the bookkeeping lies; nil: some of its own.
	Memory *Memory
	// NewTask makes the actor that runs a deployment.
	NewTask func(d *rpc.Deployment, tm TaskManagerHandle) sim.Actor
	// Steps is told of the protocol steps of the task manager; nil: nobody watches.
	Steps *step.Hook
}

// TaskManagerHandle is what a task may ask of its task manager.
type TaskManagerHandle interface {
	// JobManager is the actor of the latest leader that is known, to which a task reports.
	// It changes, so it is asked at every report.
	JobManager() sim.ActorID
	// ConnectionTo is the connection that all subtasks of this task manager share
	// towards another one; it is opened when first asked for. The task is told
	// rpc.LostConnection (A: the connection) when it breaks.
	ConnectionTo(c *sim.Context, task protocol.TaskID, taskManager int32) sim.ConnectionID
	// Ended is a task's last word: it is forgotten and its share of the slot is free.
	Ended(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt)
	// Report tells the leader of a task's state, and repeats with every heartbeat what the
	// network may have lost. After a terminal state it does what Ended does.
	Report(c *sim.Context, r *rpc.StateReport)
}

// TaskManager is the actor of a task manager process (Flink: TaskExecutor): it registers
// with the leading job manager, runs the tasks that it is given, routes messages to the
// task of exactly the attempt they name, and cancels its tasks when it loses its leader.
type TaskManager struct {
	options TaskManagerOptions
	// leader is whom it obeys while registered; epoch is the highest fencing token it has
	// seen. Both stay when the leader is lost, so that an older one is never obeyed again.
	leader     sim.ActorID
	epoch      int64
	registered bool
	monitor    protocol.HeartbeatMonitor
	// session tells one registration from the next; registrationNanos is the back-off.
	session           int64
	registrationNanos int64
	registration      sim.TimerID
	heartbeat         sim.TimerID
	// requests wait for their producer to be deployed.
	requests []*rpc.ChannelRequest
	tasks    []*hostedTask // in order of deployment
	// ended are the last reports of the newest attempt's tasks that have ended here.
	ended []rpc.StateReport
	// next is, by task, the first attempt that was not deployed here.
	next []protocol.Attempt
}

// hostedTask is a deployment that has not ended.
type hostedTask struct {
	deployment *rpc.Deployment
	// actor is sim.NoActor until the deployment's time is over.
	actor sim.ActorID
	state rpc.StateReport
	// handedNanos is when the last message was handed to it: they stay in order.
	handedNanos int64
	// connections are those that the task uses.
	connections []sim.ConnectionID
}

// NewTaskManager makes the actor; its first message must be rpc.Start.
func NewTaskManager(o TaskManagerOptions) *TaskManager {
	if o.Memory == nil {
		o.Memory = &Memory{}
	}
	return &TaskManager{options: o, leader: sim.NoActor}
}

// Receive implements sim.Actor.
func (t *TaskManager) Receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case rpc.Start:
		t.lookForLeader(c)
	case registrationTimer:
		t.register(c)
	case rpc.NewLeader:
		t.hear(c, sim.ActorID(m.A), m.B, m.C == 1)
	case rpc.Heartbeat:
		t.answerHeartbeat(c, m)
	case rpc.HeartbeatTimer:
		t.checkLeader(c)
	case rpc.Deploy:
		t.deploy(c, m.Body.(*rpc.Deployment))
	case rpc.DeployTimer:
		t.spawn(c, m.Body.(*rpc.Deployment))
	case rpc.CancelTask:
		t.cancel(c, protocol.TaskID(m.A), protocol.Attempt(m.B))
	case rpc.Trigger, rpc.NotifyDone, rpc.NotifyAbort, rpc.OperatorTell:
		t.forward(c, m)
	case rpc.PartitionRequest:
		t.requestPartition(c, m)
	}
}
