package state

import (
	"fmt"
	"slices"

	"simrun/protocol"
)

// Redistribution says what becomes of operator state when a job is restored (Flink:
// OperatorStateHandle.Mode).
type Redistribution uint8

const (
	// SplitDistribute deals the items of all subtasks out round-robin.
	SplitDistribute Redistribution = iota
	// Union gives every subtask the items of all.
	Union
	// Broadcast gives every subtask one replica; items are entries of a map.
	Broadcast
)

var redistributionNames = [...]string{"list", "union-list", "broadcast"}

// String is the word of a state contract.
func (r Redistribution) String() string { return redistributionNames[r] }

// ListSpec declares one operator state.
type ListSpec struct {
	Name           string
	Redistribution Redistribution
	Columns        int // of an item; of a broadcast state the first is the map's key
}

// Operator is the operator state of one instance: lists of fixed-width items, and
// broadcast maps kept sorted by their first column. It is small, so values are replaced,
// never changed: images and the journal keep old ones.
type Operator struct {
	specs   []ListSpec
	lists   [][]int64
	old     [][]int64 // values that the journal may bring back
	commits int       // of the journal, when old was last begun
	digest  uint64
	journal *Journal
	target  uint16
}

// NewOperator makes empty states whose changes the journal sees.
func NewOperator(specs []ListSpec, journal *Journal) *Operator {
	o := &Operator{specs: specs, lists: make([][]int64, len(specs)), journal: journal}
	o.target = journal.register(o)
	return o
}

// Len is the number of items of a list.
func (o *Operator) Len(list int) int { return len(o.lists[list]) / o.specs[list].Columns }

// Item is an item of a list. It must not be changed.
func (o *Operator) Item(list, at int) []int64 {
	columns := o.specs[list].Columns
	return o.lists[list][at*columns : (at+1)*columns : (at+1)*columns]
}

// Add appends an item to a list; of a broadcast state use Put.
func (o *Operator) Add(list int, item ...int64) {
	o.mustFit(list, item)
	o.replace(list, append(slices.Clone(o.lists[list]), item...))
}

// Update replaces all items of a list (Flink: ListState.update).
func (o *Operator) Update(list int, items []int64) {
	o.replace(list, slices.Clone(items))
}

// Lookup is the entry of a broadcast map with the given key.
func (o *Operator) Lookup(list int, key int64) ([]int64, bool) {
	at, found := o.search(list, key)
	if !found {
		return nil, false
	}
	return o.Item(list, at), true
}

// Put sets the entry of a broadcast map whose key is the item's first column.
func (o *Operator) Put(list int, item ...int64) {
	o.mustFit(list, item)
	at, found := o.search(list, item[0])
	value := slices.Clone(o.lists[list])
	if found {
		copy(value[at*len(item):], item)
	} else {
		value = slices.Insert(value, at*len(item), item...)
	}
	o.replace(list, value)
}

// Delete takes the entry with the given key out of a broadcast map.
func (o *Operator) Delete(list int, key int64) {
	if at, found := o.search(list, key); found {
		columns := o.specs[list].Columns
		o.replace(list, slices.Delete(slices.Clone(o.lists[list]), at*columns, (at+1)*columns))
	}
}

func (o *Operator) search(list int, key int64) (at int, found bool) {
	low, high := 0, o.Len(list)
	for low < high {
		middle := (low + high) / 2
		if o.Item(list, middle)[0] < key {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < o.Len(list) && o.Item(list, low)[0] == key
}

func (o *Operator) mustFit(list int, item []int64) {
	if len(item) != o.specs[list].Columns {
		panic(fmt.Sprintf("state: item of %d columns in operator state %q of %d",
			len(item), o.specs[list].Name, o.specs[list].Columns))
	}
}

func (o *Operator) replace(list int, value []int64) {
	if o.journal.on {
		if o.commits != o.journal.commits {
			o.old, o.commits = o.old[:0], o.journal.commits
		}
		e := o.journal.push(o.target, 0)
		e.slot, e.column = int32(len(o.old)), uint8(list)
		o.old = append(o.old, o.lists[list])
	}
	o.put(list, value)
}

func (o *Operator) put(list int, value []int64) {
	o.digest += o.hashList(list, value) - o.hashList(list, o.lists[list])
	o.lists[list] = value
}

// hashList adds the items up: which subtask holds an item of a list, and where in it, is
// not content.
func (o *Operator) hashList(list int, value []int64) (sum uint64) {
	columns := o.specs[list].Columns
	for at := 0; at < len(value); at += columns {
		item := protocol.MixLineage(uint64(list) + 1)
		for _, word := range value[at : at+columns] {
			item = protocol.MixLineage(item ^ uint64(word))
		}
		sum += item
	}
	return sum
}

func (o *Operator) undo(e *undoEntry) {
	o.put(int(e.column), o.old[e.slot])
	o.old = o.old[:e.slot]
}

// Digest is the content digest.
func (o *Operator) Digest() uint64 { return o.digest }

// SizeBytes is what the lists take in a checkpoint.
func (o *Operator) SizeBytes() int64 {
	words := 0
	for _, list := range o.lists {
		words += len(list)
	}
	return 8 * int64(words)
}
