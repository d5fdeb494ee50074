package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Cut holds that every completed checkpoint is a consistent cut, judged by what would be
// restored (reference protocols.md 3.1): per channel, what the receiver had applied,
// then the recorded input, then the recorded output is exactly what was sent; and what a
// sink ever took is visible or waits in the cut's transactions. It needs no crash to find
// a bad snapshot. The interleaving that it is for (FLINK-17568):
//
//  1. a task sees the priority barrier of checkpoint 8 on channel 0;
//  2. it goes on to poll one more record from channel 1 before it takes its snapshot;
//  3. the snapshot holds the record, and so does the recorded state of channel 1;
//  4. a restore from 8 applies it twice.
type Cut struct {
	visible []visibleOutput // by position in Setup.Sinks
}

// visibleOutput is what readers see of one sink.
type visibleOutput struct {
	sum    protocol.Tally
	recent []protocol.TransactionID // the last ones that became visible, a ring
	next   int
	last   sim.Event
	based  bool // sum counts from the job's first start
}

// rememberedOutputs is how many transactions of a sink may be between two looks at a cut.
const rememberedOutputs = 1024

// NewCut makes the checker.
func NewCut() *Cut { return &Cut{} }

// Name is "cut".
func (c *Cut) Name() string { return "cut" }

// Kinds are outputs that become visible.
func (c *Cut) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.OutputVisible}
}

// Reset forgets the run.
func (c *Cut) Reset(s *Setup) {
	if cap(c.visible) < len(s.Sinks) {
		c.visible = make([]visibleOutput, len(s.Sinks))
	}
	c.visible = c.visible[:len(s.Sinks)]
	for i := range c.visible {
		v := &c.visible[i]
		*v = visibleOutput{recent: v.recent[:0], based: s.RestoredFrom == protocol.NoCheckpoint}
	}
}

// Observe adds up what readers see.
func (c *Cut) Observe(e *sim.Event, r *Report) {
	sink := sinkIndex(r.History().setup, e.Args[0])
	if sink < 0 {
		return
	}
	v := &c.visible[sink]
	v.sum = v.sum.Plus(protocol.Tally{Count: e.Args[2], Sum: uint64(e.Args[3])})
	v.last = *e
	id := protocol.TransactionID(e.Args[1])
	if len(v.recent) < rememberedOutputs {
		v.recent = append(v.recent, id)
		return
	}
	v.recent[v.next] = id
	v.next = (v.next + 1) % rememberedOutputs
}

func (v *visibleOutput) has(id protocol.TransactionID) bool {
	for _, seen := range v.recent {
		if seen == id {
			return true
		}
	}
	return false
}

// ObservePoint judges one completed checkpoint.
func (c *Cut) ObservePoint(p *protocol.RecoveryPoint, r *Report) {
	h := r.History()
	for _, v := range protocol.CheckCut(p, h.setup.Links, h.setup.Contract) {
		reportCut(&v, r)
	}
	for i := range h.setup.Sinks {
		if s := &h.setup.Sinks[i]; s.Promise == Transactional && s.Operator != 0 {
			c.checkTransactions(s, &c.visible[i], p, r)
		}
	}
}

// reportCut words a violation that the pure predicate found. Its witnesses are the
// checkpoint's trigger and its completion.
func reportCut(v *protocol.CutViolation, r *Report) {
	h := r.History()
	role := h.role(int64(v.Link.Sender)) + "-to-" + h.role(int64(v.Link.Receiver))
	if v.Class == protocol.CutStateOffsetSkew {
		role = h.role(int64(v.Link.Receiver))
	}
	triggered, ended := eventsOf(h, v.Checkpoint)
	r.Violate(classOfCut(v.Class), role, v.String(), triggered, ended)
}

// classOfCut is the class of a violation that the pure predicate of a cut found.
func classOfCut(c protocol.CutClass) Class {
	switch c {
	case protocol.CutOrphan:
		return Orphan
	case protocol.CutLost, protocol.CutMissingTask:
		return Lost
	case protocol.CutDuplicated:
		return Duplicated
	case protocol.CutReordered:
		return Reordered
	}
	return StateOffsetSkew
}

// eventsOf are a checkpoint's trigger and end; their Kind is 0 where unknown.
func eventsOf(h *History, id protocol.CheckpointID) (triggered, ended sim.Event) {
	if known := h.Checkpoint(id); known != nil {
		return known.Triggered, known.Ended
	}
	return sim.Event{}, sim.Event{}
}

// checkTransactions holds that a sink's tally of all that it took is what readers see
// plus what the cut's transactions hold and readers do not see yet.
func (c *Cut) checkTransactions(s *Sink, v *visibleOutput, p *protocol.RecoveryPoint, r *Report) {
	h := r.History()
	vertex := &h.setup.Vertices[s.Vertex]
	taken, waiting, known := protocol.Tally{}, protocol.Tally{}, false
	for task := vertex.FirstTask; task < vertex.FirstTask+protocol.TaskID(vertex.Parallelism); task++ {
		if int(task) >= len(p.Tasks) {
			return
		}
		applied, ok := appliedOf(&p.Tasks[task], s.Operator)
		known = known || ok
		taken = taken.Plus(applied)
		for _, t := range p.Tasks[task].Transactions {
			if !v.has(t.Transaction) {
				waiting = waiting.Plus(t.Content)
			}
		}
	}
	if !known {
		return
	}
	if !v.based {
		v.sum, v.based = taken.Minus(waiting), true
	}
	if shown := v.sum.Plus(waiting); shown != taken {
		triggered, ended := eventsOf(h, p.Checkpoint)
		r.Violate(byCount(shown, taken), s.Name, fmt.Sprintf(
			"checkpoint %d: the sink took %d records; %d are visible and %d wait in its transactions",
			p.Checkpoint, taken.Count, v.sum.Count, waiting.Count), triggered, v.last, ended)
	}
}

// appliedOf is the tally that an operator keeps in its state.
func appliedOf(t *protocol.TaskPoint, operator uint64) (protocol.Tally, bool) {
	for _, s := range t.States {
		if s.Operator == operator {
			return s.Applied, true
		}
	}
	return protocol.Tally{}, false
}

// Finish has nothing to add: Output judges the end.
func (c *Cut) Finish(*End, *Report) {}
