package source

import (
	"simrun/protocol"
	"simrun/runtime/record"
)

// Spec is a source as a job declares it.
type Spec struct {
	// ID is the operator's stable id.
	ID string
	// Kind is its word in a scenario ("file", "nexmark", "synthetic", …).
	Kind string
	// Splits is the number of independent partitions; 0 is one per subtask.
	Splits int
	// Rewindable: any offset can be read again. A source that is not goes on, after a
	// restart, at the offset that is live at that moment: what came in between is lost.
	Rewindable bool
	// Bounded: every split ends.
	Bounded bool
	// Watermarks is how the source makes watermarks.
	Watermarks WatermarkStrategy
	// Open makes the reader of a run.
	Open func(Instance) Reader
	// Does says in a few words what the source yields.
	Does string
}

// Instance is what a run adds to a Spec.
type Instance struct {
	Seed   uint64
	Vertex protocol.VertexID // its number in lineage
	Splits int
}

// Reader yields a source's records. It is pure: what (split, offset) holds, and when it
// arrives, follows from these two numbers, so that reading can go back to any offset.
// It does not allocate.
type Reader interface {
	// Splits is the number of splits, numbered from 0.
	Splits() int
	// Next fills r with the record at offset of split, all but BornNanos, and says when
	// it arrives, relative to the job's first start (0: it has always been there).
	// Arrival never decreases within a split. ok is false at the end of the split.
	Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool)
	// OffsetAt is the number of records of the split that arrive before nanos: where a
	// source that cannot rewind goes on at that time. It is 0 if records have no time.
	OffsetAt(split int32, nanos int64) int64
}

// SplitCount is the number of splits when so many subtasks read.
func (s *Spec) SplitCount(parallelism int) int {
	if s.Splits == 0 {
		return parallelism
	}
	return s.Splits
}

// Contract is the source's line in a job's state contract.
func (s *Spec) Contract() string {
	contract := s.Does + "; keeps the next offset of every split (list state, split round-robin)"
	if s.Rewindable {
		return contract + "; rewinds to any offset"
	}
	return contract + "; CANNOT REWIND: after a restart it goes on at the live offset"
}

// WithoutRewind is the same source as a socket would be: it cannot rewind.
func (s Spec) WithoutRewind() Spec {
	s.Rewindable = false
	s.Kind += "-live"
	return s
}
