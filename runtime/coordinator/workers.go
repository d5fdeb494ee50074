package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// settleNanos is how long a new leader waits for more task managers than it needs before
// it deploys (Flink: jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout).
const settleNanos = 10e9

// workers are the task managers as the master knows them.
type workers struct {
	registered []worker // by index
	// sequence numbers the rounds of heartbeats.
	sequence int64
	beating  bool
	// settled: the master no longer waits for task managers that it does not need.
	settled bool
}

// worker is one task manager.
type worker struct {
	present    bool
	lost       bool // and not seen again
	slots      int
	session    int64
	connection sim.ConnectionID
	monitor    protocol.HeartbeatMonitor
}

// register takes in a task manager's slots. A new session of one that is registered means
// that it was started again, or gave up its leader: what ran there is gone.
func (m *master) register(c *sim.Context, taskManager int32, slots int, session int64) {
	w := &m.workers.registered[taskManager]
	if w.present && w.session != session {
		m.lose(c, taskManager)
	}
	if w.lost {
		// What ran there as a zombie has ended: nobody else will delete what it has left.
		m.sweepOrphans(c, m.attempt-1)
	}
	location := m.options.Directory.TaskManagers[taskManager]
	post(c, location.Actor, sim.Message{Kind: rpc.NewLeader, A: int64(c.Self()), B: m.epoch, C: 1})
	if w.present {
		return
	}
	*w = worker{
		present: true, slots: slots, session: session, connection: m.openTo(c, taskManager),
		monitor: newHeartbeatMonitor(m.options.Config, c.MonotonicNanos()),
	}
	if !m.workers.beating {
		m.workers.beating = true
		c.After(m.options.Config.Failure.HeartbeatIntervalNanos,
			sim.Message{Kind: rpc.HeartbeatTimer, D: m.epoch, Housekeeping: true})
	}
	m.trySchedule(c)
}

func newHeartbeatMonitor(config *job.Config, nowNanos int64) protocol.HeartbeatMonitor {
	options := protocol.DefaultHeartbeatOptions()
	options.IntervalNanos = config.Failure.HeartbeatIntervalNanos
	options.TimeoutNanos = config.Failure.HeartbeatTimeoutNanos
	return protocol.NewHeartbeatMonitor(options, nowNanos)
}

// openTo opens the connection to a task manager over which heartbeats go.
func (m *master) openTo(c *sim.Context, taskManager int32) sim.ConnectionID {
	process := m.options.Directory.TaskManagers[taskManager].Process
	return c.Open(process, sim.NoActor, sim.NoActor, sim.Message{})
}

// beat sends a round of heartbeats and gives up those task managers that have not
// answered for too long, or that could not be reached twice in a row: a process that is
// gone refuses the connection, which Flink notices before the time-out.
func (m *master) beat(c *sim.Context) {
	m.workers.sequence++
	healthy := true
	for i := range m.workers.registered {
		w := &m.workers.registered[i]
		if !w.present {
			continue
		}
		reachable := c.IsOpen(w.connection)
		status, _ := w.monitor.TimerFired(c.MonotonicNanos())
		if !reachable {
			status = w.monitor.RPCFailed()
			w.connection = m.openTo(c, int32(i))
		}
		if status != protocol.HeartbeatAlive {
			emit(c, protocol.HeartbeatTimedOut, int64(i), int64(m.options.Index))
			m.lose(c, int32(i))
			continue
		}
		healthy = healthy && reachable
		post(c, m.options.Directory.TaskManagers[i].Actor, sim.Message{
			Kind: rpc.Heartbeat, A: m.workers.sequence, Housekeeping: true,
		})
	}
	m.cancelAgain(c)
	c.After(m.options.Config.Failure.HeartbeatIntervalNanos,
		sim.Message{Kind: rpc.HeartbeatTimer, D: m.epoch, Housekeeping: healthy})
}

// lose forgets a task manager with everything that runs there.
func (m *master) lose(c *sim.Context, taskManager int32) {
	w := &m.workers.registered[taskManager]
	if !w.present {
		return
	}
	c.Close(w.connection)
	*w = worker{lost: true}
	for t := range m.tasks {
		if m.tasks[t].taskManager == taskManager && !m.tasks[t].ended() {
			m.taskLost(c, protocol.TaskID(t))
		}
	}
}

// slots is how many slots there are, and assign says which task manager has the i-th of
// needed ones: slots are spread evenly, by rounds over the task managers.
func (w *workers) slots() (total int) {
	for i := range w.registered {
		total += w.registered[i].slots
	}
	return total
}

func (w *workers) assign(needed int) []int32 {
	assigned := make([]int32, 0, needed)
	for round := 0; len(assigned) < needed; round++ {
		for i := range w.registered {
			if w.registered[i].slots > round && len(assigned) < needed {
				assigned = append(assigned, int32(i))
			}
		}
	}
	return assigned
}

// all reports whether every task manager of the cluster is there.
func (w *workers) all() bool {
	for i := range w.registered {
		if !w.registered[i].present {
			return false
		}
	}
	return true
}
