package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Frontier holds that in every completed checkpoint the sources' positions are the
// frontier of what was applied: the state of an operator that sees source records holds
// exactly those before the positions, less what is recorded in flight. The interleaving
// that it is for (FLINK-4618):
//
//  1. a source has emitted the records before offset 40 when the barrier passes;
//  2. it stores 39, the last offset read, where 40, the next one to read, was due;
//  3. channels and counters are consistent: nobody else notices;
//  4. a restore reads record 39 again.
type Frontier struct {
	splits []splitTally
}

// splitTally is the tally of all records of a split before an offset. It moves with the
// positions of the checkpoints, so that its cost is one step a record.
type splitTally struct {
	source protocol.VertexID
	split  int32
	offset int64
	sum    protocol.Tally
}

// NewFrontier makes the checker.
func NewFrontier() *Frontier { return &Frontier{} }

// Name is "frontier".
func (f *Frontier) Name() string { return "frontier" }

// Kinds are none: it looks at completed checkpoints only.
func (f *Frontier) Kinds() []protocol.EventKind { return nil }

// Reset forgets all splits.
func (f *Frontier) Reset(*Setup) { f.splits = f.splits[:0] }

// Observe is never called.
func (f *Frontier) Observe(*sim.Event, *Report) {}

// Finish has nothing to add.
func (f *Frontier) Finish(*End, *Report) {}

// ObservePoint judges one completed checkpoint.
func (f *Frontier) ObservePoint(p *protocol.RecoveryPoint, r *Report) {
	h := r.History()
	if len(p.Tasks) < h.taskCount {
		return
	}
	for i := range h.setup.Feeds {
		f.check(&h.setup.Feeds[i], p, r)
	}
}

func (f *Frontier) check(feed *Feed, p *protocol.RecoveryPoint, r *Report) {
	h := r.History()
	due := protocol.Tally{}
	for _, source := range feed.Sources {
		due = due.Plus(f.emitted(source, p, h))
	}
	applied := protocol.Tally{}
	h.eachTask(feed.Vertex, func(task protocol.TaskID) {
		part, _ := appliedOf(&p.Tasks[task], feed.Operator)
		applied = applied.Plus(part)
	})
	inFlight := recordsInFlight(feed, p, h)
	got := applied.Plus(inFlight)
	atLeastOnce := h.setup.Contract == protocol.ContractAtLeastOnce
	if got == due || atLeastOnce && got.Count >= due.Count {
		return
	}
	triggered, ended := eventsOf(h, p.Checkpoint)
	r.Violate(StateOffsetSkew, h.setup.Vertices[feed.Vertex].Name, fmt.Sprintf(
		"checkpoint %d: positions are behind %d records; %d are applied and %d recorded in flight",
		p.Checkpoint, due.Count, applied.Count, inFlight.Count), triggered, ended)
}

// emitted tallies the records before the positions of a source's splits.
func (f *Frontier) emitted(source protocol.VertexID, p *protocol.RecoveryPoint, h *History) protocol.Tally {
	sum := protocol.Tally{}
	h.eachTask(source, func(task protocol.TaskID) {
		for _, at := range p.Tasks[task].Positions {
			sum = sum.Plus(f.split(source, at.Split).moveTo(at.Offset))
		}
	})
	return sum
}

func (f *Frontier) split(source protocol.VertexID, split int32) *splitTally {
	for i := range f.splits {
		if s := &f.splits[i]; s.source == source && s.split == split {
			return s
		}
	}
	f.splits = append(f.splits, splitTally{source: source, split: split})
	return &f.splits[len(f.splits)-1]
}

func (s *splitTally) moveTo(offset int64) protocol.Tally {
	for ; s.offset < offset; s.offset++ {
		s.sum.Add(protocol.SourceLineage(s.source, s.split, s.offset))
	}
	for ; s.offset > offset && s.offset > 0; s.offset-- {
		s.sum.Remove(protocol.SourceLineage(s.source, s.split, s.offset-1))
	}
	return s.sum
}

// notARecord is the bit that lineages of watermarks have set and those of sources' records
// have not (VertexID is below 32).
const notARecord uint64 = 1 << 63

// recordsInFlight tallies the recorded elements between a feed's sources and its operator.
func recordsInFlight(feed *Feed, p *protocol.RecoveryPoint, h *History) protocol.Tally {
	sum := protocol.Tally{}
	for i := range h.setup.Links {
		l := &h.setup.Links[i]
		if h.vertexOf[l.Receiver] != feed.Vertex || !contains(feed.Sources, h.vertexOf[l.Sender]) {
			continue
		}
		addRecords(&sum, p.Tasks[l.Receiver].InputState, l.ReceiverChannel)
		addRecords(&sum, p.Tasks[l.Sender].OutputState, l.SenderChannel)
	}
	return sum
}

func addRecords(sum *protocol.Tally, state [][]uint64, channel protocol.ChannelIndex) {
	if int(channel) >= len(state) {
		return
	}
	for _, lineage := range state[channel] {
		if lineage&notARecord == 0 {
			sum.Add(lineage)
		}
	}
}

func contains(vertices []protocol.VertexID, v protocol.VertexID) bool {
	for _, x := range vertices {
		if x == v {
			return true
		}
	}
	return false
}
