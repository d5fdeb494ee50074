package protocol

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// LogStatus is the state of a transaction in a TransactionLog.
type LogStatus uint8

const (
	// LogUnknown: never begun.
	LogUnknown LogStatus = iota
	// LogOpen: takes records.
	LogOpen
	// LogPrepared: flushed, waits for commit or abort.
	LogPrepared
	// LogCommitted, LogAborted and LogTimedOut are final.
	LogCommitted
	LogAborted
	LogTimedOut
)

var logStatusNames = [...]string{"unknown", "open", "prepared", "committed", "aborted", "timed-out"}

// String is the status as scripts show it.
func (s LogStatus) String() string { return logStatusNames[s] }

// LogOutcome is the external system's answer to a call.
type LogOutcome uint8

const (
	// LogOK: done.
	LogOK LogOutcome = iota
	// LogRepeated: it had been done before; as good as done.
	LogRepeated
	// LogFenced: the caller's attempt was fenced by a later one.
	LogFenced
	// LogRefused: the transaction's status does not allow it.
	LogRefused
)

var logOutcomeNames = [...]string{"ok", "repeated", "fenced", "refused"}

// String is the outcome as scripts show it.
func (o LogOutcome) String() string { return logOutcomeNames[o] }

// Done reports whether the call has the effect that the caller wanted.
func (o LogOutcome) Done() bool { return o == LogOK || o == LogRepeated }

// TransactionLogOptions configures a TransactionLog.
type TransactionLogOptions struct {
	// Tasks is the number of tasks that may write; their ids are below it.
	Tasks int
	// LastStableOffset holds committed output back from readers while a transaction that
	// began earlier is open, as a Kafka topic does: a lingering transaction blocks all.
	LastStableOffset bool
}

// TransactionLog is the external system of transactional sinks: a table of transactions
// and what read-committed readers see. It is pure and durable: it survives the crashes of
// sinks. Content is a Tally of lineages; whoever wants the records keeps them beside it.
type TransactionLog struct {
	options TransactionLogOptions
	table   []loggedTransaction // in the order of their begin
	byTask  [][]int             // indexes into table, by TransactionID
	live    []int               // open and prepared, in the order of their begin
	held    []int               // committed but not visible, in the order of their begin
	visible []TransactionID
	content Tally
	fence   []Attempt // by TaskID: older attempts may do nothing new
}

type loggedTransaction struct {
	id            TransactionID
	status        LogStatus
	content       Tally
	deadlineNanos int64
}

// NewTransactionLog returns an empty log.
func NewTransactionLog(options TransactionLogOptions) *TransactionLog {
	return &TransactionLog{
		options: options,
		byTask:  make([][]int, options.Tasks),
		fence:   make([]Attempt, options.Tasks),
	}
}

// Visible lists the transactions that readers see, in the order in which they came to
// see them. The slice must not be changed.
func (l *TransactionLog) Visible() []TransactionID { return l.visible }

// Content is the tally of all that readers see.
func (l *TransactionLog) Content() Tally { return l.content }

// Unresolved appends the transactions that are open or prepared, oldest first.
func (l *TransactionLog) Unresolved(ids []TransactionID) []TransactionID {
	for _, i := range l.live {
		ids = append(ids, l.table[i].id)
	}
	return ids
}

// Live is the number of transactions that are open or prepared.
func (l *TransactionLog) Live() int { return len(l.live) }

// Status is the transaction's status.
func (l *TransactionLog) Status(id TransactionID) LogStatus {
	if t := l.find(id); t != nil {
		return t.status
	}
	return LogUnknown
}

// ContentOf is what has been appended to the transaction.
func (l *TransactionLog) ContentOf(id TransactionID) Tally {
	if t := l.find(id); t != nil {
		return t.content
	}
	return Tally{}
}

func (l *TransactionLog) search(id TransactionID) (index []int, at int, found bool) {
	index = l.byTask[id.Task()]
	at, found = slices.BinarySearchFunc(index, id, func(i int, id TransactionID) int {
		return cmp.Compare(l.table[i].id, id)
	})
	return index, at, found
}

func (l *TransactionLog) find(id TransactionID) *loggedTransaction {
	index, at, found := l.search(id)
	if !found {
		return nil
	}
	return &l.table[index[at]]
}

func (l *TransactionLog) fenced(id TransactionID) bool {
	return id.Attempt() < l.fence[id.Task()]
}

// Begin opens the transaction at nowNanos; the log aborts it by itself timeoutNanos later
// unless it is committed or aborted by then (0: never).
func (l *TransactionLog) Begin(id TransactionID, nowNanos, timeoutNanos int64) LogOutcome {
	if l.fenced(id) {
		return LogFenced
	}
	index, at, found := l.search(id)
	if found {
		return l.repeated(&l.table[index[at]], LogOpen)
	}
	deadline := int64(math.MaxInt64)
	if timeoutNanos > 0 {
		deadline = nowNanos + timeoutNanos
	}
	ordinal := len(l.table)
	l.table = append(l.table, loggedTransaction{id: id, status: LogOpen, deadlineNanos: deadline})
	l.byTask[id.Task()] = slices.Insert(index, at, ordinal)
	l.live = append(l.live, ordinal)
	return LogOK
}

func (l *TransactionLog) repeated(t *loggedTransaction, status LogStatus) LogOutcome {
	if t.status == status {
		return LogRepeated
	}
	return LogRefused
}

// Append adds records to an open transaction.
func (l *TransactionLog) Append(id TransactionID, content Tally) LogOutcome {
	t := l.find(id)
	switch {
	case l.fenced(id):
		return LogFenced
	case t == nil || t.status != LogOpen:
		return LogRefused
	}
	t.content = t.content.Plus(content)
	return LogOK
}

// Prepare flushes an open transaction: it takes no more records.
func (l *TransactionLog) Prepare(id TransactionID) LogOutcome {
	t := l.find(id)
	switch {
	case l.fenced(id):
		return LogFenced
	case t == nil:
		return LogRefused
	case t.status != LogOpen:
		return l.repeated(t, LogPrepared)
	}
	t.status = LogPrepared
	return LogOK
}

// Commit makes a prepared transaction visible. A repeated commit succeeds; one of a
// transaction that is unknown, not prepared, aborted or timed out is refused. It is not
// fenced: a successor commits the transactions of its predecessor.
func (l *TransactionLog) Commit(id TransactionID) LogOutcome {
	t := l.find(id)
	if t == nil {
		return LogRefused
	}
	if t.status != LogPrepared {
		return l.repeated(t, LogCommitted)
	}
	l.close(t, LogCommitted)
	return LogOK
}

// Abort drops a transaction. One that is gone or was never begun is as good as aborted; a
// committed one is refused.
func (l *TransactionLog) Abort(id TransactionID) LogOutcome {
	t := l.find(id)
	switch {
	case t == nil, t.status == LogAborted, t.status == LogTimedOut:
		return LogRepeated
	case t.status == LogCommitted:
		return LogRefused
	}
	l.close(t, LogAborted)
	return LogOK
}

// Fence lets the attempts of task before attempt do nothing new. What they left stays.
func (l *TransactionLog) Fence(task TaskID, attempt Attempt) {
	l.fence[task] = max(l.fence[task], attempt)
}

// TimeOut gives up on the transactions of task that are in a status (open or prepared), at
// most limit of them, the oldest first, as if their time were over. They are appended to
// expired.
func (l *TransactionLog) TimeOut(
	task TaskID, status LogStatus, limit int, expired []TransactionID,
) []TransactionID {
	for i := 0; i < len(l.live) && limit > 0; {
		t := &l.table[l.live[i]]
		if t.id.Task() != task || t.status != status {
			i++
			continue
		}
		l.close(t, LogTimedOut)
		expired = append(expired, t.id)
		limit--
	}
	return expired
}

// AbortLingering fences the attempts of task before attempt, aborts what they have left,
// and returns that appended to aborted.
func (l *TransactionLog) AbortLingering(
	task TaskID, attempt Attempt, aborted []TransactionID,
) []TransactionID {
	l.fence[task] = max(l.fence[task], attempt)
	for i := 0; i < len(l.live); {
		t := &l.table[l.live[i]]
		if t.id.Task() != task || t.id.Attempt() >= attempt {
			i++
			continue
		}
		l.close(t, LogAborted)
		aborted = append(aborted, t.id)
	}
	return aborted
}

// NextDeadlineNanos is when Expire has something to do; false when nothing can time out.
func (l *TransactionLog) NextDeadlineNanos() (int64, bool) {
	deadline := int64(math.MaxInt64)
	for _, i := range l.live {
		deadline = min(deadline, l.table[i].deadlineNanos)
	}
	return deadline, deadline != math.MaxInt64
}

// Expire aborts the transactions whose timeout has passed, prepared ones too (the silent
// loss that I4 is about), and returns them appended to expired.
func (l *TransactionLog) Expire(nowNanos int64, expired []TransactionID) []TransactionID {
	for i := 0; i < len(l.live); {
		t := &l.table[l.live[i]]
		if t.deadlineNanos > nowNanos {
			i++
			continue
		}
		l.close(t, LogTimedOut)
		expired = append(expired, t.id)
	}
	return expired
}

// close ends a live transaction and shows readers what no longer has to be held back.
func (l *TransactionLog) close(t *loggedTransaction, status LogStatus) {
	_, at, _ := l.search(t.id)
	ordinal := l.byTask[t.id.Task()][at]
	position, found := slices.BinarySearch(l.live, ordinal)
	if !found {
		panic(fmt.Sprintf("transaction log: %s is %s and cannot become %s", t.id, t.status, status))
	}
	l.live = slices.Delete(l.live, position, position+1)
	t.status = status
	if status == LogCommitted {
		position, _ = slices.BinarySearch(l.held, ordinal)
		l.held = slices.Insert(l.held, position, ordinal)
	}
	l.show()
}

func (l *TransactionLog) show() {
	shown := 0
	for _, ordinal := range l.held {
		if l.options.LastStableOffset && len(l.live) > 0 && ordinal > l.live[0] {
			break
		}
		l.visible = append(l.visible, l.table[ordinal].id)
		l.content = l.content.Plus(l.table[ordinal].content)
		shown++
	}
	l.held = slices.Delete(l.held, 0, shown)
}
