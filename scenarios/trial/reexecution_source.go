package trial

import (
	"cmp"
	"fmt"
	"slices"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/source"
)

// splitReader reads the splits of one source subtask, the earliest arrival first, and of
// equals the one that was assigned first: as the task does.
type splitReader struct {
	reader     source.Reader
	rewindable bool
	offsets    []int64 // of the whole source, by split
	splits     []readSplit
	records    protocol.Chain // since the last time that the run told which they were
	block      []record.Record
}

type readSplit struct {
	number       int32
	next         record.Record
	arrivalNanos int64
	fetched      bool
	ended        bool
}

func (x *reexecution) buildSource(t *executedTask, v *job.Vertex) {
	reader, splits := x.oracle.reader(v.Nodes[0])
	if x.offsets[v.ID] == nil {
		x.offsets[v.ID] = make([]int64, splits)
		for i := range x.offsets[v.ID] {
			x.offsets[v.ID][i] = unassigned
		}
	}
	spec := x.oracle.plan.Graph.Nodes[v.Nodes[0]].Source
	t.source = &splitReader{
		reader: reader, rewindable: spec.Rewindable, offsets: x.offsets[v.ID], block: x.oracle.room(),
	}
}

// unassigned is the offset of a split that nobody has read yet.
const unassigned = -1

// restart: splits are assigned anew.
func (s *splitReader) restart() { s.splits, s.records = s.splits[:0], protocol.Chain{} }

// assign lets a split be read from an offset on: where it was read up to, or anywhere when
// it is a first one that cannot rewind.
func (s *splitReader) assign(split int32, offset int64) *checkers.Divergence {
	if split < 0 || int(split) >= len(s.offsets) {
		return diverged(checkers.Corrupt, "there is no split %d", split)
	}
	due := s.offsets[split]
	if due == unassigned && !s.rewindable {
		due = offset
	}
	due = max(due, 0)
	s.offsets[split] = offset
	s.splits = append(s.splits, readSplit{number: split})
	switch {
	case offset > due:
		return diverged(checkers.Lost, "split %d went on at offset %d where %d was due", split, offset, due)
	case offset < due:
		return diverged(checkers.Duplicated, "split %d went on at offset %d where %d was due", split, offset, due)
	}
	return nil
}

// read fills block with the next records and says how many: fewer when all splits have
// ended.
func (s *splitReader) read(block []record.Record) (n int) {
	records := s.records
	if len(s.splits) == 1 {
		n = s.readOn(&s.splits[0], block)
	} else {
		for n < len(block) && s.readEarliest(&block[n]) {
			n++
		}
	}
	for i := range block[:n] {
		records.Extend(block[i].Lineage)
	}
	s.records = records
	return n
}

// readOn reads the only split.
func (s *splitReader) readOn(p *readSplit, block []record.Record) (n int) {
	for ; n < len(block) && !p.ended; n++ {
		if _, ok := s.reader.Next(p.number, s.offsets[p.number], &block[n]); !ok {
			p.ended = true
			break
		}
		s.offsets[p.number]++
	}
	return n
}

// readEarliest reads the record that arrived first; false: all splits have ended.
func (s *splitReader) readEarliest(r *record.Record) bool {
	best := -1
	for i := range s.splits {
		p := &s.splits[i]
		if !p.fetched && !p.ended {
			var ok bool
			p.arrivalNanos, ok = s.reader.Next(p.number, s.offsets[p.number], &p.next)
			p.fetched, p.ended = ok, !ok
		}
		if p.fetched && (best < 0 || p.arrivalNanos < s.splits[best].arrivalNanos) {
			best = i
		}
	}
	if best < 0 {
		return false
	}
	p := &s.splits[best]
	p.fetched = false
	s.offsets[p.number]++
	*r = p.next
	return true
}

// verify compares the records since the last time with what the run tells of them.
func (s *splitReader) verify(count int64, hash uint64) *checkers.Divergence {
	got := s.records
	s.records = protocol.Chain{}
	if got.Count != count || got.Hash != hash {
		return diverged(checkers.Corrupt, "its latest %d records are others than its splits hold", count)
	}
	return nil
}

// positions appends how far the splits have been read.
func (s *splitReader) positions(positions []protocol.SplitPosition) []protocol.SplitPosition {
	for i := range s.splits {
		number := s.splits[i].number
		positions = append(positions, protocol.SplitPosition{Split: number, Offset: s.offsets[number]})
	}
	slices.SortFunc(positions, func(a, b protocol.SplitPosition) int { return cmp.Compare(a.Split, b.Split) })
	return positions
}

func diverged(class checkers.Class, format string, args ...any) *checkers.Divergence {
	return &checkers.Divergence{Class: class, Detail: fmt.Sprintf(format, args...)}
}
