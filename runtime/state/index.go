package state

import "simrun/protocol"

// index finds the slot of a (key, namespace): open addressing with linear probing over
// slot numbers; the keys themselves stay in the rows. Its layout depends on history and
// is never visible.
type index struct {
	cells []int32 // slot+1, 0 is free; length is a power of two
	shift uint8   // 64 - log2(len(cells))
	count int
}

const minCellsLog2 = 4

// hashEntry spreads a (key, namespace) over 64 bits.
func hashEntry(key uint64, namespace int64) uint64 {
	return protocol.MixLineage(key ^ uint64(namespace)*0xD6E8FEB86659FD93)
}

func newIndex() index {
	return index{cells: make([]int32, 1<<minCellsLog2), shift: 64 - minCellsLog2}
}

// insert adds a slot that is not in the index. A table at most a quarter full answers
// nearly every probe at once, so that the branch is predicted.
func (x *index) insert(hash uint64, slot int32, rows *arena) {
	if 4*x.count >= len(x.cells) {
		x.grow(rows)
	}
	x.place(hash, slot)
	x.count++
}

func (x *index) place(hash uint64, slot int32) {
	mask := uint64(len(x.cells) - 1)
	at := hash >> x.shift
	for x.cells[at] != 0 {
		at = (at + 1) & mask
	}
	x.cells[at] = slot + 1
}

func (x *index) grow(rows *arena) {
	old := x.cells
	x.cells = make([]int32, 2*len(old))
	x.shift--
	for _, cell := range old {
		if cell != 0 {
			row := rows.row(cell - 1)
			x.place(hashEntry(uint64(row[0]), row[1]), cell-1)
		}
	}
}

// remove takes a slot out and closes the gap behind it (Knuth, TAOCP 6.4, algorithm R),
// so that no probe ever passes a tombstone.
func (x *index) remove(hash uint64, slot int32, rows *arena) {
	mask := uint64(len(x.cells) - 1)
	hole := hash >> x.shift
	for x.cells[hole] != slot+1 {
		hole = (hole + 1) & mask
	}
	for at := (hole + 1) & mask; x.cells[at] != 0; at = (at + 1) & mask {
		row := rows.row(x.cells[at] - 1)
		home := hashEntry(uint64(row[0]), row[1]) >> x.shift
		if (at-home)&mask >= (at-hole)&mask {
			x.cells[hole] = x.cells[at]
			hole = at
		}
	}
	x.cells[hole] = 0
	x.count--
}

func (x *index) clear() {
	clear(x.cells)
	x.count = 0
}
