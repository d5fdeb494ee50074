package protocol

// HeartbeatOptions configures a HeartbeatMonitor.
type HeartbeatOptions struct {
	// IntervalNanos is heartbeat.interval: how often a heartbeat is requested.
	IntervalNanos int64
	// TimeoutNanos is heartbeat.timeout: so long without one the target is dead.
	TimeoutNanos int64
	// RPCFailureThreshold is heartbeat.rpc-failure-threshold: so many calls in a row that
	// could not be delivered make the target unreachable; 0 or less switches it off.
	RPCFailureThreshold int
}

// DefaultHeartbeatOptions are Flink's defaults: 10 s, 50 s, 2.
func DefaultHeartbeatOptions() HeartbeatOptions {
	return HeartbeatOptions{
		IntervalNanos: 10 * nanosPerSecond, TimeoutNanos: 50 * nanosPerSecond, RPCFailureThreshold: 2,
	}
}

// HeartbeatStatus is what a HeartbeatMonitor thinks of its target.
type HeartbeatStatus uint8

const (
	// HeartbeatAlive: heard of within the timeout.
	HeartbeatAlive HeartbeatStatus = iota
	// HeartbeatTimeout: nothing heard for the timeout.
	HeartbeatTimeout
	// HeartbeatUnreachable: calls cannot be delivered.
	HeartbeatUnreachable
)

// HeartbeatMonitor watches one target (Flink: HeartbeatMonitorImpl). It is pure: the host
// calls DeadlineNanos to set its timer and TimerFired when that fires. A verdict other
// than alive is final: a target that comes back registers anew, with a new monitor.
type HeartbeatMonitor struct {
	options     HeartbeatOptions
	status      HeartbeatStatus
	heardNanos  int64
	askedNanos  int64
	rpcFailures int
}

// NewHeartbeatMonitor watches a target that has just registered; the first heartbeat is
// requested at once.
func NewHeartbeatMonitor(options HeartbeatOptions, nowNanos int64) HeartbeatMonitor {
	return HeartbeatMonitor{
		options: options, heardNanos: nowNanos, askedNanos: nowNanos - options.IntervalNanos,
	}
}

// Status is the current verdict.
func (m *HeartbeatMonitor) Status() HeartbeatStatus { return m.status }

// DeadlineNanos is when the host must call TimerFired: the next request or the timeout.
func (m *HeartbeatMonitor) DeadlineNanos() int64 {
	return min(m.askedNanos+m.options.IntervalNanos, m.heardNanos+m.options.TimeoutNanos)
}

// TimerFired judges the target at nowNanos and reports whether a heartbeat is to be
// requested now. A timer that fires early does nothing.
func (m *HeartbeatMonitor) TimerFired(nowNanos int64) (status HeartbeatStatus, request bool) {
	if m.status != HeartbeatAlive {
		return m.status, false
	}
	if nowNanos-m.heardNanos >= m.options.TimeoutNanos {
		m.status = HeartbeatTimeout
		return m.status, false
	}
	if nowNanos-m.askedNanos >= m.options.IntervalNanos {
		m.askedNanos = nowNanos
		return m.status, true
	}
	return m.status, false
}

// Received notes that the target was heard of at nowNanos.
func (m *HeartbeatMonitor) Received(nowNanos int64) HeartbeatStatus {
	if m.status == HeartbeatAlive {
		m.heardNanos = max(m.heardNanos, nowNanos)
		m.rpcFailures = 0
	}
	return m.status
}

// RPCFailed notes that a call to the target could not be delivered.
func (m *HeartbeatMonitor) RPCFailed() HeartbeatStatus {
	m.rpcFailures++
	threshold := m.options.RPCFailureThreshold
	if m.status == HeartbeatAlive && threshold > 0 && m.rpcFailures >= threshold {
		m.status = HeartbeatUnreachable
	}
	return m.status
}
