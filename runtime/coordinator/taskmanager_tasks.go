package coordinator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// deploy begins a deployment; the task is there after the time that a deployment costs.
// Only the leader may deploy, and only newer attempts than those it finds: a task of an
// older attempt that still runs is a zombie.
func (t *TaskManager) deploy(c *sim.Context, d *rpc.Deployment) {
	if !t.registered || d.JobManager != t.leader {
		emit(c, protocol.ZombieFenced, int64(d.Task), int64(d.Attempt), fencedLeader)
		return
	}
	for _, h := range t.tasks {
		if h.deployment.Attempt < d.Attempt {
			emit(c, protocol.ZombieFenced, int64(h.deployment.Task), int64(h.deployment.Attempt), fencedTask)
			t.cancel(c, h.deployment.Task, h.deployment.Attempt)
		}
	}
	if !t.isNew(d) {
		return
	}
	h := t.options.Memory.deployed.New()
	*h = hostedTask{
		deployment: d, actor: sim.NoActor, state: rpc.StateReport{Task: d.Task, Attempt: d.Attempt},
		connections: t.options.Memory.connections.Room(connectionsRoom),
	}
	t.tasks = append(t.tasks, h)
	costs := &t.options.Config.Costs
	nanos := costs.DeployNanos + handlingNanos(c, costs, rpc.Deploy, d.Task, int64(d.Attempt))
	c.After(max(nanos, 1), sim.Message{Kind: rpc.DeployTimer, Body: d})
}

// isNew reports whether a deployment is not the second copy of one. The copy may come late:
// (1) attempt 1 of a task is deployed, (2) it fails or ends, (3) the copy comes: it must not
// start attempt 1 again.
func (t *TaskManager) isNew(d *rpc.Deployment) bool {
	for len(t.next) <= int(d.Task) {
		t.next = append(t.next, 0)
	}
	if d.Attempt < t.next[d.Task] {
		return false
	}
	t.next[d.Task] = d.Attempt + 1
	return true
}

// spawn starts the task of a deployment that was not canceled meanwhile.
func (t *TaskManager) spawn(c *sim.Context, d *rpc.Deployment) {
	h := t.find(d.Task, d.Attempt)
	if h == nil || t.before(c, protocol.StepStartTask, d.Task) {
		return
	}
	h.actor = c.Spawn(t.options.Memory.nameOf(d), t.options.NewTask(d, t))
	c.Send(h.actor, 1, sim.Message{Kind: rpc.Start})
	t.handRequests(c, h)
	t.after(c, protocol.StepStartTask, d.Task)
}

// cancel passes a cancellation on; a task that is not there yet ends here.
func (t *TaskManager) cancel(c *sim.Context, task protocol.TaskID, attempt protocol.Attempt) {
	h := t.find(task, attempt)
	switch {
	case h == nil:
	case h.actor == sim.NoActor:
		emit(c, protocol.TaskCanceled, int64(task), int64(attempt))
		report := t.options.Memory.Messages.Reports.New()
		*report = rpc.StateReport{Task: task, Attempt: attempt, State: rpc.TaskCanceled}
		t.Report(c, report)
	default:
		t.hand(c, h, sim.Message{Kind: rpc.CancelTask, A: int64(task), B: int64(attempt)})
	}
}

// hand gives a control message to a task, after the time that its handling takes.
func (t *TaskManager) hand(c *sim.Context, h *hostedTask, m sim.Message) {
	costs := &t.options.Config.Costs
	due := c.NowNanos() + max(handlingNanos(c, costs, m.Kind, h.deployment.Task, m.C), 1)
	h.handedNanos = max(h.handedNanos, due)
	m.Mail = true
	c.Send(h.actor, h.handedNanos-c.NowNanos(), m)
}

// cancelAll cancels from the newest on, as those not started yet leave the list.
func (t *TaskManager) cancelAll(c *sim.Context) {
	for i := len(t.tasks) - 1; i >= 0; i-- {
		t.cancel(c, t.tasks[i].deployment.Task, t.tasks[i].deployment.Attempt)
	}
}

// forward hands a message to the task of exactly the attempt that it names. A message to
// an attempt that is over finds nobody: it is dropped, and a zombie is never reached by
// what is meant for its successor.
func (t *TaskManager) forward(c *sim.Context, m sim.Message) {
	h := t.find(protocol.TaskID(m.A), protocol.Attempt(m.B))
	if h == nil || h.actor == sim.NoActor {
		return
	}
	t.hand(c, h, m)
	if m.Kind == rpc.OperatorTell {
		post(c, t.leader, sim.Message{Kind: rpc.OperatorTold, A: m.A, B: m.B, C: m.C})
	}
}

// requestPartition hands a consumer's request to the producer, or keeps it until the
// producer is there (Flink: PartitionRequestListener, FLINK-25055).
func (t *TaskManager) requestPartition(c *sim.Context, m sim.Message) {
	request := m.Body.(*rpc.ChannelRequest)
	h := t.find(request.Producer, request.Attempt)
	if h != nil && h.actor != sim.NoActor {
		c.Send(h.actor, 1, m)
		return
	}
	kept := t.requests[:0]
	for _, waiting := range t.requests {
		if waiting.Attempt >= request.Attempt {
			kept = append(kept, waiting)
		}
	}
	if t.options.Config.Bug != protocol.BugEarlyRequestDropped {
		kept = append(kept, request)
	}
	t.requests = kept
}

// handRequests gives a new task the requests that were waiting for it.
func (t *TaskManager) handRequests(c *sim.Context, h *hostedTask) {
	kept := t.requests[:0]
	for _, waiting := range t.requests {
		if waiting.Producer == h.deployment.Task && waiting.Attempt == h.deployment.Attempt {
			c.Send(h.actor, 1, sim.Message{Kind: rpc.PartitionRequest, Body: waiting})
			continue
		}
		kept = append(kept, waiting)
	}
	t.requests = kept
}

// Report implements TaskManagerHandle.
func (t *TaskManager) Report(c *sim.Context, r *rpc.StateReport) {
	post(c, t.leader, sim.Message{Kind: rpc.TaskState, Body: r})
	if h := t.find(r.Task, r.Attempt); h != nil {
		h.state = *r
	}
	if r.State >= rpc.TaskFinished {
		t.keepEnd(r)
		t.Ended(c, r.Task, r.Attempt)
	}
}

// keepEnd keeps the last report of a task for as long as its attempt is the newest.
func (t *TaskManager) keepEnd(r *rpc.StateReport) {
	if len(t.ended) > 0 && t.ended[0].Attempt != r.Attempt {
		if t.ended[0].Attempt > r.Attempt {
			return
		}
		t.ended = t.ended[:0]
	}
	t.ended = append(t.ended, *r)
}

// ConnectionTo implements TaskManagerHandle. The running actor is the task: it watches the
// connection itself.
func (t *TaskManager) ConnectionTo(c *sim.Context, task protocol.TaskID, taskManager int32) sim.ConnectionID {
	connection := t.options.Directory.connection(t.options.Index, taskManager)
	if *connection == sim.NoConnection || !c.IsOpen(*connection) {
		peer := t.options.Directory.TaskManagers[taskManager].Process
		*connection = c.Open(peer, sim.NoActor, sim.NoActor, sim.Message{})
	}
	h := t.of(c.Self(), task)
	for _, watched := range h.connections {
		if watched == *connection {
			return *connection
		}
	}
	h.connections = append(h.connections, *connection)
	c.Watch(*connection, sim.Message{Kind: rpc.LostConnection, A: int64(*connection)})
	return *connection
}

// of finds the entry of a running task's actor.
func (t *TaskManager) of(actor sim.ActorID, task protocol.TaskID) *hostedTask {
	for _, h := range t.tasks {
		if h.actor == actor {
			return h
		}
	}
	panic(fmt.Sprintf("task manager %d: task %d (actor %d) asks for a connection after its end",
		t.options.Index, task, actor))
}

// Ended implements TaskManagerHandle.
func (t *TaskManager) Ended(_ *sim.Context, task protocol.TaskID, attempt protocol.Attempt) {
	for i, h := range t.tasks {
		if h.deployment.Task == task && h.deployment.Attempt == attempt {
			t.tasks = append(t.tasks[:i], t.tasks[i+1:]...)
			return
		}
	}
}

func (t *TaskManager) find(task protocol.TaskID, attempt protocol.Attempt) *hostedTask {
	for _, h := range t.tasks {
		if h.deployment.Task == task && h.deployment.Attempt == attempt {
			return h
		}
	}
	return nil
}
