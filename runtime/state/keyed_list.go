package state

import "simrun/protocol"

// Row is the place of one row in an entry's list; valid until the list is cleared.
type Row int32

// NoRow ends a list.
const NoRow Row = noSlot

// First is the first row of the entry's list, NoRow if it is empty.
func (k *Keyed) First(e Entry) Row { return Row(k.entries.row(e.slot)[wordHead]) }

// Last is the row that was appended last, NoRow if the list is empty.
func (k *Keyed) Last(e Entry) Row { return Row(k.entries.row(e.slot)[wordTail]) }

// Next is the row after r.
func (k *Keyed) Next(r Row) Row { return Row(k.rows.row(int32(r))[0]) }

// RowValue reads a column of a row.
func (k *Keyed) RowValue(r Row, column int) int64 { return k.rows.row(int32(r))[1+column] }

// Rows is the length of the entry's list.
func (k *Keyed) Rows(e Entry) int { return int(k.entries.row(e.slot)[wordCount]) }

// Append adds a row at the end of the entry's list; values are as many as declared.
func (k *Keyed) Append(e Entry, values ...int64) {
	slot := k.rows.take()
	row := k.rows.own(slot)
	row[0] = noSlot
	copy(row[1:], values)
	entry := k.entries.own(e.slot)
	tail := entry[wordTail]
	if k.journal.on {
		undo := k.journal.push(k.target, undoAppend)
		undo.a, undo.b, undo.slot = tail, entry[wordSum], e.slot
	}
	if tail == noSlot {
		entry[wordHead] = int64(slot)
	} else {
		k.rows.own(int32(tail))[0] = int64(slot)
	}
	sum := k.hashRow(e, entry[wordCount], row[1:])
	entry[wordTail] = int64(slot)
	entry[wordCount]++
	entry[wordSum] += int64(sum)
	k.digest += sum
	k.listed++
}

// hashRow depends on the row's position: a list is an ordered thing.
func (k *Keyed) hashRow(e Entry, position int64, values []int64) uint64 {
	sum := e.hash + uint64(position)
	for _, value := range values[:k.spec.RowColumns-k.spec.RowGhosts] {
		sum = protocol.MixLineage(sum ^ uint64(value))
	}
	return sum
}

// Clear empties the entry's list, in constant time: its rows become free as a chain. While
// the journal may still bring them back, they are not handed out again.
func (k *Keyed) Clear(e Entry) {
	row := k.entries.row(e.slot)
	head, tail, count, sum := row[wordHead], row[wordTail], row[wordCount], row[wordSum]
	if head == noSlot {
		return
	}
	if k.journal.on {
		undo := k.journal.push(k.target, undoClear)
		undo.a, undo.b, undo.c, undo.slot = head<<32|tail, count, sum, e.slot
		k.journal.defers(k, len(k.cleared))
		k.cleared = append(k.cleared, chain{int32(head), int32(tail)})
	} else {
		k.rows.giveChain(chain{int32(head), int32(tail)})
	}
	k.setList(e.slot, noSlot, noSlot, 0, 0)
}

// setList writes the list's words and keeps what depends on them.
func (k *Keyed) setList(slot int32, head, tail, count, sum int64) {
	row := k.entries.own(slot)
	k.digest += uint64(sum - row[wordSum])
	k.listed += count - row[wordCount]
	row[wordHead], row[wordTail], row[wordCount], row[wordSum] = head, tail, count, sum
}

// commit hands the rows of lists out again that nothing will bring back.
func (k *Keyed) commit() {
	for _, rows := range k.cleared {
		k.rows.giveChain(rows)
	}
	k.cleared = k.cleared[:0]
}
