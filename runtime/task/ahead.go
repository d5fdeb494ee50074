package task

import (
	"slices"

	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// ahead is a run of records that the task handles in one go, for the price of one event:
// each is stamped with the CPU time at which it ends, and counts from then on only.
//
//	start ──r0──┬──r1──┬──r2──┬── … ──┬ end     operators have seen all of them;
//	            ▲ ends │      │       │         what ended is settled before anything
//	   a mail ──┴──────┘ cut: r1 ends, r2 … are taken back   that could tell looks
//
// Only records that nobody can tell apart from outside are run ahead: their output goes
// into segments that are open already. (1) A record fills a segment in the middle of a
// run. (2) The buffer must leave at that instant, not at the end of the run; and whether
// the next segment is free depends on what happens until then. So such a record, and one
// whose service is more than CPU time, is served by itself, between two runs.
type ahead struct {
	active    bool
	work      sim.WorkID
	beganAt   int64           // virtual time
	read      []record.Record // by a source; others have theirs in the buffer in hand
	stamps    []stamp         // by record
	settled   int             // records that have ended and count
	foresight *network.Foresight
	possible  bool
	// fixedPicos and picosPerByte are the operators' CPU for a record; writing its output
	// takes serializePicosPerByte more, which the next record pays.
	fixedPicos, picosPerByte, serializePicosPerByte int64

	most      int                 // records that the operators handle in one call
	calls     []operator.Foreseen // what the records of the latest call did
	endNanos  int64               // of the stamps, as they go on
	debtPicos int64
}

// stamp is what is known of one record of a run.
type stamp struct {
	mark      operator.Mark // before it
	endNanos  int64         // CPU time of the run at its end
	debtPicos int64         // serialisation still to pay, after it
	outputs   int           // of the records up to it, written where nobody sees them yet
}

// maxAhead bounds a run, and handledAtOnce what the operators see of it in one call: the
// fewer that are, the fewer have to be taken back at its end.
const (
	maxAhead      = 512
	handledAtOnce = 16
)

// buildAhead finds out whether the task can run ahead at all.
func (t *Task) buildAhead() {
	a := &t.ahead
	a.foresight = network.NewForesight(t.partitions)
	a.foresight.Borrow(t.workspace.places)
	a.possible = !t.env.RecordMode && !t.env.Detailed && len(t.inputs) <= 1 && a.foresight.Possible()
	a.possible = a.possible && t.config.BufferTimeoutNanos != 0 // else each record is flushed
	if t.sink == nil {
		a.serializePicosPerByte = t.config.Costs.SerializePicosPerB
	}
	for i := range t.services {
		s := &t.services[i]
		a.possible = a.possible && !s.waits
		a.fixedPicos += (s.CPUNanos + t.config.Costs.RecordNanos) * 1000
		a.picosPerByte += s.CPUPicosPerByte
	}
	for i := range t.chain.Operators() {
		spec := t.chain.Spec(i)
		a.possible = a.possible && !spec.ReadsClock && !spec.Timers
	}
	t.buildCalls()
}

// buildCalls says how many records the operators handle in one call. Those chained behind a
// source see one: when the next is born follows from what they emit for this one. Without
// operators every record passes, and calls never change.
func (t *Task) buildCalls() {
	a := &t.ahead
	a.most = handledAtOnce
	switch {
	case t.chain.Operators() == 0:
		a.calls = a.calls[:0]
		for i := range a.most {
			a.calls = append(a.calls, operator.Foreseen{Outputs: i + 1})
		}
	case t.source != nil:
		a.most = 1
	}
}

// atOnce is how many records are handled in the next call, i having gone well.
func (a *ahead) atOnce(i int) int { return min(a.most, max(i, 2), maxAhead-i) }

// runAhead begins a run over the records that next gives, a few at a time, each from the
// i-th of the run on. False: the first one must be served by itself.
func (t *Task) runAhead(c *sim.Context, picosPerByte int64, next func(*Task, int) []record.Record) bool {
	a := &t.ahead
	if !a.possible || t.watched() || t.hurt() {
		return false
	}
	a.begin(c.NowNanos(), t.serve.debtPicos)
	t.chain.Begin()
	for len(a.stamps) < maxAhead && t.lookAhead(next(t, len(a.stamps)), picosPerByte+a.picosPerByte) {
	}
	if len(a.stamps) == 0 {
		t.endAhead()
		return false
	}
	a.active, t.busy = true, serving
	a.work = c.CPU().Begin(c, a.stamps[len(a.stamps)-1].endNanos, sim.Message{Kind: rpc.AheadDone})
	return true
}

// begin empties the run.
func (a *ahead) begin(nowNanos, debtPicos int64) {
	a.read, a.stamps = a.read[:0], a.stamps[:0]
	a.settled, a.beganAt = 0, nowNanos
	a.endNanos, a.debtPicos = 0, debtPicos
	a.foresight.Begin()
}

// lookAhead adds records to the run: the operators handle them, and what they emit is put
// where nobody sees it yet. False: the run ends here, because there are no more, or one
// must be served by itself; what the operators did with that one is taken back.
func (t *Task) lookAhead(records []record.Record, picosPerByte int64) bool {
	if len(records) == 0 {
		return false
	}
	a := &t.ahead
	first := len(a.stamps)
	if t.source != nil {
		records[0].BornNanos = a.beganAt + a.endNanos
	}
	out := records
	if t.chain.Operators() > 0 {
		a.calls = t.chain.ProcessAhead(0, records, a.calls[:0])
		out = t.chain.Out.Records
	}
	t.stamp(records, out, picosPerByte)
	n, placed := len(a.stamps)-first, t.writeAhead(out)
	for n > 0 && a.calls[n-1].Outputs > placed {
		n--
	}
	if n == len(records) {
		return true
	}
	a.stamps = a.stamps[:first+n]
	t.chain.Rollback(a.calls[n].Before)
	return false
}

// stamp says when records end, up to one that takes no CPU time worth the name, or that an
// operator drops as late.
func (t *Task) stamp(records, out []record.Record, picosPerByte int64) {
	a := &t.ahead
	before, written := a.startOf(len(a.stamps)), 0
	endNanos, debtPicos, calls := a.endNanos, a.debtPicos, a.calls[:len(records)]
	for i := range records {
		picos := debtPicos + a.fixedPicos + int64(records[i].SizeBytes)*picosPerByte
		if picos < 1000 || calls[i].Late > 0 {
			break
		}
		endNanos, debtPicos = endNanos+picos/1000, picos%1000
		for ; a.serializePicosPerByte > 0 && written < calls[i].Outputs; written++ {
			debtPicos += int64(out[written].SizeBytes) * a.serializePicosPerByte
		}
		a.stamps = append(a.stamps, stamp{calls[i].Before, endNanos, debtPicos, before + calls[i].Outputs})
		if t.source != nil && i+1 < len(records) {
			records[i+1].BornNanos = a.beganAt + endNanos
		}
	}
	a.endNanos, a.debtPicos = endNanos, debtPicos
}

// writeAhead puts what the operators emitted where nobody sees it yet, and says how many
// elements found room there.
func (t *Task) writeAhead(out []record.Record) int {
	if t.sink != nil {
		return t.sink.foresee(out)
	}
	return t.ahead.foresight.Place(out)
}

// startOf is where the outputs of the i-th record begin.
func (a *ahead) startOf(i int) int {
	if i == 0 {
		return 0
	}
	return a.stamps[i-1].outputs
}

// settleAhead makes those records of the run count that have ended by now. It comes
// before anything that could tell: a poll, a flush, a credit.
func (t *Task) settleAhead(c *sim.Context) {
	a := &t.ahead
	if !a.active {
		return
	}
	received := c.CPU().Received(a.work)
	ended := a.settled
	for ended < len(a.stamps) && a.stamps[ended].endNanos <= received {
		ended++
	}
	t.settle(c, ended)
}

// settle makes the records before the end-th count.
func (t *Task) settle(c *sim.Context, end int) {
	a := &t.ahead
	if end == a.settled {
		return
	}
	from, to := a.startOf(a.settled), a.startOf(end)
	if t.sink != nil {
		t.sink.reveal(to - from)
	} else {
		a.foresight.Reveal(from, to)
	}
	if t.source != nil {
		t.endedOfSource(c, end)
	} else {
		t.endedOfBuffer(c, end)
	}
	t.serve.debtPicos = a.stamps[end-1].debtPicos
	a.settled = end
}

// endedOfSource counts the records up to the end-th as read.
func (t *Task) endedOfSource(c *sim.Context, end int) {
	a := &t.ahead
	read := a.read[a.settled:end]
	t.serve.fromSource = true
	t.env.Metrics.emitted(t, int64(len(read)))
	t.measureLatency(c, read)
	sp := &t.source.splits[t.source.reading]
	t.source.watermarks.Record(int(sp.number), latest(read), c.ClockNanos())
	t.witness.tookRecords(read)
	sp.offset += int64(len(read))
	sp.fetched = false
	if t.replaying() { // since the run began: no run begins then
		t.env.Metrics.Replay.emitted(t.vertex.ID, sp.number, sp.offset, sp.arrival, c.NowNanos())
	}
}

// latest is the latest event time of records.
func latest(records []record.Record) int64 {
	nanos := records[0].TimeNanos
	for i := range records {
		nanos = max(nanos, records[i].TimeNanos)
	}
	return nanos
}

// measureLatency measures the records of a sink that follow the settled ones.
func (t *Task) measureLatency(c *sim.Context, records []record.Record) {
	if t.sink == nil {
		return
	}
	a, now := &t.ahead, c.NowNanos()
	for i := range records {
		t.env.Metrics.latency(min(a.beganAt+a.stamps[a.settled+i].endNanos, now), records[i].BornNanos)
	}
}

// endedOfBuffer counts the records up to the end-th as taken from the buffer in hand.
func (t *Task) endedOfBuffer(c *sim.Context, end int) {
	a, reading := &t.ahead, &t.serve.reading[0]
	first := reading.next - a.settled
	taken := reading.buffer.Piece.Elements[reading.next : first+end]
	t.serve.fromSource = false
	t.env.Metrics.took(t, int64(len(taken)))
	t.measureLatency(c, taken)
	t.tookAll(c, reading.channel, taken)
	reading.next = first + end
}

// cutAhead ends the run with the record in service: a mail has come, and waits for no
// more than that. The records behind it are taken back.
func (t *Task) cutAhead(c *sim.Context) {
	a := &t.ahead
	if !a.active {
		return
	}
	t.settleAhead(c)
	inService := a.settled
	if inService+1 >= len(a.stamps) || !c.CPU().Resize(c, a.work, a.stamps[inService].endNanos) {
		return
	}
	t.chain.Rollback(a.stamps[inService+1].mark)
	a.stamps = a.stamps[:inService+1]
}

// interruptAhead prepares the task for a message during a run: what looks at buffers
// finds them as they are now, and a mail waits for the end of the record in service only.
func (t *Task) interruptAhead(c *sim.Context, kind rpc.Kind) {
	switch kind {
	case rpc.AheadDone, rpc.Buffer, rpc.Recycle, rpc.DataAvailable, rpc.NewBufferSize:
	case rpc.Serialized, rpc.AcknowledgeDue, rpc.StateStored, rpc.ChannelStateStored, rpc.Wake:
	case rpc.Credit, rpc.Resume, rpc.Poll, rpc.PartitionRequest, rpc.FlushTimer:
		t.settleAhead(c)
	default:
		t.cutAhead(c)
	}
}

// aheadDone is the end of a run.
func (t *Task) aheadDone(c *sim.Context) {
	a := &t.ahead
	t.settle(c, len(a.stamps))
	t.endAhead()
	a.active, t.busy = false, free
}

// endAhead makes what was settled final and gives up the rest.
func (t *Task) endAhead() {
	t.chain.Commit()
	t.ahead.foresight.Forget()
	if t.sink != nil {
		t.sink.foreseen = 0
	}
}

// hurt reports whether an operator of the chain is held, or made slower, by a fault.
func (t *Task) hurt() bool {
	for i := range t.services {
		if t.env.Faults.hurts(t.services[i].node, t.shape.Subtask) {
			return true
		}
	}
	return false
}

// nextOfBuffer gives the next records of the buffer in hand, up to a watermark.
func nextOfBuffer(t *Task, i int) []record.Record {
	reading := &t.serve.reading[0]
	elements := reading.buffer.Piece.Elements[reading.next+i:]
	elements = elements[:min(len(elements), t.ahead.atOnce(i))]
	for e := range elements {
		if !elements[e].IsRecord() {
			return elements[:e]
		}
	}
	return elements
}

// nextOfSplit gives the next records of the split in hand for as long as they have arrived
// and no other split's come first.
func nextOfSplit(t *Task, i int) []record.Record {
	s, a := t.source, &t.ahead
	sp := &s.splits[s.reading]
	n := a.atOnce(i)
	a.read = slices.Grow(a.read, n)[:i+n]
	if i == 0 {
		a.read[0] = sp.next
	}
	for at := max(i, 1); at < i+n; at++ {
		arrival, ok := s.reader.Next(sp.number, sp.offset+int64(at), &a.read[at])
		if !ok || arrival > a.beganAt || len(s.splits) > 1 && !s.comesFirst(arrival) {
			if ok {
				sp.beyond = beyond{sp.offset + int64(at), arrival, a.read[at]}
			}
			a.read = a.read[:at]
			break
		}
	}
	return a.read[i:]
}
