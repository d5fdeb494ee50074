package task

import "simrun/protocol"

// Replay follows sources after a failure: until every split is where it was, and until
// every one is no further behind its arrivals than it was (or its input is used up).
type Replay struct {
	// ReplayedNanos and CaughtUpNanos are the virtual times of both; 0 before.
	ReplayedNanos, CaughtUpNanos int64

	sinceNanos int64
	splits     []replaySplit
}

type replaySplit struct {
	source   protocol.VertexID
	split    int32
	offset   int64 // to get back to
	lagNanos int64 // how far behind it was
	behind   bool
	caughtUp bool
}

// NewReplay begins at a virtual time.
func NewReplay(nowNanos int64) *Replay { return &Replay{sinceNanos: nowNanos} }

// steadyLagNanos is what a source that keeps up may lie behind. One that was further
// behind than overloadedLagNanos had more than the job could take before the failure,
// too: it has caught up when it is where it was.
const (
	steadyLagNanos     = 50e6
	overloadedLagNanos = 1e9
)

// NotePositions tells where the task's splits are now.
func (t *Task) NotePositions(r *Replay) {
	if t.source == nil {
		return
	}
	for i := range t.source.splits {
		s := &t.source.splits[i]
		lag := int64(0)
		if arrival, ok := t.source.reader.Next(s.number, s.offset, &t.source.peeked); ok {
			lag = max(0, r.sinceNanos-arrival)
		}
		r.splits = append(r.splits, replaySplit{
			source: t.vertex.ID, split: s.number, offset: s.offset, lagNanos: lag + steadyLagNanos, behind: true,
		})
	}
}

// emitted notes that a split has moved on to offset; its record arrived at arrival.
func (r *Replay) emitted(source protocol.VertexID, split int32, offset, arrival, now int64) {
	for i := range r.splits {
		s := &r.splits[i]
		if s.source != source || s.split != split {
			continue
		}
		if s.behind && offset >= s.offset {
			s.behind = false
		}
		if !s.behind && (now-arrival <= s.lagNanos || s.lagNanos > overloadedLagNanos) {
			s.caughtUp = true
		}
	}
	r.settle(now)
}

// ended notes that a split has no more records.
func (r *Replay) ended(source protocol.VertexID, split int32, now int64) {
	for i := range r.splits {
		if s := &r.splits[i]; s.source == source && s.split == split {
			s.behind, s.caughtUp = false, true
		}
	}
	r.settle(now)
}

func (r *Replay) settle(now int64) {
	behind, caughtUp := false, true
	for i := range r.splits {
		behind = behind || r.splits[i].behind
		caughtUp = caughtUp && r.splits[i].caughtUp
	}
	if !behind && r.ReplayedNanos == 0 {
		r.ReplayedNanos = now
	}
	if caughtUp && r.CaughtUpNanos == 0 {
		r.CaughtUpNanos = now
	}
}
