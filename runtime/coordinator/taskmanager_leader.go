package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Back-off of a task manager that looks for a leader, by Flink's options
// cluster.registration.initial-timeout and cluster.registration.max-timeout.
const (
	registrationFirstNanos = 100e6
	registrationLastNanos  = 30e9
)

// JobManager implements TaskManagerHandle.
func (t *TaskManager) JobManager() sim.ActorID { return t.leader }

// lookForLeader starts to register anew, in a new session: what the leader may know to run
// here is gone.
func (t *TaskManager) lookForLeader(c *sim.Context) {
	t.session = c.NowNanos()
	t.ended = t.ended[:0]
	t.offer(c)
}

// offer starts to register in the session that it has. A task manager that hears of its
// leader while its first registration is on the way has nothing to be forgotten: with a new
// session it would be taken for lost, along with what has been deployed to it.
func (t *TaskManager) offer(c *sim.Context) {
	t.registered = false
	t.registrationNanos = registrationFirstNanos
	c.Cancel(t.heartbeat)
	c.Cancel(t.registration)
	t.register(c)
}

// register offers the slots to every job manager, of which only the leader answers, and
// tries again until it does. Slots are offered when they are free: the tasks of a former
// leader must have ended first.
func (t *TaskManager) register(c *sim.Context) {
	if t.registered {
		return
	}
	if len(t.tasks) == 0 {
		t.offerSlots(c)
	}
	t.registration = c.After(t.registrationNanos, sim.Message{Kind: registrationTimer, Housekeeping: true})
	t.registrationNanos = min(2*t.registrationNanos, registrationLastNanos)
}

func (t *TaskManager) offerSlots(c *sim.Context) {
	if t.before(c, protocol.StepOfferSlots, protocol.NoTask) {
		return
	}
	for _, jobManager := range t.options.Directory.JobManagers {
		post(c, jobManager, sim.Message{
			Kind: rpc.Register, Housekeeping: true,
			A: int64(t.options.Index), B: int64(t.options.Slots), C: t.session,
		})
	}
	t.after(c, protocol.StepOfferSlots, protocol.NoTask)
}

// hear handles what is heard of a leader.
func (t *TaskManager) hear(c *sim.Context, leader sim.ActorID, epoch int64, accepted bool) {
	if !t.before(c, protocol.StepFollowLeader, protocol.NoTask) {
		t.follow(c, leader, epoch, accepted)
		t.after(c, protocol.StepFollowLeader, protocol.NoTask)
	}
}

// follow obeys the leader with the highest epoch that it has heard of. A new leader knows
// nothing of the tasks that run here, so they are canceled (Flink:
// TaskExecutor.disconnectJobManagerConnection).
func (t *TaskManager) follow(c *sim.Context, leader sim.ActorID, epoch int64, accepted bool) {
	if epoch < t.epoch {
		emit(c, protocol.ZombieFenced, int64(protocol.NoTask), -1, fencedLeader)
		return
	}
	if epoch > t.epoch {
		t.leader, t.epoch = leader, epoch
		t.cancelAll(c)
		t.ended = t.ended[:0]
		t.registered = false
	}
	if t.registered {
		return
	}
	t.leader = leader
	if len(t.tasks) > 0 {
		t.lookForLeader(c)
		return
	}
	if !accepted {
		t.offer(c)
		return
	}
	t.registered = true
	c.Cancel(t.registration)
	t.watchLeader(c)
}

// watchLeader begins to expect heartbeats.
func (t *TaskManager) watchLeader(c *sim.Context) {
	t.monitor = newHeartbeatMonitor(t.options.Config, c.MonotonicNanos())
	t.setHeartbeat(c)
}

func (t *TaskManager) setHeartbeat(c *sim.Context) {
	t.heartbeat = c.After(t.options.Config.Failure.HeartbeatIntervalNanos,
		sim.Message{Kind: rpc.HeartbeatTimer, Housekeeping: true})
}

// answerHeartbeat answers the leader, and tells what runs here and what has ended. A task
// that is left out was never deployed, for all that the leader can tell:
//
//  1. a task finishes, and its report is on the way;
//  2. the task manager answers a heartbeat;
//  3. the answer comes first, or the report is lost: the finished task is taken for lost,
//     and the whole job starts again.
func (t *TaskManager) answerHeartbeat(c *sim.Context, m sim.Message) {
	if !t.registered || c.From() != t.leader {
		return
	}
	t.monitor.Received(c.MonotonicNanos())
	report := &rpc.DeploymentReport{Tasks: make([]rpc.StateReport, len(t.tasks), len(t.tasks)+len(t.ended))}
	for i, h := range t.tasks {
		report.Tasks[i] = h.state
	}
	report.Tasks = append(report.Tasks, t.ended...)
	post(c, t.leader, sim.Message{
		Kind: rpc.HeartbeatReply, A: m.A, B: int64(t.options.Index), Body: report, Housekeeping: true,
	})
}

// checkLeader gives the leader up when it has been silent for the time-out: its tasks are
// canceled, as it will have restarted them elsewhere.
func (t *TaskManager) checkLeader(c *sim.Context) {
	if !t.registered {
		return
	}
	if status, _ := t.monitor.TimerFired(c.MonotonicNanos()); status == protocol.HeartbeatAlive {
		t.setHeartbeat(c)
		return
	}
	emit(c, protocol.HeartbeatTimedOut, -1, t.options.Directory.jobManagerOf(t.leader))
	t.cancelAll(c)
	t.lookForLeader(c)
}
