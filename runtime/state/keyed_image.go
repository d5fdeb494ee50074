package state

import "slices"

// KeyedImage is the keyed state at an instant. It shares pages with the state it was
// taken from and is never written. It names key groups, not subtasks: any subtask may
// restore the part of it that falls into its range.
type KeyedImage struct {
	entries, rows image
	spec          KeyedSpec
	digest        uint64
	count, listed int64
	sizeBytes     int64
}

// image takes the state as it is, in time proportional to the number of pages.
func (k *Keyed) image() *KeyedImage {
	return &KeyedImage{
		entries: k.entries.share(), rows: k.rows.share(), spec: k.spec, digest: k.digest,
		count: int64(k.Len()), listed: k.listed, sizeBytes: k.SizeBytes(),
	}
}

// restore makes the state equal to the image; pages are shared until they are written.
func (k *Keyed) restore(from *KeyedImage) {
	k.entries.adopt(from.entries)
	k.rows.adopt(from.rows)
	k.digest, k.listed = from.digest, from.listed
	k.index.clear()
	for slot := range k.entries.used {
		if row := k.entries.row(slot); row[wordNamespace] != freeNamespace {
			k.index.insert(hashEntry(uint64(row[wordKey]), row[wordNamespace]), slot, &k.entries)
		}
	}
}

// absorb adds those entries of the image whose key group is in the range.
func (k *Keyed) absorb(from *KeyedImage, groups KeyGroupRange, maxParallelism int) {
	old := NewKeyed(from.spec, new(Journal))
	old.restore(from)
	old.Each(func(e Entry) bool {
		key := old.Key(e)
		if groups.Contains(KeyGroup(key, maxParallelism)) {
			k.copyEntry(old, e, key)
		}
		return true
	})
}

func (k *Keyed) copyEntry(from *Keyed, e Entry, key uint64) {
	to, _ := k.At(key, from.Namespace(e))
	for column := range k.spec.Columns {
		k.Set(to, column, from.Get(e, column))
	}
	if k.spec.RowColumns == 0 {
		return
	}
	for r := from.First(e); r != NoRow; r = from.Next(r) {
		k.Append(to, from.rows.row(int32(r))[1:]...)
	}
}

// reset empties the state.
func (k *Keyed) reset() {
	k.entries.clear()
	k.rows.clear()
	k.index.clear()
	k.digest, k.listed = 0, 0
}

// Each visits every entry in the order of (key, namespace) until visit says no. The
// visitor may write to and delete the entry it is given.
func (k *Keyed) Each(visit func(Entry) bool) {
	order := k.order[:0]
	for slot := range k.entries.used {
		if k.entries.row(slot)[wordNamespace] != freeNamespace {
			order = append(order, k.entryAt(slot))
		}
	}
	slices.SortFunc(order, k.compare)
	k.order = nil // a visit within a visit has a list of its own
	for _, e := range order {
		if !visit(e) {
			break
		}
	}
	k.order = order
}

func (k *Keyed) compare(a, b Entry) int {
	x, y := k.entries.row(a.slot), k.entries.row(b.slot)
	switch {
	case uint64(x[wordKey]) != uint64(y[wordKey]):
		if uint64(x[wordKey]) < uint64(y[wordKey]) {
			return -1
		}
		return 1
	case x[wordNamespace] < y[wordNamespace]:
		return -1
	}
	return 1
}
