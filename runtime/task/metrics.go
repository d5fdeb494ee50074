package task

import (
	"simrun/protocol"
	"simrun/runtime/record"
)

// Metrics are what a run's tasks are measured by. Times and counts within the window
// only; outside of it a run warms up or winds down.
type Metrics struct {
	// FromNanos and ToNanos bound the window.
	FromNanos, ToNanos int64
	Tasks              []TaskMetrics // by TaskID, over all attempts
	// Latency is from a record's entry into the job to its end at a sink.
	Latency Histogram
	// Emitted counts records of sources and Taken those of sinks, over the whole run.
	Emitted, Taken int64
	// TakenInWindow counts records of sinks in the window.
	TakenInWindow int64
	// Replay, if not nil, follows the sources after a failure.
	Replay *Replay
}

// TaskMetrics are one subtask's.
type TaskMetrics struct {
	Nanos     [activities]int64 // by activity, in the window
	idleNanos int64             // since the debloater last asked
	// TakenBefore is the number of records that the subtask has taken so far.
	Records int64
}

// NewMetrics measures so many tasks over all virtual time.
func NewMetrics(tasks int) *Metrics {
	return &Metrics{ToNanos: 1<<63 - 1, Tasks: make([]TaskMetrics, tasks)}
}

// BackpressuredPermille is the share of the window in which the task was backpressured.
func (m *Metrics) BackpressuredPermille(task protocol.TaskID) int64 {
	n := &m.Tasks[task].Nanos
	total := n[idle] + n[active] + n[softBackpressured] + n[hardBackpressured]
	if total == 0 {
		return 0
	}
	return (n[softBackpressured] + n[hardBackpressured]) * 1000 / total
}

func (m *Metrics) record(t *Task, now int64, r *record.Record) {
	if t.serve.fromSource {
		m.emitted(t, 1)
	} else {
		m.took(t, 1)
	}
	if t.sink != nil {
		m.latency(now, r.BornNanos)
	}
}

// emitted counts records that a source has read.
func (m *Metrics) emitted(t *Task, n int64) {
	m.Emitted += n
	m.took(t, n)
}

// took counts records that a task has taken.
func (m *Metrics) took(t *Task, n int64) {
	m.Tasks[t.id].Records += n
	if t.sink != nil {
		m.Taken += n
	}
}

// latency takes the time of a record that a sink took now.
func (m *Metrics) latency(now, bornNanos int64) {
	if now >= m.FromNanos && now < m.ToNanos {
		m.TakenInWindow++
		m.Latency.Add(now - bornNanos)
	}
}

// spend books the time from since to now.
func (m *Metrics) spend(t *Task, a activity, since, now int64) {
	task := &m.Tasks[t.id]
	if a == idle {
		task.idleNanos += now - since
	}
	if overlap := min(now, m.ToNanos) - max(since, m.FromNanos); overlap > 0 {
		task.Nanos[a] += overlap
	}
}

// takeIdle is the time without input since it was last asked.
func (m *Metrics) takeIdle(t *Task, now int64) int64 {
	task := &m.Tasks[t.id]
	if t.pressure.now == idle {
		m.spend(t, idle, t.pressure.since, now)
		t.pressure.since = now
	}
	nanos := task.idleNanos
	task.idleNanos = 0
	return nanos
}
