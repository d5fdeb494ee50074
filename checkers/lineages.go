package checkers

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"simrun/protocol"
	"simrun/sim"
)

// Lineages holds exactly-once effects by name, in detailed runs: the set of records that
// readers see of a sink, and the set whose effect is in a state, are exactly those that
// must be there. Where Effects says how many, this says which. The interleaving that it
// is for (FLINK-20645):
//
//  1. a late barrier of an aborted checkpoint leaves "barrier received" set on a channel;
//  2. the next unaligned checkpoint does not record that channel's queue;
//  3. a restore loses those records and, by another bug, repeats as many others;
//  4. all counts are right.
type Lineages struct {
	enabled bool
	visible [][]sim.Event // RecordVisible by position in Setup.Sinks
	applied []appliedLog  // by task
}

// appliedLog is what a task applied in the effective history: a restore takes it back to
// where it was at its snapshot.
type appliedLog struct {
	events []sim.Event
	marks  []snapshotMark
}

// NewLineages makes the checker.
func NewLineages() *Lineages { return &Lineages{} }

// Name is "lineages".
func (l *Lineages) Name() string { return "lineages" }

// Kinds are the records' events, and what takes them back.
func (l *Lineages) Kinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.RecordVisible, protocol.RecordApplied, protocol.SnapshotStarted, protocol.JobRestored,
	}
}

// Reset forgets the run.
func (l *Lineages) Reset(s *Setup) {
	l.enabled = s.Detailed && s.Replay != nil && s.RestoredFrom == protocol.NoCheckpoint
	l.visible, l.applied = make([][]sim.Event, len(s.Sinks)), nil
	if l.enabled {
		l.applied = make([]appliedLog, countTasks(s))
	}
}

// Observe keeps the records' events.
func (l *Lineages) Observe(e *sim.Event, r *Report) {
	if !l.enabled {
		return
	}
	h := r.History()
	switch protocol.EventKind(e.Kind) {
	case protocol.RecordVisible:
		if sink := sinkIndex(h.setup, e.Args[0]); sink >= 0 {
			l.visible[sink] = append(l.visible[sink], *e)
		}
	case protocol.JobRestored:
		if h.FormerLeader(e) { // what a deposed one starts never runs
			return
		}
		for i := range l.applied {
			l.applied[i].takeBack(protocol.CheckpointID(e.Args[1]))
		}
	default:
		if h.knows(e.Args[0]) && h.AttemptOf(e, e.Args[0]) == h.Attempt() {
			l.applied[e.Args[0]].observe(e)
		}
	}
}

func (a *appliedLog) observe(e *sim.Event) {
	if protocol.EventKind(e.Kind) == protocol.RecordApplied {
		a.events = append(a.events, *e)
		return
	}
	id := protocol.CheckpointID(e.Args[1])
	a.marks = append(a.marks, snapshotMark{checkpoint: id, steps: len(a.events)})
}

func (a *appliedLog) takeBack(id protocol.CheckpointID) {
	at, keep := len(a.marks)-1, 0
	for at >= 0 && a.marks[at].checkpoint != id {
		at--
	}
	if at >= 0 {
		keep = a.marks[at].steps
	}
	a.events, a.marks = a.events[:min(keep, len(a.events))], a.marks[:at+1]
}

// Finish compares the sets of a finished job with those that must be.
func (l *Lineages) Finish(end *End, r *Report) {
	s := r.History().setup
	if !l.enabled || end.Status != protocol.JobFinished || !s.Checkpoints && r.History().Attempt() > 0 {
		return
	}
	expected, bounded := s.Replay.Expected()
	if !bounded {
		return
	}
	for i := range expected.Outputs {
		if sink := sinkIndex(s, expected.Outputs[i].Sink); sink >= 0 && expected.Outputs[i].Lineages != nil {
			l.compareSink(sink, expected.Outputs[i].Lineages, r)
		}
	}
	for i := range expected.States {
		if w := &expected.States[i]; w.Lineages != nil {
			c := comparison{sorted(l.eventsOf(w.Operator), 3), 3, w.Name, l.mayRepeat(Transactional, r), nil}
			c.against(w.Lineages, r)
		}
	}
}

func (l *Lineages) mayRepeat(promise Promise, r *Report) bool {
	h := r.History()
	return h.Attempt() > 0 && (promise == Append || h.setup.Contract == protocol.ContractAtLeastOnce)
}

func (l *Lineages) compareSink(sink int, want []uint64, r *Report) {
	s := &r.History().setup.Sinks[sink]
	if s.Order != OrderFree || s.Promise == Upsert {
		return
	}
	c := comparison{sorted(l.visible[sink], 2), 2, s.Name, l.mayRepeat(s.Promise, r), l.eventsOf(s.Operator)}
	c.against(want, r)
}

func (l *Lineages) eventsOf(operator uint64) []sim.Event {
	var events []sim.Event
	for i := range l.applied {
		for j := range l.applied[i].events {
			if uint64(l.applied[i].events[j].Args[1]) == operator {
				events = append(events, l.applied[i].events[j])
			}
		}
	}
	return events
}

// comparison is one set of records held against what it must be.
type comparison struct {
	got       []sim.Event // sorted by lineage
	arg       int         // the argument that holds it
	role      string
	mayRepeat bool
	before    []sim.Event // where a lost record may last be seen
}

// sorted is events in the order of the lineages in their argument arg.
func sorted(events []sim.Event, arg int) []sim.Event {
	events = append([]sim.Event(nil), events...)
	slices.SortStableFunc(events, func(a, b sim.Event) int {
		return cmp.Compare(uint64(a.Args[arg]), uint64(b.Args[arg]))
	})
	return events
}

// against walks the set beside the lineages that must be in it, ascending.
func (c *comparison) against(want []uint64, r *Report) {
	i := 0
	for _, lineage := range want {
		for ; i < len(c.got) && c.lineage(i) < lineage; i++ {
			c.extra(i, r)
		}
		if i == len(c.got) || c.lineage(i) != lineage {
			r.Violate(Lost, c.role, "record "+LineageName(lineage)+" is missing", lastSeen(c.before, lineage))
			continue
		}
		i++
	}
	for ; i < len(c.got); i++ {
		c.extra(i, r)
	}
}

func (c *comparison) lineage(i int) uint64 { return uint64(c.got[i].Args[c.arg]) }

// extra reports a record that must not be there: a second one of the same name, or one
// that nobody should have made.
func (c *comparison) extra(i int, r *Report) {
	name := LineageName(c.lineage(i))
	if i > 0 && c.lineage(i-1) == c.lineage(i) {
		if !c.mayRepeat {
			r.Violate(Duplicated, c.role, "record "+name+" is there twice", c.got[i-1], c.got[i])
		}
		return
	}
	r.Violate(Orphan, c.role, "record "+name+" must not be there", c.got[i])
}

// lastSeen is the last RecordApplied of a lineage; its Kind is 0 when there is none.
func lastSeen(applied []sim.Event, lineage uint64) sim.Event {
	for i := len(applied) - 1; i >= 0; i-- {
		if uint64(applied[i].Args[3]) == lineage {
			return applied[i]
		}
	}
	return sim.Event{}
}

// LineageName names a record for people: a source record by source, split and offset, a
// derived one by its hash.
func LineageName(lineage uint64) string {
	source, split, offset := lineage>>58-1, lineage>>42&0xffff, lineage&(1<<42-1)
	if source < 16 && split < 1024 && offset < 1<<36 {
		return fmt.Sprintf("source %d, split %d, offset %d", source, split, offset)
	}
	return "#" + strconv.FormatUint(lineage, 16)
}
