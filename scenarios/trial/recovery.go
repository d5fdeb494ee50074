package trial

import (
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/result"
	"simrun/sim"
)

// recoveryMeter takes the time of every recovery in its four parts: restart until tasks
// are deployed again, restore until all of them run, replay until the sources are where
// they were, and catch-up until they are as far behind as before.
type recoveryMeter struct {
	system   *runtime.System
	faultAt  int64
	open     *result.Recovery
	watch    *runtime.Replay
	running  int
	restored int64
	done     []result.Recovery
}

func (m *recoveryMeter) observe(e *sim.Event) {
	switch protocol.EventKind(e.Kind) {
	case protocol.FaultInjected:
		if mayEndAttempt(protocol.FaultKind(e.Args[1])) {
			m.faultAt = e.TimeNanos
		}
	case protocol.FaultHealed:
		m.healed(e)
	case protocol.JobRestarting:
		m.begin(e)
	case protocol.JobRestored:
		if m.open != nil {
			m.open.Checkpoint = protocol.CheckpointID(e.Args[1])
		}
	case protocol.TaskInitializing:
		m.deployed(e)
	case protocol.TaskRunning:
		m.isRunning(e)
	case protocol.TaskFailed, protocol.HeartbeatTimedOut:
		m.noteFailure(e)
	}
}

// mayEndAttempt reports whether a fault of the kind can be what a restart is due to. User
// code that throws is armed long before it does.
func mayEndAttempt(k protocol.FaultKind) bool {
	return k == protocol.FaultCrash || k == protocol.FaultPartition || k == protocol.FaultPause
}

// healed forgets a cut or a pause that nobody has died of.
func (m *recoveryMeter) healed(e *sim.Event) {
	if protocol.FaultKind(e.Args[1]) != protocol.FaultCrash && m.open == nil && m.watch == nil {
		m.faultAt = 0
	}
}

// noteFailure takes the sources' positions at the first sign of a failure.
func (m *recoveryMeter) noteFailure(e *sim.Event) {
	if m.open != nil || m.faultAt != 0 && m.watch != nil {
		return
	}
	if m.faultAt == 0 {
		m.faultAt = e.TimeNanos
	}
	m.watch = m.system.WatchReplay()
}

func (m *recoveryMeter) begin(e *sim.Event) {
	m.close()
	if m.faultAt == 0 {
		m.faultAt = e.TimeNanos
	}
	if m.watch == nil {
		m.watch = m.system.WatchReplay()
	}
	m.open = &result.Recovery{FailureNanos: m.faultAt, DetectNanos: e.TimeNanos - m.faultAt}
	m.running = 0
	m.faultAt = 0
}

func (m *recoveryMeter) deployed(e *sim.Event) {
	if m.open == nil {
		return
	}
	m.open.RestartNanos = e.TimeNanos - m.open.FailureNanos
}

func (m *recoveryMeter) isRunning(e *sim.Event) {
	if m.open == nil {
		return
	}
	m.running++
	m.restored = e.TimeNanos
	m.open.RestoreNanos = e.TimeNanos - m.open.FailureNanos - m.open.RestartNanos
}

// close ends the recovery in hand: another failure came, or the run is over.
func (m *recoveryMeter) close() {
	if m.open == nil {
		return
	}
	r := m.open
	if m.running == len(m.system.Plan.Tasks) && m.watch.ReplayedNanos > 0 {
		r.ReplayNanos = max(0, m.watch.ReplayedNanos-m.restored)
		if m.watch.CaughtUpNanos > 0 {
			r.CatchUpNanos = max(0, m.watch.CaughtUpNanos-max(m.watch.ReplayedNanos, m.restored))
			r.Complete = true
		}
	}
	m.done = append(m.done, *r)
	m.open, m.watch = nil, nil
}

// complete reports whether a failure has been recovered from to the end.
func (m *recoveryMeter) complete() bool {
	if len(m.done) > 0 {
		return true
	}
	return m.open != nil && m.running == len(m.system.Plan.Tasks) && m.watch.CaughtUpNanos > 0
}

func (m *recoveryMeter) finish() []result.Recovery {
	m.close()
	return m.done
}
