package protocol

import (
	"slices"

	"github.com/stretchr/testify/require"
)

// coordinatorModel is a naive host: it believes nothing that the coordinator keeps, keeps
// its own books from the effects, and checks every effect against them.
type coordinatorModel struct {
	t       require.TestingT
	options CoordinatorOptions
	c       *CheckpointCoordinator
	out     CoordinatorEffects

	now         int64
	nextID      CheckpointID
	asked       int   // ids ordered and not answered
	askedPause  int64 // time since the last completion when the id was ordered
	askedOthers int   // in flight then
	attempt     Attempt
	running     bool
	restoring   bool
	reading     bool // the store is being read
	periodic    int64
	books       []modelCheckpoint
	lastDone    int64
	hasDone     bool
	durable     []CheckpointID // pointers in the highly available store
	notified    CheckpointID   // the newest that any task heard of as complete
	failures    int
	lastSuccess CheckpointID
}

// modelCheckpoint is the model's book on one id.
type modelCheckpoint struct {
	id        CheckpointID
	kind      TriggerKind
	attempt   Attempt
	acked     [modelTasks]bool
	expiryAt  int64
	armed     bool
	writing   bool
	completed bool
	aborted   bool
	unknown   bool
	discarded bool
	notices   [modelTasks]int // of completion or abort
}

const modelTasks = 3

func (b *modelCheckpoint) inFlight() bool { return !b.completed && !b.aborted }

func (b *modelCheckpoint) allAcked() bool { return !slices.Contains(b.acked[:], false) }

func newCoordinatorModel(t require.TestingT, options CoordinatorOptions) *coordinatorModel {
	m := &coordinatorModel{t: t, options: options}
	m.c = NewCheckpointCoordinator(options, scriptGraph("pipeline"))
	m.step(CoordinatorInput{Kind: CoordinatorRestoreRequested})
	m.step(CoordinatorInput{Kind: CoordinatorTasksRunning, DelayNanos: options.IntervalNanos})
	m.running = true
	return m
}

func (m *coordinatorModel) book(id CheckpointID) *modelCheckpoint {
	for i := range m.books {
		if m.books[i].id == id {
			return &m.books[i]
		}
	}
	require.FailNow(m.t, "effect for an unknown checkpoint", "%d", id)
	return nil
}

func (m *coordinatorModel) inFlight() (n int) {
	for i := range m.books {
		if m.books[i].inFlight() {
			n++
		}
	}
	return n
}

// writing is the checkpoint whose metadata is being written, or nil.
func (m *coordinatorModel) writing() *modelCheckpoint {
	for i := range m.books {
		if m.books[i].writing {
			return &m.books[i]
		}
	}
	return nil
}

// step feeds one input and checks everything that comes of it.
func (m *coordinatorModel) step(in CoordinatorInput) {
	in.NowNanos = m.now
	m.out.Reset()
	m.c.Step(in, &m.out)
	for i := range m.out.List {
		m.check(&m.out.List[i], in)
	}
	m.checkBooks()
}

func (m *coordinatorModel) check(e *CoordinatorEffect, in CoordinatorInput) {
	switch e.Kind {
	case OrderNextID:
		m.checkAsked()
	case OrderSetTimer, OrderClearTimer:
		m.checkTimer(e)
	case ReportTriggered:
		m.checkTriggered(e)
	case OrderTriggerTask:
		require.Less(m.t, e.Task, TaskID(2), "only sources are triggered")
		require.Equal(m.t, e.Checkpoint, e.Barrier.ID)
	case OrderWriteMetadata:
		m.checkWrite(e)
	case ReportCompleted:
		m.checkCompleted(e, in)
	case ReportAborted:
		m.checkAborted(e, in)
	case OrderDiscard:
		m.checkDiscard(e)
	case OrderDiscardState:
		m.checkDiscardState(e)
	case OrderNotifyComplete, OrderNotifyAborted:
		m.checkNotice(e)
	case OrderFailJob:
		require.Greater(m.t, m.failures, m.options.TolerableFailures)
		m.failures, m.running = 0, false
	case OrderRecoverStore:
		m.reading = true
	case OrderRestore:
		m.checkRestore(e)
	}
}

func (m *coordinatorModel) checkAsked() {
	m.asked++
	require.Equal(m.t, 1, m.asked, "one trigger at a time")
	require.True(m.t, m.running, "nothing is triggered while suspended")
	m.askedPause, m.askedOthers = m.options.MinPauseNanos, m.inFlight()
	if m.hasDone {
		m.askedPause = m.now - m.lastDone
	}
}

func (m *coordinatorModel) checkTimer(e *CoordinatorEffect) {
	if e.Timer == TimerPeriodic {
		m.periodic = e.AtNanos // zero when cleared
		return
	}
	b := m.book(e.Checkpoint)
	require.NotEqual(m.t, b.armed, e.Kind == OrderSetTimer)
	b.armed, b.expiryAt = e.Kind == OrderSetTimer, e.AtNanos
}

func (m *coordinatorModel) checkTriggered(e *CoordinatorEffect) {
	require.Equal(m.t, m.nextID, e.Checkpoint)
	require.True(m.t, m.running)
	if !e.Trigger.Savepoint() {
		require.Less(m.t, m.askedOthers, m.options.MaxConcurrent)
	}
	if e.Trigger == TriggerPeriodic {
		require.GreaterOrEqual(m.t, m.askedPause, m.options.MinPauseNanos)
	}
	m.books = append(m.books, modelCheckpoint{id: e.Checkpoint, kind: e.Trigger, attempt: m.attempt})
}

func (m *coordinatorModel) checkWrite(e *CoordinatorEffect) {
	b := m.book(e.Checkpoint)
	require.Nil(m.t, m.writing(), "one write at a time")
	require.True(m.t, b.inFlight() && b.allAcked())
	require.False(m.t, b.armed, "a checkpoint being written cannot expire")
	b.writing = true
}

func (m *coordinatorModel) checkCompleted(e *CoordinatorEffect, in CoordinatorInput) {
	b := m.book(e.Checkpoint)
	require.True(m.t, b.inFlight() && b.allAcked())
	require.Equal(m.t, CoordinatorMetadataStored, in.Kind)
	require.Equal(m.t, in.Checkpoint, e.Checkpoint)
	b.completed, b.writing = true, false
	m.lastDone, m.hasDone = m.now, true
	if b.id > m.lastSuccess {
		m.lastSuccess, m.failures = b.id, 0
	}
}

func (m *coordinatorModel) checkAborted(e *CoordinatorEffect, in CoordinatorInput) {
	b := m.book(e.Checkpoint)
	require.True(m.t, b.inFlight())
	if b.writing {
		failed := in.Kind == CoordinatorMetadataFailed || in.Kind == CoordinatorMetadataUnknown
		require.True(m.t, failed, "only its outcome ends a checkpoint that is being written")
		require.Equal(m.t, in.Checkpoint, b.id)
		b.unknown = in.Kind == CoordinatorMetadataUnknown
	}
	b.aborted, b.writing = true, false
	byTask := in.Kind == CoordinatorDecline
	if e.Reason.Counted() && (byTask || !b.kind.Savepoint()) && b.id > m.lastSuccess {
		m.failures++
	}
}

func (m *coordinatorModel) checkDiscard(e *CoordinatorEffect) {
	b := m.book(e.Checkpoint)
	require.False(m.t, b.discarded, "discarded once")
	require.False(m.t, b.completed && b.kind.Savepoint(), "savepoints belong to the user")
	if b.completed || b.unknown {
		require.Less(m.t, b.id, m.lastSuccess, "the newest stays")
		require.False(m.t, m.c.Store().Contains(b.id))
	}
	b.discarded = true
	m.durable = slices.DeleteFunc(m.durable, func(id CheckpointID) bool { return id == e.Checkpoint })
}

func (m *coordinatorModel) checkDiscardState(e *CoordinatorEffect) {
	for i := range m.books {
		b := &m.books[i]
		if b.id == e.Checkpoint && (b.completed || b.unknown) {
			require.True(m.t, b.discarded, "state of a checkpoint that may be restored is kept")
		}
	}
}

func (m *coordinatorModel) checkNotice(e *CoordinatorEffect) {
	b := m.book(e.Checkpoint)
	require.Equal(m.t, e.Kind == OrderNotifyComplete, b.completed)
	require.Equal(m.t, b.attempt, e.Attempt)
	b.notices[e.Task]++
	require.Equal(m.t, 1, b.notices[e.Task], "each task hears once of an end")
	if b.completed && !b.kind.Savepoint() {
		require.Contains(m.t, m.durable, b.id, "only what is stored is notified")
		m.notified = max(m.notified, b.id)
	}
}

func (m *coordinatorModel) checkRestore(e *CoordinatorEffect) {
	require.Nil(m.t, m.writing(), "a restore waits for the write")
	newest := NoCheckpoint
	for _, id := range m.durable {
		newest = max(newest, id)
	}
	require.Equal(m.t, newest, e.Checkpoint)
	require.GreaterOrEqual(m.t, e.Checkpoint, m.notified, "never older than one that was notified")
	require.Equal(m.t, m.attempt, e.Attempt)
	m.restoring = false
}

// checkBooks compares the coordinator's own account with the model's.
func (m *coordinatorModel) checkBooks() {
	require.Equal(m.t, m.inFlight(), m.c.Pending())
	require.Equal(m.t, m.failures, m.c.Failures())
	newest := NoCheckpoint
	for i := len(m.books) - 1; i >= 0; i-- {
		b := &m.books[i]
		if b.completed && !b.kind.Savepoint() {
			newest = max(newest, b.id)
		}
		useless := b.inFlight() && !b.kind.Savepoint() && b.id < newest
		require.False(m.t, useless, "checkpoint %d is not subsumed", b.id)
		ended := b.completed && b.kind != TriggerSavepoint || b.aborted
		for _, notices := range b.notices {
			require.Equal(m.t, ended, notices == 1, "checkpoint %d", b.id)
		}
	}
}
