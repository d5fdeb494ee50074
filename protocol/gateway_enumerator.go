package protocol

import (
	"fmt"
	"slices"
)

// SplitEnumerator hands the splits of a source out to its readers and takes them back
// when a reader fails, so that each split is read exactly once (Flink: SourceCoordinator
// with SplitEnumerator and SplitAssignmentTracker, FLIP-27).
//
// Its snapshot is the list of splits that no reader has. A split that was assigned after
// a checkpoint is in no reader's state of it: a reader restored from there does not have
// the split, so it goes back; one that was assigned before is in the reader's state and
// must not go back, or it is read twice (FLINK-20290).
//
// It is a pure state machine; its effects travel through EventGateways.
type SplitEnumerator struct {
	options SplitEnumeratorOptions
	// unassigned is in the order in which splits are handed out.
	unassigned []int32
	assigned   []splitAssignment // not known to be in a completed checkpoint, oldest first
}

// SplitEnumeratorOptions configures a SplitEnumerator.
type SplitEnumeratorOptions struct {
	Readers    int
	Splits     int
	Assignment SplitAssignment
}

// SplitAssignment says who gets a split.
type SplitAssignment uint8

const (
	// AssignOnRequest gives the next split to the reader that asks (files).
	AssignOnRequest SplitAssignment = iota
	// AssignByIndex gives split i to reader i modulo the number of readers, as soon as it
	// registers (partitions of a log).
	AssignByIndex
)

// splitAssignment is a split on its way to, or in, a reader. Checkpoint is the first one
// whose coordinator snapshot came after it; NoCheckpoint: none yet.
type splitAssignment struct {
	reader     int
	split      int32
	checkpoint CheckpointID
}

// EnumeratorInputKind is what happened to the enumerator.
type EnumeratorInputKind uint8

const (
	// ReaderRegistered: Reader has started.
	ReaderRegistered EnumeratorInputKind = iota
	// SplitRequested: Reader wants one more split.
	SplitRequested
	// EnumeratorSnapshot: the snapshot for Checkpoint is being taken (SnapshotInto).
	EnumeratorSnapshot
	// EnumeratorCompleted: Checkpoint is complete.
	EnumeratorCompleted
	// ReaderReset: Reader failed and restarts from Checkpoint (NoCheckpoint: from scratch);
	// it registers again.
	ReaderReset
)

// EnumeratorInput is one step's cause. Which fields matter is said at its kind.
type EnumeratorInput struct {
	Kind       EnumeratorInputKind
	Reader     int
	Checkpoint CheckpointID
}

// EnumeratorEffectKind is what a SplitEnumerator asks its host to do.
type EnumeratorEffectKind uint8

const (
	// AssignSplit: send Split to Reader.
	AssignSplit EnumeratorEffectKind = iota
	// NoMoreSplits: tell Reader that it gets no more.
	NoMoreSplits
)

// EnumeratorEffect is one order to the host.
type EnumeratorEffect struct {
	Kind   EnumeratorEffectKind
	Reader int
	Split  int32
}

// String is the effect as scripts show it.
func (e EnumeratorEffect) String() string {
	if e.Kind == NoMoreSplits {
		return fmt.Sprintf("no-more-splits reader=%d", e.Reader)
	}
	return fmt.Sprintf("assign reader=%d split=%d", e.Reader, e.Split)
}

// EnumeratorEffects is the caller-owned buffer that a step appends to, in order.
type EnumeratorEffects struct{ List []EnumeratorEffect }

// Reset empties the buffer.
func (e *EnumeratorEffects) Reset() { e.List = e.List[:0] }

// Add appends one effect.
func (e *EnumeratorEffects) Add(effect EnumeratorEffect) { e.List = append(e.List, effect) }

// NewSplitEnumerator returns an enumerator that has all splits, 0..Splits-1.
func NewSplitEnumerator(options SplitEnumeratorOptions) *SplitEnumerator {
	e := &SplitEnumerator{options: options}
	for split := range options.Splits {
		e.unassigned = append(e.unassigned, int32(split))
	}
	return e
}

// Unassigned lists the splits that no reader has. The slice must not be changed.
func (e *SplitEnumerator) Unassigned() []int32 { return e.unassigned }

// SnapshotInto appends the enumerator's state to buffer[:0] and returns it.
func (e *SplitEnumerator) SnapshotInto(buffer []int32) []int32 {
	return append(buffer[:0], e.unassigned...)
}

// Restore sets the enumerator to a snapshot: the splits that it does not list are in the
// readers' restored state. Every reader registers anew.
func (e *SplitEnumerator) Restore(unassigned []int32) {
	e.unassigned = append(e.unassigned[:0], unassigned...)
	e.assigned = e.assigned[:0]
}

// Step takes one input and appends its effects to out.
func (e *SplitEnumerator) Step(in EnumeratorInput, out *EnumeratorEffects) {
	switch in.Kind {
	case ReaderRegistered:
		e.assignByIndex(in.Reader, out)
	case SplitRequested:
		e.request(in.Reader, out)
	case EnumeratorSnapshot:
		e.snapshot(in.Checkpoint)
	case EnumeratorCompleted:
		e.completed(in.Checkpoint)
	case ReaderReset:
		e.resetReader(in.Reader, in.Checkpoint)
	default:
		panic(fmt.Sprintf("split enumerator: input kind %d of reader %d", in.Kind, in.Reader))
	}
}

func (e *SplitEnumerator) assign(reader int, split int32, out *EnumeratorEffects) {
	e.assigned = append(e.assigned, splitAssignment{reader: reader, split: split})
	out.Add(EnumeratorEffect{Kind: AssignSplit, Reader: reader, Split: split})
}

func (e *SplitEnumerator) assignByIndex(reader int, out *EnumeratorEffects) {
	if e.options.Assignment != AssignByIndex {
		return
	}
	e.unassigned = slices.DeleteFunc(e.unassigned, func(split int32) bool {
		if int(split)%e.options.Readers != reader {
			return false
		}
		e.assign(reader, split, out)
		return true
	})
	out.Add(EnumeratorEffect{Kind: NoMoreSplits, Reader: reader})
}

// request gives the next split, or tells the reader that it gets no more and may end.
func (e *SplitEnumerator) request(reader int, out *EnumeratorEffects) {
	if e.options.Assignment != AssignOnRequest {
		return
	}
	if len(e.unassigned) == 0 {
		out.Add(EnumeratorEffect{Kind: NoMoreSplits, Reader: reader})
		return
	}
	split := e.unassigned[0]
	e.unassigned = slices.Delete(e.unassigned, 0, 1)
	e.assign(reader, split, out)
}

// snapshot notes which assignments the checkpoint is the first to contain.
func (e *SplitEnumerator) snapshot(id CheckpointID) {
	for i := range e.assigned {
		if e.assigned[i].checkpoint == NoCheckpoint {
			e.assigned[i].checkpoint = id
		}
	}
}

// completed forgets the assignments that can never go back.
func (e *SplitEnumerator) completed(id CheckpointID) {
	e.assigned = slices.DeleteFunc(e.assigned, func(a splitAssignment) bool {
		return a.checkpoint != NoCheckpoint && a.checkpoint <= id
	})
}

// resetReader takes back what the restored reader does not have. It is handed out again
// when a reader asks; the restored one will, for it is not at its end.
func (e *SplitEnumerator) resetReader(reader int, restored CheckpointID) {
	e.assigned = slices.DeleteFunc(e.assigned, func(a splitAssignment) bool {
		lost := a.reader == reader && (a.checkpoint == NoCheckpoint || a.checkpoint > restored)
		if lost {
			e.unassigned = append(e.unassigned, a.split)
		}
		return lost
	})
	slices.Sort(e.unassigned)
}
