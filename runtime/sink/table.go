package sink

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/record"
)

// Table is the content of an external system that keeps the latest row per key. The
// latest is the one that was written last: the job must bring the rows of a key in
// order, which it does if they all pass one subtask.
type Table struct {
	rows    []Row
	cells   []int32 // open addressing over rows; row+1, 0 is free
	content uint64
	writes  protocol.Tally
}

// Row is what the table holds of a key.
type Row struct {
	Key     uint64
	A, B, C int64
	// Lineage is that of the record that wrote it.
	Lineage uint64
	// Version counts the writes of the key that changed its value.
	Version int64
}

// Upsert writes a record's values under its key.
func (t *Table) Upsert(r *record.Record) {
	t.writes.Add(r.Lineage)
	if 2*(len(t.rows)+1) > len(t.cells) {
		t.grow()
	}
	at := t.find(r.Key)
	if t.cells[at] == 0 {
		t.rows = append(t.rows, Row{Key: r.Key, A: r.A, B: r.B, C: r.C, Lineage: r.Lineage, Version: 1})
		t.cells[at] = int32(len(t.rows))
		t.content += t.rows[len(t.rows)-1].hash()
		return
	}
	row := &t.rows[t.cells[at]-1]
	row.Lineage = r.Lineage
	if row.A == r.A && row.B == r.B && row.C == r.C {
		return
	}
	t.content -= row.hash()
	row.A, row.B, row.C = r.A, r.B, r.C
	row.Version++
	t.content += row.hash()
}

// hash is of what a reader sees; who wrote it and how often is not content.
func (r *Row) hash() uint64 {
	h := protocol.MixLineage(r.Key)
	h = protocol.MixLineage(h ^ uint64(r.A))
	h = protocol.MixLineage(h ^ uint64(r.B))
	return protocol.MixLineage(h ^ uint64(r.C))
}

func (t *Table) find(key uint64) uint64 {
	mask := uint64(len(t.cells) - 1)
	at := protocol.MixLineage(key) & mask
	for t.cells[at] != 0 && t.rows[t.cells[at]-1].Key != key {
		at = (at + 1) & mask
	}
	return at
}

func (t *Table) grow() {
	t.cells = make([]int32, max(16, 2*len(t.cells)))
	for i := range t.rows {
		t.cells[t.find(t.rows[i].Key)] = int32(i + 1)
	}
}

// Get is the row of a key.
func (t *Table) Get(key uint64) (Row, bool) {
	if len(t.cells) == 0 {
		return Row{}, false
	}
	if cell := t.cells[t.find(key)]; cell != 0 {
		return t.rows[cell-1], true
	}
	return Row{}, false
}

// Rows are all rows in the order of their keys.
func (t *Table) Rows() []Row {
	rows := slices.Clone(t.rows)
	slices.SortFunc(rows, func(a, b Row) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	return rows
}

// Len is the number of keys.
func (t *Table) Len() int { return len(t.rows) }

// Content is a digest of what a reader sees, independent of the order of keys.
func (t *Table) Content() uint64 { return t.content }

// Writes tallies the lineages of all writes, repeated ones too.
func (t *Table) Writes() protocol.Tally { return t.writes }

// Reset empties the table and keeps its memory.
func (t *Table) Reset() {
	t.rows = t.rows[:0]
	clear(t.cells)
	t.content, t.writes = 0, protocol.Tally{}
}
