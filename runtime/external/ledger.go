package external

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
)

// Committed is a record that readers of the system see.
type Committed struct {
	Sink        protocol.VertexID
	Transaction protocol.TransactionID // 0: written without one
	Record      record.Record
}

// Ledger is the durable part of a system: it survives crashes of its process, and it is
// what checkers and readers look at after a run.
type Ledger struct {
	plan *job.Plan
	// batches, if not nil, gets the memory of what has become visible back.
	batches *record.Batches
	// keep bounds visible; tallies are always complete.
	keep         int
	transactions *protocol.TransactionLog
	visible      []Committed
	shown        int                // of transactions.Visible()
	untold       []change           // what a crash kept from being told
	writers      []protocol.Attempt // by task: the newest that wrote to a table
	contents     []protocol.Tally   // by vertex: what is visible
	tables       []*sink.Table      // by vertex: of upsert sinks
	written      []writtenRecords   // of transactions that are not visible yet
	spare        [][]batch          // lists of transactions that are
	sessions     []session          // one for each task and attempt
}

// writtenRecords are what was written into a transaction.
type writtenRecords struct {
	transaction protocol.TransactionID
	batches     []batch
}

// batch is what one request wrote: its records, or only what readers will be told of them
// where nobody looks at single ones.
type batch struct {
	records []record.Record
	content protocol.Tally
	shown   uint64 // sum of the records' contents
}

// newBatch sums records up.
func newBatch(records []record.Record) batch {
	b := batch{records: records}
	for i := range records {
		b.content.Add(records[i].Lineage)
		b.shown += records[i].Content()
	}
	return b
}

// session is the conversation with one attempt of one task.
type session struct {
	task    protocol.TaskID
	attempt protocol.Attempt
	// applied is the last request that took effect; refused are those of them that were
	// not answered with ExternalOK.
	applied int64
	refused []refusal
}

type refusal struct {
	sequence int64
	status   rpc.ExternalStatus
}

// Recycle gives the memory of records back when they have become visible. Their sender
// must not read a batch after it was answered.
func (l *Ledger) Recycle(to *record.Batches) { l.batches = to }

// NewLedger makes the empty ledger of a system for a job. It keeps the first keep visible
// records; all of them count in the tallies.
func NewLedger(plan *job.Plan, keep int) *Ledger {
	l := &Ledger{
		plan: plan, keep: keep,
		transactions: protocol.NewTransactionLog(protocol.TransactionLogOptions{Tasks: len(plan.Tasks)}),
		contents:     make([]protocol.Tally, len(plan.Vertices)),
		tables:       make([]*sink.Table, len(plan.Vertices)),
	}
	for v := range plan.Vertices {
		if node := plan.SinkOf(&plan.Vertices[v]); node != nil && node.Sink.Kind == sink.Upsert {
			l.tables[v] = &sink.Table{}
		}
	}
	return l
}

// admits reports whether a write without a transaction counts. A table takes none of an
// attempt older than the newest that wrote for the task, or readers would see old values for
// ever: (1) an attempt's last write is on its way, or its task is a zombie; (2) the next
// attempt replays the record and writes newer values of its key; (3) the old write comes.
func (l *Ledger) admits(sink protocol.VertexID, task protocol.TaskID, attempt protocol.Attempt) bool {
	if l.tables[sink] == nil {
		return true
	}
	if l.writers == nil {
		l.writers = make([]protocol.Attempt, len(l.plan.Tasks))
	}
	if attempt < l.writers[task] {
		return false
	}
	l.writers[task] = attempt
	return true
}

// Visible are the records that readers see, in the order in which they came to see them,
// up to the number that is kept.
func (l *Ledger) Visible() []Committed { return l.visible }

// Content tallies everything that readers see of a sink.
func (l *Ledger) Content(sink protocol.VertexID) protocol.Tally { return l.contents[sink] }

// Table is what an upsert sink has written; nil for other sinks.
func (l *Ledger) Table(sink protocol.VertexID) *sink.Table { return l.tables[sink] }

// OpenTransactions is the number of transactions that are neither committed nor aborted.
func (l *Ledger) OpenTransactions() int { return l.transactions.Live() }

// Transactions is the table of all transactions. It must not be changed.
func (l *Ledger) Transactions() *protocol.TransactionLog { return l.transactions }

func (l *Ledger) session(task protocol.TaskID, attempt protocol.Attempt) *session {
	for i := len(l.sessions) - 1; i >= 0; i-- {
		if s := &l.sessions[i]; s.task == task && s.attempt == attempt {
			return s
		}
	}
	l.sessions = append(l.sessions, session{task: task, attempt: attempt})
	return &l.sessions[len(l.sessions)-1]
}

// answerTo is how a request that took effect before was answered.
func (s *session) answerTo(sequence int64) rpc.ExternalStatus {
	for _, r := range s.refused {
		if r.sequence == sequence {
			return r.status
		}
	}
	return rpc.ExternalOK
}

func (s *session) apply(sequence int64, status rpc.ExternalStatus) {
	s.applied = sequence
	if status != rpc.ExternalOK {
		s.refused = append(s.refused, refusal{sequence, status})
	}
}

// addRecords keeps what was written into a transaction until it is visible.
func (l *Ledger) addRecords(id protocol.TransactionID, records []record.Record, detailed bool) {
	if len(records) == 0 {
		return
	}
	b := newBatch(records)
	if l.keep == 0 && !detailed && l.tables[l.plan.Tasks[id.Task()].Vertex] == nil {
		b.records = nil
		l.batches.Give(records)
	}
	for i := range l.written {
		if l.written[i].transaction == id {
			l.written[i].batches = append(l.written[i].batches, b)
			return
		}
	}
	var batches []batch
	if last := len(l.spare) - 1; last >= 0 {
		batches, l.spare = l.spare[last], l.spare[:last]
	}
	l.written = append(l.written, writtenRecords{id, append(batches, b)})
}

// takeRecords gives up what was written into a transaction.
func (l *Ledger) takeRecords(id protocol.TransactionID) []batch {
	for i := range l.written {
		if l.written[i].transaction == id {
			batches := l.written[i].batches
			l.written = append(l.written[:i], l.written[i+1:]...)
			return batches
		}
	}
	return nil
}

// recycle gives up batches that nobody reads any more: a repeated request is answered
// without a look at its records.
func (l *Ledger) recycle(batches []batch) {
	for i := range batches {
		l.batches.Give(batches[i].records)
	}
	if cap(batches) > 0 {
		clear(batches)
		l.spare = append(l.spare, batches[:0])
	}
}

// show makes a batch visible to readers.
func (l *Ledger) show(v protocol.VertexID, id protocol.TransactionID, b *batch) {
	table, records := l.tables[v], b.records
	l.contents[v] = l.contents[v].Plus(b.content)
	for i := range records {
		if table != nil {
			table.Upsert(&records[i])
		}
		if len(l.visible) < l.keep {
			l.visible = append(l.visible, Committed{v, id, records[i]})
		}
	}
}
