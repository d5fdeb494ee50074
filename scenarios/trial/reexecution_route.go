package trial

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/sink"
	"simrun/runtime/state"
)

// route sends what a task emits on along one edge, exactly as network.Partition does.
type route struct {
	edge       *job.Edge
	channels   []outputChannel
	assignment *state.Recent // keyed
	next       int32         // the latest channel of a rebalance
}

// outputChannel is one channel of a route.
type outputChannel struct {
	sent protocol.Chain
	to   *inputQueue // nil: the consumer is not executed
}

func (c *outputChannel) push(r *record.Record, key uint64) {
	c.sent.Extend(r.Lineage)
	if c.to != nil {
		c.to.push(r, key)
	}
}

func (p *route) write(r *record.Record) {
	switch {
	case !r.IsRecord() || p.edge.Exchange == job.Broadcast:
		for i := range p.channels {
			p.channels[i].push(r, r.Key)
		}
	case p.edge.Exchange == job.Keyed:
		key := r.Key
		if p.edge.KeyBy != nil {
			key = p.edge.KeyBy(r)
		}
		p.channels[p.assignment.Subtask(key)].push(r, key)
	case p.edge.Exchange == job.Rebalance:
		p.next++
		if int(p.next) >= len(p.channels) {
			p.next = 0
		}
		p.channels[p.next].push(r, r.Key)
	default:
		p.channels[0].push(r, r.Key)
	}
}

// executedSink is what a sink's subtask has taken.
type executedSink struct {
	taken    protocol.Tally
	content  uint64
	table    *sink.Table // of an upsert sink
	detailed bool
	lineages []uint64 // in detailed runs
}

func (s *executedSink) take(records []record.Record) {
	for i := range records {
		if records[i].IsRecord() {
			s.takeOne(&records[i])
		}
	}
}

func (s *executedSink) takeOne(r *record.Record) {
	s.taken.Add(r.Lineage)
	s.content += r.Content()
	if s.table != nil {
		s.table.Upsert(r)
	}
	if s.detailed {
		s.lineages = append(s.lineages, r.Lineage)
	}
}

// sharesKeys reports whether the table of a subtask has a key that one before it has too:
// then the witness does not tell whose row is the later one.
func sharesKeys(tasks []executedTask, at int) bool {
	for _, row := range tasks[at].sink.table.Rows() {
		for before := range at {
			if _, shared := tasks[before].sink.table.Get(row.Key); shared {
				return true
			}
		}
	}
	return false
}
