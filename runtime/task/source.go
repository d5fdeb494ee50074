package task

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/source"
	"simrun/sim"
)

// sourceReader reads the splits of one source subtask, the earliest arrival first
// (Flink: SourceOperator with a SourceReader).
type sourceReader struct {
	spec       *source.Spec
	reader     source.Reader
	splits     []split
	noMore     bool // no further split will be assigned
	watermarks *source.WatermarkGenerator
	reading    int // the split of the record in service
	peeked     record.Record
	idle       bool
	asked      bool // for a split, and not answered
	answers    int64
	ended      bool
}

// split is one split that the reader owns.
type split struct {
	number  int32
	offset  int64 // of the next record
	next    record.Record
	arrival int64
	fetched bool
	ended   bool
	beyond  beyond
}

// beyond is the record behind a run, which had not arrived: it is read once.
type beyond struct {
	offset  int64 // 0: none
	arrival int64
	record  record.Record
}

func (t *Task) buildSource() {
	node := &t.d.Plan.Graph.Nodes[t.vertex.Nodes[0]]
	if node.Source == nil {
		return
	}
	reader := node.Source.Open(source.Instance{
		Seed: t.env.Seed, Vertex: t.vertex.ID, Splits: node.Source.SplitCount(t.vertex.Parallelism),
	})
	if tempo := t.env.Faults.Tempo(t.vertex.Nodes[0], false); tempo != nil {
		reader = tempo.At(reader)
	}
	t.source = t.env.Workspaces.sources.New()
	*t.source = sourceReader{
		spec: node.Source, reader: reader, splits: t.env.Workspaces.splits.Room(len(t.d.Splits)),
	}
	if t.d.Splits != nil {
		t.source.noMore = true
		for _, n := range t.d.Splits {
			t.source.splits = append(t.source.splits, split{number: n})
		}
	}
}

// Bent has a running source keep to a tempo that has just changed: what it has fetched
// arrives at another time.
func (t *Task) Bent(tempo *source.Tempo) {
	t.source.reader = tempo.At(t.source.reader)
	for i := range t.source.splits {
		t.source.splits[i].fetched, t.source.splits[i].beyond.offset = false, 0
	}
}

// assignSplits adds splits that the enumerator gave. A second copy of an answer is none: the
// reader would take it for the answer to what it has asked since.
func (t *Task) assignSplits(c *sim.Context, a *rpc.SplitAssignment) {
	s := t.source
	if a.Answers != s.answers {
		return
	}
	s.answers++
	have := len(s.splits)
	s.assign(a)
	if s.watermarks != nil {
		t.tellSplits(c, s.splits[have:])
	}
}

func (s *sourceReader) assign(a *rpc.SplitAssignment) {
	for _, n := range a.Splits {
		if !slices.ContainsFunc(s.splits, func(have split) bool { return have.number == n }) {
			s.splits = append(s.splits, split{number: n})
		}
	}
	s.noMore = s.noMore || a.NoMore
	s.asked = false
}

// snapshot is the next offset of every split.
func (s *sourceReader) snapshot(m *rpc.Memory, bug protocol.Bug) []protocol.SplitPosition {
	positions := m.Positions.Make(len(s.splits))
	for i := range s.splits {
		positions[i] = protocol.SplitPosition{Split: s.splits[i].number, Offset: s.splits[i].offset}
		if bug == protocol.BugLastOffsetStored {
			positions[i].Offset = max(0, positions[i].Offset-1)
		}
	}
	return positions
}

// restore goes back to a snapshot's offsets.
func (s *sourceReader) restore(positions []protocol.SplitPosition) {
	s.splits = s.splits[:0]
	for _, p := range positions {
		s.splits = append(s.splits, split{number: p.Split, offset: p.Offset})
	}
}

// start begins to make watermarks. A source that cannot rewind goes on where it is live,
// once the job has been restarted: what comes before the first attempt reads waits for it.
func (s *sourceReader) start(t *Task, c *sim.Context) {
	if !s.spec.Rewindable && t.attempt > 0 {
		for i := range s.splits {
			live := s.reader.OffsetAt(s.splits[i].number, c.NowNanos())
			s.splits[i].offset = max(s.splits[i].offset, live)
		}
	}
	t.tellSplits(c, s.splits)
	s.watermarks = source.NewWatermarkGenerator(s.spec.Watermarks, s.reader.Splits(), c.ClockNanos())
	t.armWatermark(c)
	if len(s.splits) == 0 {
		t.askSplit(c)
	}
}

// askSplit asks the enumerator for a split, and again if no answer comes.
func (t *Task) askSplit(c *sim.Context) {
	if t.source.noMore || t.source.asked {
		return
	}
	t.source.asked = true
	c.Post(t.host.JobManager(), requestSizeBytes, sim.Message{
		Kind: rpc.OperatorAsk, A: int64(t.id), B: int64(t.attempt), C: t.source.answers,
	})
	c.After(askAgainNanos, sim.Message{Kind: rpc.Retry})
}

// askAgainNanos is when a request for a split counts as lost.
const askAgainNanos = 10e9

// askAgain repeats a request that was not answered.
func (t *Task) askAgain(c *sim.Context) {
	if t.source.asked {
		t.source.asked = false
		t.askSplit(c)
	}
}

// earliest is the split whose next record arrives first; -1: all have ended.
func (s *sourceReader) earliest(t *Task, now int64) int {
	best := -1
	for i := range s.splits {
		sp := &s.splits[i]
		if sp.ended {
			continue
		}
		if !sp.fetched && sp.beyond.offset == sp.offset && sp.offset > 0 {
			sp.next, sp.arrival, sp.fetched = sp.beyond.record, sp.beyond.arrival, true
		}
		if !sp.fetched {
			arrival, ok := s.reader.Next(sp.number, sp.offset, &sp.next)
			if !ok {
				sp.ended = true
				s.watermarks.End(int(sp.number))
				if replay := t.env.Metrics.Replay; replay != nil {
					replay.ended(t.vertex.ID, sp.number, now)
				}
				continue
			}
			sp.arrival, sp.fetched = arrival, true
		}
		if best < 0 || sp.arrival < s.splits[best].arrival {
			best = i
		}
	}
	return best
}

// readSource begins the next record of the source. False: none has arrived yet.
func (t *Task) readSource(c *sim.Context) bool {
	s := t.source
	if !t.running || s.ended {
		return false
	}
	if t.finish.wasDone {
		s.ended = true
		t.sourceEnded(c)
		return true
	}
	at := s.earliest(t, c.NowNanos())
	if at < 0 {
		if !s.noMore {
			t.askSplit(c)
			return false
		}
		s.ended = true
		t.sourceEnded(c)
		return true
	}
	next := &s.splits[at]
	if wait := next.arrival - c.NowNanos(); wait > 0 {
		t.awaitArrival(c, wait)
		return false
	}
	s.reading = at
	if t.throwsAt(c, protocol.CallbackRead) {
		return true
	}
	if !t.replaying() && t.runAhead(c, 0, nextOfSplit) {
		return true
	}
	t.serve.input, t.serve.fromSource = 0, true
	t.serve.record = next.next
	t.serve.record.BornNanos = c.NowNanos()
	t.begin(c, 0)
	return true
}

// replaying reports whether the sources are being followed after a failure.
func (t *Task) replaying() bool {
	replay := t.env.Metrics.Replay
	return replay != nil && replay.CaughtUpNanos == 0
}

// comesFirst reports whether a record of the split in hand that arrives then is read
// before those of all other splits.
func (s *sourceReader) comesFirst(arrival int64) bool {
	for i := range s.splits {
		sp := &s.splits[i]
		if i == s.reading || sp.ended {
			continue
		}
		if sp.arrival < arrival || sp.arrival == arrival && i < s.reading {
			return false
		}
	}
	return true
}

func (t *Task) awaitArrival(c *sim.Context, wait int64) {
	if t.timers.source == sim.NoTimer {
		t.timers.source = c.After(wait, sim.Message{Kind: rpc.SourceReady})
	}
}

// sourceEmitted moves the split on: from now the record is in the snapshot's past.
func (t *Task) sourceEmitted(c *sim.Context) {
	s := t.source
	sp := &s.splits[s.reading]
	s.watermarks.Record(int(sp.number), sp.next.TimeNanos, c.ClockNanos())
	t.witness.tookRecord(sp.next.Lineage)
	sp.offset++
	sp.fetched = false
	if replay := t.env.Metrics.Replay; replay != nil && replay.CaughtUpNanos == 0 {
		replay.emitted(t.vertex.ID, sp.number, sp.offset, sp.arrival, c.NowNanos())
	}
}

func (t *Task) armWatermark(c *sim.Context) {
	if t.config.WatermarkIntervalNanos > 0 {
		c.After(t.config.WatermarkIntervalNanos, sim.Message{Kind: rpc.WatermarkTimer, Housekeeping: true})
	}
}

// watermarkTimer emits what the source knows of event time. It needs room like a record.
func (t *Task) watermarkTimer(c *sim.Context) {
	s := t.source
	t.armWatermark(c)
	if s.ended || t.finish.done || !t.outputsAvailable() {
		return
	}
	nanos, advanced, idle := s.watermarks.Next(c.ClockNanos())
	if idle != s.idle {
		t.tellTaken(c)
		s.idle = idle
		t.inactive[0] = idle
		t.statusChanged(c, 0, nanos)
		return
	}
	if advanced {
		t.tellTaken(c)
		t.advanceWatermark(c, 0, nanos)
	}
}
