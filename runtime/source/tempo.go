package source

import (
	"simrun/runtime/record"
	"simrun/sim"
)

// Tempo bends the time of a source's arrivals: from each bend on, time between arrivals is
// multiplied. A burst of factor 10 is a bend of 1/10 at its begin and one of 10 at its end.
// Arrivals before a bend stay where they were, so that a record that has arrived has arrived.
//
//	nominal  | | | | | | | | | | |
//	bent     | | |||||||||   |   |      (begin of a burst at 2, its end at 4)
type Tempo struct{ bends []bend }

type bend struct {
	atNanos int64
	stretch sim.Ratio
}

// Bend multiplies the time between arrivals after a moment. Moments do not decrease.
func (t *Tempo) Bend(atNanos int64, stretch sim.Ratio) {
	last := len(t.bends) - 1
	undone := sim.Ratio{Num: stretch.Den, Den: stretch.Num}
	if last >= 0 && t.bends[last] == (bend{atNanos, undone}) {
		t.bends = t.bends[:last]
		return
	}
	t.bends = append(t.bends, bend{atNanos, stretch})
}

// Of is when a record arrives that nominally arrives then.
func (t *Tempo) Of(nanos int64) int64 {
	for _, b := range t.bends {
		if nanos > b.atNanos {
			nanos = b.atNanos + b.stretch.Of(nanos-b.atNanos)
		}
	}
	return nanos
}

// Nominal is the latest nominal time whose record has arrived by then: what Of does, backwards.
func (t *Tempo) Nominal(nanos int64) int64 {
	for i := len(t.bends) - 1; i >= 0; i-- {
		if b := &t.bends[i]; nanos > b.atNanos {
			nanos = b.atNanos + sim.Ratio{Num: b.stretch.Den, Den: b.stretch.Num}.Of(nanos-b.atNanos)
		}
	}
	return nanos
}

// At is a reader whose records arrive at this tempo.
func (t *Tempo) At(r Reader) Reader {
	if bent, ok := r.(*bentReader); ok && bent.tempo == t {
		return r
	}
	return &bentReader{r, t}
}

type bentReader struct {
	Reader
	tempo *Tempo
}

// Next is the record of (split, offset), arriving earlier or later.
func (b *bentReader) Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool) {
	arrivalNanos, ok = b.Reader.Next(split, offset, r)
	return b.tempo.Of(arrivalNanos), ok
}

// OffsetAt is the number of records that have arrived before then.
func (b *bentReader) OffsetAt(split int32, nanos int64) int64 {
	return b.Reader.OffsetAt(split, b.tempo.Nominal(nanos))
}
