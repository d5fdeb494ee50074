package source

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/sim"
)

// FileOptions describe the replay of a recorded file.
type FileOptions struct {
	// Rate, if limited, replays the records of all splits at that rate.
	Rate Rate
	// Speed, if not zero and Rate is not limited, replays at the recorded times of
	// arrival, that many times as fast. With neither, all records have always been there.
	Speed sim.Ratio
	// Laps is how often the file is read, offsets and event time running on; 0 is for
	// ever.
	Laps int64
	// LapGapNanos is the event time between the last record of a lap and the first of
	// the next; 0 means a minute.
	LapGapNanos int64
	// ByPartition splits the file by the table's partition column; else records are
	// dealt out in turn.
	ByPartition bool
	Watermarks  WatermarkStrategy
}

// File makes a source that replays a recorded file.
func File(id string, t *Table, o FileOptions) Spec {
	if o.LapGapNanos == 0 {
		o.LapGapNanos = 60 * nanosPerSecond
	}
	laps := "for ever"
	if o.Laps > 0 {
		laps = fmt.Sprintf("%d times", o.Laps)
	}
	return Spec{
		ID: id, Kind: "file", Rewindable: true, Bounded: o.Laps > 0, Watermarks: o.Watermarks,
		Does: fmt.Sprintf("replays the %d records of %s %s", t.Len(), t.name, laps),
		Open: func(i Instance) Reader { return newReplay(t, o, i) },
	}
}

// replay reads a table: offset o of a split is row o mod n of the split, in lap o div n.
type replay struct {
	dealing
	table    *Table
	o        FileOptions
	splits   [][]int32 // rows of each split, in the order of arrival
	lapNanos int64     // event time of a lap
}

func newReplay(t *Table, o FileOptions, i Instance) *replay {
	p := &replay{dealing: newDealing(i, o.Rate, 0), table: t, o: o, splits: make([][]int32, i.Splits)}
	first, last := t.rows[0].timeNanos, t.rows[0].timeNanos
	for at := range t.rows {
		row := &t.rows[at]
		first, last = min(first, row.timeNanos), max(last, row.timeNanos)
		split := at % i.Splits
		if o.ByPartition {
			const groups = state.MaxParallelismLimit
			split = state.KeyGroup(row.partition, groups) * i.Splits / groups
		}
		p.splits[split] = append(p.splits[split], int32(at))
	}
	p.lapNanos = last - first + o.LapGapNanos
	return p
}

// Splits is the number of splits.
func (p *replay) Splits() int { return len(p.splits) }

// Next makes the record at (split, offset).
func (p *replay) Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool) {
	rows := p.splits[split]
	if len(rows) == 0 {
		return 0, false
	}
	lap, at := offset/int64(len(rows)), rows[offset%int64(len(rows))]
	if p.o.Laps > 0 && lap >= p.o.Laps {
		return 0, false
	}
	row := &p.table.rows[at]
	r.Lineage = p.lineage(split, offset)
	r.Key, r.A, r.B, r.C = row.key, row.a, row.b, row.c
	r.TimeNanos = row.timeNanos + lap*p.lapNanos
	r.Tag, r.SizeBytes = record.TagRecord, row.sizeBytes
	return p.arrival(lap, at), true
}

// arrival is when the at-th row of a lap arrives.
func (p *replay) arrival(lap int64, at int32) int64 {
	if p.limited() {
		n := lap*int64(len(p.table.rows)) + int64(at)
		draw := uint64(0)
		if p.jitter {
			draw = p.draw(sim.PurposeArrival, n)
		}
		return p.arrivalNanos(n, draw)
	}
	if p.o.Speed.Num == 0 {
		return 0
	}
	rows := p.table.rows
	span := rows[len(rows)-1].arrivalNanos - rows[0].arrivalNanos + p.o.LapGapNanos
	recorded := rows[at].arrivalNanos - rows[0].arrivalNanos + lap*span
	return sim.Ratio{Num: p.o.Speed.Den, Den: p.o.Speed.Num}.Of(recorded)
}

// OffsetAt is the number of records of the split that arrive before nanos: arrival never
// decreases within a split, so it is found by bisection.
func (p *replay) OffsetAt(split int32, nanos int64) int64 {
	if len(p.splits[split]) == 0 || !p.limited() && p.o.Speed.Num == 0 {
		return 0
	}
	low, high := int64(0), int64(1)
	var r record.Record
	before := func(offset int64) bool {
		arrival, ok := p.Next(split, offset, &r)
		return ok && arrival < nanos
	}
	for before(high - 1) {
		low, high = high, high*2
	}
	for low < high {
		if middle := (low + high) / 2; before(middle) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
