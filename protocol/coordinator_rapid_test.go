package protocol

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCoordinatorKeepsItsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newCoordinatorModel(t, drawCoordinatorOptions(t))
		t.Repeat(map[string]func(*rapid.T){
			"timer":     m.actTimer,
			"id":        m.actID,
			"ack":       m.actAck,
			"ack all":   m.actAckAll,
			"stray ack": m.actStrayAck,
			"decline":   m.actDecline,
			"metadata":  m.actMetadata,
			"trigger":   m.actTrigger,
			"fail":      m.actFail,
			"restart":   m.actRestart,
			"":          func(*rapid.T) {},
		})
		m.settle()
	})
}

func drawCoordinatorOptions(t *rapid.T) CoordinatorOptions {
	options := DefaultCoordinatorOptions()
	options.IntervalNanos = int64(rapid.IntRange(1, 4).Draw(t, "interval")) * int64(time.Second)
	options.TimeoutNanos = int64(rapid.IntRange(1, 8).Draw(t, "timeout")) * int64(time.Second)
	options.MinPauseNanos = int64(rapid.IntRange(0, 6).Draw(t, "min-pause")) * int64(time.Second)
	options.MaxConcurrent = rapid.IntRange(1, 3).Draw(t, "max-concurrent")
	options.TolerableFailures = rapid.IntRange(0, 3).Draw(t, "tolerable")
	options.NumRetained = rapid.IntRange(1, 3).Draw(t, "retained")
	return options
}

// actTimer advances the clock to the next timer, or a little, and fires what is due.
func (m *coordinatorModel) actTimer(t *rapid.T) {
	m.now += int64(rapid.IntRange(0, 3000).Draw(t, "millis")) * int64(time.Millisecond)
	if m.periodic != 0 && m.periodic <= m.now {
		m.step(CoordinatorInput{Kind: CoordinatorTimerFired, Timer: TimerPeriodic})
	}
	for i := 0; i < len(m.books); i++ {
		if b := m.books[i]; b.armed && b.expiryAt <= m.now {
			m.books[i].armed = false
			m.step(CoordinatorInput{Kind: CoordinatorTimerFired, Timer: TimerExpiry, Checkpoint: b.id})
			require.True(t, m.books[i].aborted)
		}
	}
}

func (m *coordinatorModel) actID(t *rapid.T) {
	if m.asked == 0 {
		t.Skip()
	}
	m.answerID()
}

func (m *coordinatorModel) answerID() {
	m.asked--
	m.nextID++
	m.step(CoordinatorInput{Kind: CoordinatorIDAssigned, Checkpoint: m.nextID})
}

func (m *coordinatorModel) drawBook(t *rapid.T) *modelCheckpoint {
	if len(m.books) == 0 {
		t.Skip()
	}
	recent := max(0, len(m.books)-4)
	return &m.books[rapid.IntRange(recent, len(m.books)-1).Draw(t, "checkpoint")]
}

func (m *coordinatorModel) actAck(t *rapid.T) {
	b := m.drawBook(t)
	m.ack(b.id, TaskID(rapid.IntRange(0, modelTasks-1).Draw(t, "task")), b.attempt)
}

func (m *coordinatorModel) actAckAll(t *rapid.T) {
	b := *m.drawBook(t)
	for task := range TaskID(modelTasks) {
		m.ack(b.id, task, b.attempt)
	}
}

func (m *coordinatorModel) actStrayAck(t *rapid.T) {
	b := m.drawBook(t)
	attempt := m.attempt + Attempt(rapid.IntRange(-1, 1).Draw(t, "attempt"))
	m.ack(b.id, TaskID(rapid.IntRange(0, modelTasks-1).Draw(t, "task")), attempt)
}

// ack checks the verdict against a naive one.
func (m *coordinatorModel) ack(id CheckpointID, task TaskID, attempt Attempt) {
	b := *m.book(id)
	want := AckDiscarded
	switch {
	case b.inFlight() && attempt != b.attempt:
		want = AckUnknown
	case b.inFlight() && b.acked[task]:
		want = AckDuplicate
	case b.inFlight():
		want = AckSuccess
		m.book(id).acked[task] = true
	case (b.completed || b.unknown) && !b.discarded:
		want = AckDuplicate
	}
	m.step(CoordinatorInput{Kind: CoordinatorAck, Checkpoint: id, Task: task, Attempt: attempt})
	report := m.out.List[0]
	require.Equal(m.t, ReportAcknowledged, report.Kind)
	if b.inFlight() || want == AckDuplicate {
		require.Equal(m.t, want, report.Verdict)
		return
	}
	// Unknown and late differ in name only: the state goes. A checkpoint that was written
	// with an unknown outcome is never touched, even after it was subsumed.
	require.True(m.t, report.Verdict == AckUnknown || report.Verdict == AckDiscarded || b.unknown)
}

func (m *coordinatorModel) actDecline(t *rapid.T) {
	b := *m.drawBook(t)
	reasons := []FailureReason{CheckpointDeclinedTaskNotReady, CheckpointDeclined, CheckpointAsyncException}
	attempt := m.attempt - Attempt(rapid.IntRange(0, 1).Draw(t, "old"))
	m.step(CoordinatorInput{
		Kind: CoordinatorDecline, Checkpoint: b.id, Attempt: attempt,
		Reason: rapid.SampledFrom(reasons).Draw(t, "reason"),
	})
	aborts := b.inFlight() && !b.writing && attempt == b.attempt
	require.Equal(t, aborts, !b.aborted && m.book(b.id).aborted)
}

func (m *coordinatorModel) actMetadata(t *rapid.T) {
	b := m.writing()
	if b == nil {
		t.Skip()
	}
	kinds := []CoordinatorInputKind{
		CoordinatorMetadataStored, CoordinatorMetadataStored, CoordinatorMetadataFailed, CoordinatorMetadataUnknown,
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "outcome")
	landed := kind == CoordinatorMetadataStored ||
		kind == CoordinatorMetadataUnknown && rapid.Bool().Draw(t, "landed")
	m.answerMetadata(b, kind, landed)
}

func (m *coordinatorModel) answerMetadata(b *modelCheckpoint, kind CoordinatorInputKind, landed bool) {
	if landed && !b.kind.Savepoint() {
		m.durable = append(m.durable, b.id)
	}
	m.step(CoordinatorInput{Kind: kind, Checkpoint: b.id})
}

func (m *coordinatorModel) actTrigger(t *rapid.T) {
	kind := rapid.SampledFrom([]TriggerKind{TriggerManual, TriggerSavepoint}).Draw(t, "kind")
	m.step(CoordinatorInput{Kind: CoordinatorTrigger, Trigger: kind})
}

func (m *coordinatorModel) actFail(t *rapid.T) {
	if !m.running {
		t.Skip()
	}
	m.running = false
	task := TaskID(rapid.IntRange(0, modelTasks-1).Draw(t, "task"))
	m.step(CoordinatorInput{Kind: CoordinatorTaskFailed, Task: task})
	for i := range m.books {
		require.True(t, !m.books[i].inFlight() || m.books[i].writing)
	}
}

// actRestart restores, and runs when the coordinator has said from where.
func (m *coordinatorModel) actRestart(t *rapid.T) {
	if m.running {
		t.Skip()
	}
	m.restart()
}

func (m *coordinatorModel) restart() {
	if !m.restoring && !m.reading {
		m.attempt++
		m.restoring = true
		m.step(CoordinatorInput{Kind: CoordinatorRestoreRequested, Attempt: m.attempt})
	}
	if m.reading {
		m.reading = false
		for _, id := range m.durable {
			if id > m.lastSuccess {
				m.lastSuccess, m.failures = id, 0
			}
			m.step(CoordinatorInput{Kind: CoordinatorCheckpointRecovered, Checkpoint: id})
		}
		m.step(CoordinatorInput{Kind: CoordinatorStoreRecovered})
	}
	if !m.restoring {
		m.running = true
		m.step(CoordinatorInput{Kind: CoordinatorTasksRunning, DelayNanos: m.options.IntervalNanos})
	}
}

// settle ends the run well: every answer comes, and nothing stays in flight.
func (m *coordinatorModel) settle() {
	for range 1000 {
		b := m.writing()
		switch {
		case m.asked > 0:
			m.answerID()
		case b != nil:
			m.answerMetadata(b, CoordinatorMetadataStored, true)
		case !m.running:
			m.restart()
		case m.inFlight() > 0:
			m.ackFirst()
		default:
			// A periodic request may be left behind one that came too early after min-pause.
			require.True(m.t, m.c.Queued() == 0 || m.options.MinPauseNanos > 0)
			return
		}
	}
	require.FailNow(m.t, "does not settle")
}

func (m *coordinatorModel) ackFirst() {
	for i := range m.books {
		for task := range m.books[i].acked {
			if m.books[i].inFlight() && !m.books[i].acked[task] {
				m.ack(m.books[i].id, TaskID(task), m.books[i].attempt)
				return
			}
		}
	}
	require.FailNow(m.t, "in flight, all acknowledged, and not being written")
}
