package source

import (
	"fmt"

	"simrun/sim"
)

const nanosPerSecond = 1_000_000_000

// Step is a stretch of a schedule with its own rate.
type Step struct {
	ForNanos int64
	Factor   sim.Ratio // of the schedule's rate; 0/1 is silence
}

// Rate is how fast a source's records arrive, over all its splits. The zero Rate is "as
// fast as it can": all records have always been there.
type Rate struct {
	RecordsPerSecond sim.Ratio
	// Steps, if any, follow each other and start anew after the last one: bursts, or
	// day and night.
	Steps []Step
	// Jitter lets a record arrive anywhere in its slot instead of at its start.
	Jitter bool
}

// Limited reports whether records have a time of arrival.
func (r *Rate) Limited() bool { return r.RecordsPerSecond.Num > 0 }

// schedule is a Rate made ready: segments of constant rate within one period.
type schedule struct {
	slot     sim.Ratio // nanoseconds per record at factor 1
	segments []segment
	period   segment // the whole: nanos and records; zero if there are no steps
	jitter   bool
}

type segment struct {
	startNanos, nanos int64
	start, records    int64
	slot              sim.Ratio
}

// newSchedule panics at a rate that is negative or whose steps hold no record at all.
func newSchedule(r Rate) schedule {
	if !r.Limited() {
		return schedule{}
	}
	s := schedule{slot: slotOf(r.RecordsPerSecond), jitter: r.Jitter}
	for _, step := range r.Steps {
		s.add(r.RecordsPerSecond, step)
	}
	if len(r.Steps) > 0 && s.period.records == 0 {
		panic(fmt.Sprintf("source: no record ever arrives in the steps %v", r.Steps))
	}
	return s
}

func slotOf(recordsPerSecond sim.Ratio) sim.Ratio {
	return sim.Ratio{Num: nanosPerSecond * recordsPerSecond.Den, Den: recordsPerSecond.Num}
}

func (s *schedule) add(recordsPerSecond sim.Ratio, step Step) {
	seg := segment{startNanos: s.period.nanos, nanos: step.ForNanos, start: s.period.records}
	if step.Factor.Num > 0 {
		seg.slot = slotOf(sim.Ratio{
			Num: recordsPerSecond.Num * step.Factor.Num, Den: recordsPerSecond.Den * step.Factor.Den,
		})
		seg.records = inverse(seg.slot).Of(step.ForNanos)
	}
	s.segments = append(s.segments, seg)
	s.period.nanos += seg.nanos
	s.period.records += seg.records
}

func inverse(r sim.Ratio) sim.Ratio { return sim.Ratio{Num: r.Den, Den: r.Num} }

// limited reports whether records have a time of arrival.
func (s *schedule) limited() bool { return s.slot.Num > 0 }

// arrivalNanos is when the n-th record of the source arrives, from 0; draw places it in
// its slot.
func (s *schedule) arrivalNanos(n int64, draw uint64) int64 {
	if !s.limited() {
		return 0
	}
	base, slot := int64(0), s.slot
	if s.period.records > 0 {
		base, n = n/s.period.records*s.period.nanos, n%s.period.records
		seg := s.segmentOf(n)
		base, n, slot = base+seg.startNanos, n-seg.start, seg.slot
	}
	at := slot.Of(n)
	if s.jitter {
		at += int64(sim.Below(draw, uint64(max(slot.Of(n+1)-at, 1))))
	}
	return base + at
}

func (s *schedule) segmentOf(n int64) *segment {
	i := 0
	for n >= s.segments[i].start+s.segments[i].records {
		i++
	}
	return &s.segments[i]
}

// countBefore is how many records have a slot that starts before nanos.
func (s *schedule) countBefore(nanos int64) int64 {
	if nanos <= 0 || !s.limited() {
		return 0
	}
	if s.period.records == 0 {
		return s.firstFrom(s.slot, nanos)
	}
	count := nanos / s.period.nanos * s.period.records
	rest := nanos % s.period.nanos
	for i := range s.segments {
		seg := &s.segments[i]
		if rest <= seg.startNanos {
			break
		}
		if seg.records > 0 {
			count += min(s.firstFrom(seg.slot, rest-seg.startNanos), seg.records)
		}
	}
	return count
}

// firstFrom is the first n with slot.Of(n) >= nanos.
func (s *schedule) firstFrom(slot sim.Ratio, nanos int64) int64 {
	n := inverse(slot).Of(nanos)
	for n > 0 && slot.Of(n-1) >= nanos {
		n--
	}
	for slot.Of(n) < nanos {
		n++
	}
	return n
}
