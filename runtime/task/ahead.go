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

	// stamp is that of the latest record; before the first one, where the run starts.
	stamp
	outputBytes int64 // of the record in hand
}

// stamp is what is known of one record of a run.
type stamp struct {
	mark      operator.Mark // before it
	endNanos  int64         // CPU time of the run at its end
	debtPicos int64         // serialisation still to pay, after it
	outputs   int           // of the records up to it, written where nobody sees them yet
}

// maxAhead bounds a run.
const maxAhead = 512

// buildAhead finds out whether the task can run ahead at all.
func (t *Task) buildAhead() {
	a := &t.ahead
	a.foresight = network.NewForesight(t.partitions)
	a.foresight.Borrow(t.workspace.places)
	a.possible = !t.env.RecordMode && !t.env.Detailed && len(t.inputs) <= 1 && a.foresight.Possible()
	a.possible = a.possible && t.config.BufferTimeoutNanos != 0 // else each record is flushed
	a.serializePicosPerByte = t.config.Costs.SerializePicosPerB
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
}

// runAhead begins a run over the records that next gives, a few at a time, each from the
// i-th of the run on. False: the first one must be served by itself.
func (t *Task) runAhead(c *sim.Context, picosPerByte int64, next func(*Task, int) []record.Record) bool {
	a := &t.ahead
	if !a.possible || len(t.env.Faults.Throws) > 0 || t.stalled() {
		return false
	}
	a.begin(c.NowNanos(), t.serve.debtPicos)
	t.chain.Begin()
	for len(a.stamps) < maxAhead && t.lookAhead(next(t, len(a.stamps)), picosPerByte+a.picosPerByte) {
	}
	if len(a.stamps) < 2 {
		if len(a.stamps) == 1 {
			t.chain.Rollback(a.stamps[0].mark)
		}
		t.endAhead()
		return false
	}
	a.active, t.busy = true, serving
	a.work = c.CPU().Begin(c, a.endNanos, sim.Message{Kind: rpc.AheadDone})
	return true
}

// begin empties the run.
func (a *ahead) begin(nowNanos, debtPicos int64) {
	a.read, a.stamps = a.read[:0], a.stamps[:0]
	a.settled, a.beganAt = 0, nowNanos
	a.endNanos, a.debtPicos, a.outputs = 0, debtPicos, 0
	a.foresight.Begin()
}

// lookAhead adds records to the run. False: it ends here, because there are none, or one
// must be served by itself.
func (t *Task) lookAhead(records []record.Record, picosPerByte int64) bool {
	a := &t.ahead
	for i := range records {
		r := &records[i]
		picos := a.debtPicos + a.fixedPicos + int64(r.SizeBytes)*picosPerByte
		if picos < 1000 || !r.IsRecord() {
			return false
		}
		if t.source != nil {
			r.BornNanos = a.beganAt + a.endNanos
		}
		mark := t.chain.Mark()
		a.outputBytes = 0
		if !t.foresee(r) {
			t.chain.Rollback(mark)
			return false
		}
		a.endNanos += picos / 1000
		a.debtPicos = picos%1000 + a.outputBytes*a.serializePicosPerByte
		a.stamps = append(a.stamps, stamp{mark, a.endNanos, a.debtPicos, a.outputs})
	}
	return len(records) > 0
}

// startOf is where the outputs of the i-th record begin.
func (a *ahead) startOf(i int) int {
	if i == 0 {
		return 0
	}
	return a.stamps[i-1].outputs
}

// foresee lets the operators handle a record that is run ahead, and puts what they emit
// where nobody sees it yet. False: the record must be served by itself.
func (t *Task) foresee(r *record.Record) bool {
	if t.chain.Operators() == 0 {
		return t.foreseeOutput(r)
	}
	t.chain.Process(0, r)
	out := t.chain.Out.Records
	for i := range out {
		if !t.foreseeOutput(&out[i]) {
			return false
		}
	}
	return len(t.chain.Late) == 0
}

func (t *Task) foreseeOutput(r *record.Record) bool {
	a := &t.ahead
	a.outputs++
	if t.sink != nil {
		return t.sink.foresee(r)
	}
	a.outputBytes += int64(r.SizeBytes)
	return a.foresight.Place(r)
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

// stalled reports whether an operator of the chain is held by a fault.
func (t *Task) stalled() bool {
	for i := range t.services {
		if t.env.Faults.stalledUntil(t.services[i].node, t.shape.Subtask) > 0 {
			return true
		}
	}
	return false
}

// nextOfBuffer gives what is left of the buffer in hand.
func nextOfBuffer(t *Task, i int) []record.Record {
	reading := &t.serve.reading[0]
	elements := reading.buffer.Piece.Elements[reading.next+i:]
	return elements[:min(len(elements), maxAhead-i)]
}

// readAhead is how many records of a split are read at once: the last ones of a run are
// often read in vain.
const readAhead = 16

// nextOfSplit gives the records of the split in hand for as long as they have arrived and
// no other split's come first.
func nextOfSplit(t *Task, i int) []record.Record {
	s, a := t.source, &t.ahead
	sp := &s.splits[s.reading]
	if i == 0 {
		a.read = append(a.read, sp.next)
	}
	for len(a.read) < i+readAhead {
		a.read = slices.Grow(a.read, 1)[:len(a.read)+1]
		last := len(a.read) - 1
		arrival, ok := s.reader.Next(sp.number, sp.offset+int64(last), &a.read[last])
		if !ok || arrival > a.beganAt || !s.comesFirst(arrival) {
			a.read = a.read[:last]
			break
		}
	}
	return a.read[i:]
}
