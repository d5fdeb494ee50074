package protocol

import "fmt"

// BarrierPlace is where a sender's queue puts a barrier.
type BarrierPlace uint8

const (
	// PlaceUnchanged: there is no barrier to move.
	PlaceUnchanged BarrierPlace = iota
	// PlaceLast: behind everything queued.
	PlaceLast
	// PlaceFirst: behind the priority events, in front of all data.
	PlaceFirst
)

// OutputCapture says which data buffers of a sender's queue belong to the checkpoint.
// Events among them never do (FLINK-17315).
type OutputCapture uint8

const (
	CaptureNothing OutputCapture = iota
	// CaptureQueued: all of them, the open one as it is.
	CaptureQueued
	// CaptureAheadOfBarrier: those ahead of the queued barrier.
	CaptureAheadOfBarrier
)

// SubpartitionDecision is what a sender's queue has to do, in the order of the fields.
type SubpartitionDecision struct {
	// Fails: the output channel state of this checkpoint will never be known here.
	Fails CheckpointID
	// Capture and then Place the barrier, as Barrier says, which is unaligned after a
	// conversion.
	Capture OutputCapture
	Place   BarrierPlace
	Barrier Barrier
	// Completes: the output channel state of this checkpoint is known here: what was
	// captured, or nothing.
	Completes CheckpointID
}

// SubpartitionBarrier is the decision part of Flink's PipelinedSubpartition about
// barriers (reference 2.7): it remembers the timeoutable barrier that is still queued.
// One for every output channel; the zero value is ready to use.
type SubpartitionBarrier struct {
	queued Barrier // ID NoCheckpoint: none
}

// Append takes a barrier that the task emits. canTimeOut is Policy.OutputTimeout: when
// false, a timeoutable barrier stays in line to the end. It panics if ids go back.
func (s *SubpartitionBarrier) Append(b Barrier, canTimeOut bool) SubpartitionDecision {
	if b.ID <= s.queued.ID {
		panic(fmt.Sprintf("protocol: barrier of checkpoint %d emitted after that of %d", b.ID, s.queued.ID))
	}
	d := SubpartitionDecision{Fails: s.queued.ID, Place: PlaceLast, Barrier: b}
	s.queued = Barrier{}
	switch {
	case b.Priority():
		d.Place, d.Capture, d.Completes = PlaceFirst, CaptureQueued, b.ID
	case b.Timeoutable() && canTimeOut:
		s.queued = b
	default:
		d.Completes = b.ID
	}
	return d
}

// Timeout is the output-side timer of checkpoint id: a barrier that still waits in the
// queue turns unaligned and jumps over the data ahead of it.
func (s *SubpartitionBarrier) Timeout(id CheckpointID) SubpartitionDecision {
	if s.queued.ID != id || id == NoCheckpoint {
		return SubpartitionDecision{}
	}
	b := s.queued.AsUnaligned()
	s.queued = Barrier{}
	return SubpartitionDecision{
		Capture: CaptureAheadOfBarrier, Place: PlaceFirst, Barrier: b, Completes: id,
	}
}

// Polled tells that the barrier of checkpoint id has left the queue: in time, so that
// nothing of the queue belongs to the checkpoint.
func (s *SubpartitionBarrier) Polled(id CheckpointID) SubpartitionDecision {
	if s.queued.ID != id || id == NoCheckpoint {
		return SubpartitionDecision{}
	}
	s.queued = Barrier{}
	return SubpartitionDecision{Completes: id}
}

// Abort gives checkpoint id up; the barrier stays where it is.
func (s *SubpartitionBarrier) Abort(id CheckpointID) SubpartitionDecision {
	if s.queued.ID != id || id == NoCheckpoint {
		return SubpartitionDecision{}
	}
	s.queued = Barrier{}
	return SubpartitionDecision{Fails: id}
}
