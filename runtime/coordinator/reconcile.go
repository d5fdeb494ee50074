package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// heartbeatReply hears from a task manager and compares what it runs with what it should
// run (Flink: ExecutionDeploymentReconciler).
func (m *master) heartbeatReply(
	c *sim.Context, taskManager int32, sequence int64, report *rpc.DeploymentReport,
) {
	w := &m.workers.registered[taskManager]
	if !w.present {
		return
	}
	w.monitor.Received(c.MonotonicNanos())
	for i := range report.Tasks {
		m.reconcileReported(c, taskManager, &report.Tasks[i])
	}
	for t := range m.tasks {
		e := &m.tasks[t]
		expected := e.taskManager == taskManager && !e.ended() && e.deployedAt < sequence
		if expected && !reports(report, t, m.attempt) {
			m.taskLost(c, protocol.TaskID(t))
		}
	}
}

// reconcileReported cancels what should not run, and takes over a state that the network
// has lost.
func (m *master) reconcileReported(c *sim.Context, taskManager int32, r *rpc.StateReport) {
	if r.Attempt == m.attempt && !m.tasks[r.Task].ended() {
		if r.State > m.tasks[r.Task].state {
			m.taskState(c, r)
		}
		return
	}
	if r.State >= rpc.TaskFinished {
		return
	}
	emit(c, protocol.ZombieFenced, int64(r.Task), int64(r.Attempt), fencedTask)
	m.postCancel(c, taskManager, r.Task, r.Attempt)
}

func reports(report *rpc.DeploymentReport, task int, attempt protocol.Attempt) bool {
	for i := range report.Tasks {
		if report.Tasks[i].Task == protocol.TaskID(task) && report.Tasks[i].Attempt == attempt {
			return true
		}
	}
	return false
}
