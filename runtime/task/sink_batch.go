package task

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/sim"
)

// flushRecords is how many records a sink's client sends at once; it sends fewer after
// flushNanos.
const (
	flushRecords = 256
	flushNanos   = 100e6
)

// foresee takes records before their time, behind the visible end of what is buffered, and
// says how many: with the next one something else would happen, as a message is sent, or a
// timer set.
func (s *sinkDriver) foresee(records []record.Record) int {
	if s.discards() {
		return len(records)
	}
	at := len(s.buffered) + s.foreseen
	if s.two == nil && !s.lingering || at+1 >= flushRecords {
		return 0
	}
	if s.buffered == nil {
		s.buffered = s.task.env.Batches.Take()
	}
	taken := copy(s.buffered[at:flushRecords-1], records)
	s.foreseen += taken
	return taken
}

// reveal takes the first n foreseen records: their time has come.
func (s *sinkDriver) reveal(n int) {
	if s.discards() {
		return
	}
	visible := len(s.buffered)
	s.buffered = s.buffered[:visible+n]
	s.foreseen -= n
	s.count(s.buffered[visible:])
}

func (s *sinkDriver) discards() bool { return s.spec.Kind == sink.Discard }

// take buffers what the task has put out.
func (s *sinkDriver) take(c *sim.Context, records []record.Record) {
	if s.discards() {
		return
	}
	if s.buffered == nil && len(records) > 0 {
		s.buffered = s.task.env.Batches.Take()
	}
	visible := len(s.buffered)
	for i := range records {
		if records[i].IsRecord() {
			s.buffered = append(s.buffered, records[i])
		}
	}
	s.count(s.buffered[visible:])
	if len(s.buffered) >= flushRecords {
		s.flush(c)
		return
	}
	if s.two == nil && len(s.buffered) > 0 && !s.lingering {
		s.lingering = true
		c.After(flushNanos, sim.Message{Kind: rpc.FlushTimer + sinkTimers})
	}
}

// count adds records to what waits.
func (s *sinkDriver) count(records []record.Record) {
	added, bytes := protocol.Tally{}, int64(0)
	for i := range records {
		added.Add(records[i].Lineage)
		bytes += int64(records[i].SizeBytes)
	}
	s.content, s.waiting, s.bytes = s.content.Plus(added), s.waiting.Plus(added), s.bytes+bytes
}

// flush sends the buffered records: into the open transaction, or as plain writes.
func (s *sinkDriver) flush(c *sim.Context) {
	if len(s.buffered) == 0 {
		return
	}
	if s.two == nil {
		s.send(c, rpc.ExternalWrite, 0)
		return
	}
	if !s.task.before(c, protocol.StepWriteTransaction, protocol.NoCheckpoint) {
		s.send(c, rpc.ExternalWrite, s.two.Current())
		s.task.after(c, protocol.StepWriteTransaction, protocol.NoCheckpoint)
	}
}
