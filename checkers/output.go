package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Output holds that what readers of an external system see is what was committed: every
// committed transaction becomes visible exactly once, as a whole, and nothing else does;
// in the end the system holds the sum of what became visible. The interleaving that it is
// for (StarRocks #105):
//
//  1. a sink fails; its close() flushes what it had buffered;
//  2. the external system shows the records, which no checkpoint holds;
//  3. the restored sink writes them again, in a transaction.
type Output struct {
	table    transactionTable
	sums     []protocol.Tally // by position in Setup.Sinks
	last     []sim.Event
	records  []protocol.Tally // of RecordVisible since the last OutputVisible
	detailed bool
	base     bool
}

// NewOutput makes the checker.
func NewOutput() *Output { return &Output{} }

// Name is "output".
func (o *Output) Name() string { return "output" }

// Kinds are commits and what readers see.
func (o *Output) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.TransactionCommitted, protocol.OutputVisible, protocol.RecordVisible}
}

// Reset forgets the run.
func (o *Output) Reset(s *Setup) {
	o.table.reset(countTasks(s))
	o.sums, o.last = resized(o.sums, len(s.Sinks)), resized(o.last, len(s.Sinks))
	o.records = resized(o.records, len(s.Sinks))
	o.detailed, o.base = s.Detailed, s.RestoredFrom > 0
}

// Observe follows one transaction's output.
func (o *Output) Observe(e *sim.Event, r *Report) {
	sink := sinkIndex(r.History().setup, e.Args[0])
	if sink < 0 {
		return
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.TransactionCommitted:
		if t := o.table.at(protocol.TransactionID(e.Args[1])); t != nil && t.committed.Kind == 0 {
			t.committed = *e
		}
	case protocol.RecordVisible:
		o.records[sink].Add(uint64(e.Args[2]))
	case protocol.OutputVisible:
		o.visible(sink, e, r)
	}
}

func (o *Output) visible(sink int, e *sim.Event, r *Report) {
	content := protocol.Tally{Count: e.Args[2], Sum: uint64(e.Args[3])}
	o.sums[sink], o.last[sink] = o.sums[sink].Plus(content), *e
	o.checkRecords(sink, content, e, r)
	if e.Args[1] == 0 {
		o.checkPlain(sink, e, r)
		return
	}
	if t := o.table.at(protocol.TransactionID(e.Args[1])); t != nil {
		o.checkCommitted(t, e, r)
		t.visible = *e
	}
}

// checkPlain holds that a transactional sink shows nothing outside of transactions.
func (o *Output) checkPlain(sink int, e *sim.Event, r *Report) {
	if s := &r.History().setup.Sinks[sink]; s.Promise == Transactional {
		r.Violate(CommittedEarly, s.Name, fmt.Sprintf(
			"%d records became visible outside of any transaction", e.Args[2]), o.last[sink])
	}
}

func (o *Output) checkCommitted(t *transaction, e *sim.Event, r *Report) {
	role, c := r.History().sinkRole(e.Args[0]), &t.committed
	switch {
	case t.visible.Kind != 0:
		r.Violate(Duplicated, role, t.id.String()+" became visible twice", t.visible, *e)
	case c.Kind == 0:
		r.Violate(CommittedEarly, role, t.id.String()+" became visible and was not committed", *e)
	case c.Args[2] != e.Args[2] || c.Args[3] != e.Args[3]:
		r.Violate(TornTransaction, role, fmt.Sprintf("%s was committed with %d records; %d became visible",
			t.id, c.Args[2], e.Args[2]), *c, *e)
	}
}

// checkRecords compares an output with its records one by one, in detailed runs.
func (o *Output) checkRecords(sink int, content protocol.Tally, e *sim.Event, r *Report) {
	records := o.records[sink]
	o.records[sink] = protocol.Tally{}
	if o.detailed && records != (protocol.Tally{}) && records != content {
		r.Violate(TornTransaction, r.History().sinkRole(e.Args[0]), fmt.Sprintf(
			"an output of %d records showed %d of them, or others",
			content.Count, records.Count), *e)
	}
}

// Finish compares what became visible with what the external system holds.
func (o *Output) Finish(end *End, r *Report) {
	h := r.History()
	for _, out := range end.Outputs {
		sink := sinkIndex(h.setup, out.Sink)
		if sink < 0 || o.base || h.setup.Sinks[sink].Promise == Upsert {
			continue
		}
		if want := o.sums[sink]; out.Visible != want {
			r.Violate(byCount(out.Visible, want), h.sinkRole(out.Sink), fmt.Sprintf(
				"%d records became visible; the system holds %d",
				want.Count, out.Visible.Count), o.last[sink])
		}
	}
}

// byCount classifies a difference of two tallies: fewer, more, or others.
func byCount(got, want protocol.Tally) Class {
	switch {
	case got.Count < want.Count:
		return Lost
	case got.Count > want.Count:
		return Duplicated
	}
	return Corrupt
}

// sinkIndex is the position of the sink with that id in the setup; -1 when it has none.
func sinkIndex(s *Setup, id int64) int {
	for i := range s.Sinks {
		if s.Sinks[i].ID == id {
			return i
		}
	}
	return -1
}
