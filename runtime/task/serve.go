package task

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/sim"
)

// service is the time that one node of the chain takes for each record.
type service struct {
	job.Service
	operator uint64 // hash of the id: draws are addressed by it
	node     int
	sink     *sink.Service // of a sink
	waits    bool          // some of it is time without a core
}

// inService is the record in service: what the task works on between two turns of the
// loop. A record's effects happen at the end of its service, all at once.
type inService struct {
	reading       []reading // by input
	input         int
	record        record.Record
	fromSource    bool
	waitNanos     int64 // after the CPU part
	debtPicos     int64 // serialisation that the next record pays for
	consumedBytes int64 // since the last debloating
	timer         sim.TimerID
	held          bool // by a stalled operator
	work          sim.WorkID
	afterWrite    func(*Task, *sim.Context) // what follows when all output is written
}

// beginRecord starts the service of a record that came in.
func (t *Task) beginRecord(c *sim.Context, input int, r *record.Record) {
	t.serve.input, t.serve.record, t.serve.fromSource = input, *r, false
	costs := &t.config.Costs
	t.begin(c, int64(r.SizeBytes)*costs.DeserializePicosPB)
}

// begin charges the record in hand: CPU first, which is shared with whatever else runs on
// the node, then time without a core. extraPicos is CPU besides the operators' own.
func (t *Task) begin(c *sim.Context, extraPicos int64) {
	r := &t.serve.record
	if t.throwsAt(c, protocol.CallbackRecord) || t.poisoned(c, r) {
		return
	}
	picos, wait := extraPicos+t.serve.debtPicos+t.recordPicos(r), int64(0)
	for i := range t.services {
		s := &t.services[i]
		if s.waits {
			wait += t.waitNanos(c, s, r)
		}
	}
	t.busy = serving
	t.serve.debtPicos = picos % 1000
	t.serve.waitNanos = wait
	if cpu := picos / 1000; cpu > 0 {
		t.serve.work = c.CPU().Begin(c, cpu, sim.Message{Kind: rpc.CPUDone})
		return
	}
	t.wait(c)
}

// recordPicos is the CPU that the operators take for a record, times the factors by which
// faults slow them now.
func (t *Task) recordPicos(r *record.Record) int64 {
	picos := int64(0)
	for i := range t.services {
		s := &t.services[i]
		own := (s.CPUNanos+t.config.Costs.RecordNanos)*1000 + s.CPUPicosPerByte*int64(r.SizeBytes)
		picos += t.env.Faults.slowed(s.node, t.shape.Subtask, own)
	}
	return picos
}

// waitNanos is the addressed service time of (operator, record), times the factors by
// which a sink's profile and faults slow the operator now.
func (t *Task) waitNanos(c *sim.Context, s *service, r *record.Record) int64 {
	// The time belongs to the record, in every future of a run (sim.Kernel.Branch).
	draw := sim.Draw(t.env.Seed, sim.PurposeServiceTime, s.operator, r.Lineage, 0)
	nanos := s.Wait.At(draw)
	if s.sink != nil {
		nanos += s.sink.ProfileAt(c.NowNanos()).Of(s.sink.Base.At(draw))
	}
	return t.env.Faults.slowed(s.node, t.shape.Subtask, nanos)
}

func (t *Task) cpuDone(c *sim.Context) { t.wait(c) }

// stallOver lets a record that a stalled operator held end now.
func (t *Task) stallOver(c *sim.Context) {
	if t.busy == serving && t.serve.held {
		c.Cancel(t.serve.timer)
		t.wait(c)
	}
}

// wait spends the record's time without a core; a stalled operator holds it longer.
func (t *Task) wait(c *sim.Context) {
	now := c.NowNanos()
	until := now
	for i := range t.services {
		s := &t.services[i]
		until = max(until, t.env.Faults.stalledUntil(s.node, t.shape.Subtask))
		if s.sink != nil {
			until = max(until, s.sink.StalledUntil(now))
		}
	}
	t.serve.held = until > now
	if t.serve.waitNanos+until == now {
		t.recordDone(c)
		return
	}
	t.serve.timer = c.AfterRecord(t.serve.waitNanos+until-now, sim.Message{Kind: rpc.RecordDone})
}

// recordDone is the end of a record: the operators see it, and what they emit is written.
func (t *Task) recordDone(c *sim.Context) {
	t.busy = free
	r := &t.serve.record
	t.env.Metrics.record(t, c.NowNanos(), r)
	if t.serve.fromSource {
		t.sourceEmitted(c)
	} else {
		reading := &t.serve.reading[t.serve.input]
		reading.next++
		reading.channel.Received.Extend(r.Lineage)
		t.took(c, reading.channel)
	}
	t.applied(c, r)
	t.process(c, r)
}

// process runs the chain over the record in hand.
func (t *Task) process(c *sim.Context, r *record.Record) {
	t.chain.ClockNanos = c.ClockNanos()
	t.chain.Process(t.serve.input, r)
	t.spreadPoison(r, t.chain.Out.Records)
	t.tellClock(c)
	t.reportLate(c)
	t.armProcessingTimer(c)
	t.emitChain(c, nil)
}

// emitChain hands on what the chain has put out: to the sink, or to the partitions.
func (t *Task) emitChain(c *sim.Context, then func(*Task, *sim.Context)) {
	if t.sink != nil {
		t.sink.take(c, t.chain.Out.Records)
		if then != nil && t.busy != ended {
			then(t, c)
		}
		return
	}
	t.write(c, t.chain.Out.Records, then)
}

// write begins to write elements; then runs when they all are.
func (t *Task) write(c *sim.Context, elements []record.Record, then func(*Task, *sim.Context)) {
	t.serve.debtPicos += t.serializationPicos(elements)
	t.writer.Begin(elements)
	t.serve.afterWrite = then
	t.continueWriting(c)
}

// serializationPicos is the CPU that writing elements takes; the next record pays for it.
func (t *Task) serializationPicos(elements []record.Record) int64 {
	if t.config.Costs.SerializePicosPerB == 0 || t.sink != nil {
		return 0
	}
	bytes := int64(0)
	for i := range elements {
		bytes += int64(elements[i].SizeBytes)
	}
	return bytes * t.config.Costs.SerializePicosPerB
}

// continueWriting writes until everything is written or no memory is left (hard
// backpressure): then a returned segment calls it again.
func (t *Task) continueWriting(c *sim.Context) {
	for {
		done := t.writer.Resume()
		t.sendReady(c)
		if done {
			break
		}
		if !t.writer.Blocked().Pool.CanTake() {
			t.busy = writing
			return
		}
	}
	t.busy = free
	if t.config.BufferTimeoutNanos == 0 {
		t.flushOutputs(c)
	}
	if then := t.serve.afterWrite; then != nil {
		t.serve.afterWrite = nil
		then(t, c)
	}
}

// memoryReturned goes on with a write that waited for a segment.
func (t *Task) memoryReturned(c *sim.Context) {
	if t.busy == writing && t.writer.Blocked().Pool.CanTake() {
		t.continueWriting(c)
	}
}

// applied tells detailed runs of every record.
func (t *Task) applied(c *sim.Context, r *record.Record) {
	if t.env.Detailed {
		c.Emit(uint16(protocol.RecordApplied), int64(t.id), int64(t.services[0].operator),
			int64(t.serve.input), int64(r.Lineage), int64(r.Key), 0)
	}
}

func (t *Task) reportLate(c *sim.Context) {
	t.reportFired(c)
	for _, late := range t.chain.Late {
		c.Emit(uint16(protocol.LateRecordDropped), int64(t.id), int64(late.Operator), int64(late.Lineage), 0, 0, 0)
	}
}
