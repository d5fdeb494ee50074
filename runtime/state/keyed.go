package state

import (
	"fmt"
	"math"
	"math/bits"
)

// freeNamespace marks a freed row; it is no namespace of an entry.
const freeNamespace int64 = math.MinInt64

// KeyedSpec declares an operator's keyed state: what one entry holds.
type KeyedSpec struct {
	// Columns is the number of values per (key, namespace).
	Columns int
	// Ghosts is how many of them, the last ones, exist for measurement only (the born
	// time of a window's latest record): they are no part of the content digest.
	Ghosts int
	// RowColumns and RowGhosts are the same for the rows of an entry's list; an entry
	// has no list if RowColumns is 0.
	RowColumns, RowGhosts int
	// EntryBytes and RowBytes are what one entry and one row of a list take in a
	// checkpoint, for the cost model; 0 means key, namespace and columns as they are.
	EntryBytes, RowBytes int64
}

// Keyed is the keyed state of one operator instance: for every (key, namespace) a fixed
// row of int64 columns and, if declared, a list of rows. Reads and writes go through an
// Entry; nothing allocates in steady state but the first write to a page after a
// snapshot.
type Keyed struct {
	spec    KeyedSpec
	base    int // words of an entry before its columns
	hashed  int // columns that count for the digest
	entries arena
	rows    arena
	index   index
	digest  uint64
	listed  int64 // rows in all lists
	journal *Journal
	target  uint16
	cleared []chain // lists that the journal may bring back
	order   []Entry // reused by Each
}

// Entry is the place of one (key, namespace); valid until it is deleted or the state is
// restored or rolled back.
type Entry struct {
	hash uint64
	slot int32
}

// Words of an entry: key, namespace, then those of its list, then its columns.
const (
	wordKey = iota
	wordNamespace
	wordHead
	wordTail
	wordCount
	wordSum
	wordsWithList
	wordsWithoutList = wordHead
)

// What the journal of a Keyed knows to take back.
const (
	undoSet undoKind = iota
	undoCreate
	undoDelete
	undoAppend
	undoClear
)

// NewKeyed makes an empty keyed state whose writes the journal sees.
func NewKeyed(spec KeyedSpec, journal *Journal) *Keyed {
	k := &Keyed{spec: spec, base: wordsWithoutList, hashed: spec.Columns - spec.Ghosts, journal: journal}
	if spec.RowColumns > 0 {
		k.base = wordsWithList
	}
	k.entries = newArena(k.base + spec.Columns)
	k.rows = newArena(1 + spec.RowColumns)
	k.index = newIndex()
	k.target = journal.register(k)
	return k
}

// Find is the entry of (key, namespace), if there is one.
func (k *Keyed) Find(key uint64, namespace int64) (Entry, bool) {
	hash := hashEntry(key, namespace)
	cells := k.index.cells
	mask := uint64(len(cells) - 1)
	for at := hash >> k.index.shift; ; at = (at + 1) & mask {
		cell := cells[at&mask]
		if cell == 0 {
			return Entry{hash, noSlot}, false
		}
		row := k.entries.row(cell - 1)
		if uint64(row[wordKey]) == key && row[wordNamespace] == namespace {
			return Entry{hash, cell - 1}, true
		}
	}
}

// At is the entry of (key, namespace), made with zero columns if there was none.
func (k *Keyed) At(key uint64, namespace int64) (e Entry, existed bool) {
	if e, existed = k.Find(key, namespace); existed {
		return e, true
	}
	return k.create(e.hash, key, namespace), false
}

func (k *Keyed) create(hash uint64, key uint64, namespace int64) Entry {
	if namespace == freeNamespace {
		panic(fmt.Sprintf("state: namespace %d is reserved", namespace))
	}
	e := Entry{hash, k.entries.take()}
	row := k.entries.own(e.slot)
	clear(row)
	row[wordKey], row[wordNamespace] = int64(key), namespace
	if k.spec.RowColumns > 0 {
		row[wordHead], row[wordTail] = noSlot, noSlot
	}
	k.index.insert(hash, e.slot, &k.entries)
	k.digest += presence(hash)
	if k.journal.on {
		k.journal.push(k.target, undoCreate).slot = e.slot
	}
	return e
}

// Delete takes an entry and its list away.
func (k *Keyed) Delete(e Entry) {
	for column := range k.spec.Columns {
		k.Set(e, column, 0)
	}
	if k.spec.RowColumns > 0 {
		k.Clear(e)
	}
	row := k.entries.row(e.slot)
	if k.journal.on {
		entry := k.journal.push(k.target, undoDelete)
		entry.a, entry.b, entry.slot = row[wordKey], row[wordNamespace], e.slot
	}
	k.drop(e)
}

func (k *Keyed) drop(e Entry) {
	k.index.remove(e.hash, e.slot, &k.entries)
	k.entries.own(e.slot)[wordNamespace] = freeNamespace
	k.entries.give(e.slot)
	k.digest -= presence(e.hash)
}

// Get reads a column.
func (k *Keyed) Get(e Entry, column int) int64 { return k.entries.row(e.slot)[k.base+column] }

// Set writes a column.
func (k *Keyed) Set(e Entry, column int, value int64) {
	word := &k.entries.own(e.slot)[k.base+column]
	k.write(e, column, word, value)
}

// Add adds to a column and says what it holds now.
func (k *Keyed) Add(e Entry, column int, delta int64) int64 {
	word := &k.entries.own(e.slot)[k.base+column]
	value := *word + delta
	k.write(e, column, word, value)
	return value
}

func (k *Keyed) write(e Entry, column int, word *int64, value int64) {
	old := *word
	if k.journal.on {
		entry := k.journal.push(k.target, undoSet)
		entry.a, entry.slot, entry.column = old, e.slot, uint8(column)
	}
	if column < k.hashed {
		k.digest += weight(e.hash, column) * uint64(value-old)
	}
	*word = value
}

// The content digest is linear: the sum, modulo 2^64, of weight(key, namespace, column)
// times value, plus a constant per entry that is present. So it does not depend on the
// order of entries, a write costs one multiplication, and the digests of the subtasks
// of an operator add up to that of the whole.
func weight(hash uint64, column int) uint64 { return bits.RotateLeft64(hash, 11*column) | 1 }

func presence(hash uint64) uint64 { return hash * 0x9FB21C651E98DF25 }

// Digest is the content digest.
func (k *Keyed) Digest() uint64 { return k.digest }

// Len is the number of entries.
func (k *Keyed) Len() int { return k.index.count }

// Key and Namespace are those of an entry.
func (k *Keyed) Key(e Entry) uint64 { return uint64(k.entries.row(e.slot)[wordKey]) }

// Namespace is the second part of an entry's name; windows use it.
func (k *Keyed) Namespace(e Entry) int64 { return k.entries.row(e.slot)[wordNamespace] }

// SizeBytes is what the entries and lists take in a checkpoint.
func (k *Keyed) SizeBytes() int64 {
	entry, row := k.spec.EntryBytes, k.spec.RowBytes
	if entry == 0 {
		entry = 8 * int64(2+k.hashed)
	}
	if row == 0 {
		row = 8 * int64(k.spec.RowColumns-k.spec.RowGhosts)
	}
	return int64(k.Len())*entry + k.listed*row
}
