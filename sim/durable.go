package sim

import (
	"cmp"
	"slices"
)

// Durable is what a process keeps over crashes: a few values under typed keys, as on a
// local disk. Values are kept as they are, so a value must not be changed after it was
// written.
type Durable struct {
	synced []durableEntry // ordered by key
	recent []durableEntry // written since the last Sync, in order
}

type durableEntry struct {
	key     ObjectKey
	value   any
	deleted bool
}

func compareEntries(e durableEntry, key ObjectKey) int { return e.key.Compare(key) }

// Read gives the latest value written under key.
func (d *Durable) Read(key ObjectKey) (any, bool) {
	for i := len(d.recent) - 1; i >= 0; i-- {
		if d.recent[i].key == key {
			return d.recent[i].value, !d.recent[i].deleted
		}
	}
	if i, found := slices.BinarySearchFunc(d.synced, key, compareEntries); found {
		return d.synced[i].value, true
	}
	return nil, false
}

// Write sets the value of key. It is certain to survive a crash only after Sync.
func (d *Durable) Write(key ObjectKey, value any) {
	d.recent = append(d.recent, durableEntry{key, value, false})
}

// Delete removes key, with the same certainty as Write.
func (d *Durable) Delete(key ObjectKey) {
	d.recent = append(d.recent, durableEntry{key, nil, true})
}

// Sync makes everything written so far survive any crash.
func (d *Durable) Sync() {
	for _, e := range d.recent {
		i, found := slices.BinarySearchFunc(d.synced, e.key, compareEntries)
		switch {
		case found && e.deleted:
			d.synced = slices.Delete(d.synced, i, i+1)
		case found:
			d.synced[i] = e
		case !e.deleted:
			d.synced = slices.Insert(d.synced, i, e)
		}
	}
	clear(d.recent)
	d.recent = d.recent[:0]
}

// Keys lists the keys that have a value, in order.
func (d *Durable) Keys() []ObjectKey {
	var keys []ObjectKey
	for _, e := range d.synced {
		keys = append(keys, e.key)
	}
	for _, e := range d.recent {
		keys = append(keys, e.key)
	}
	slices.SortFunc(keys, ObjectKey.Compare)
	return slices.DeleteFunc(slices.Compact(keys), func(key ObjectKey) bool {
		_, found := d.Read(key)
		return !found
	})
}

// crash is what a crash does: it loses what was not synced, or happens to lose nothing.
func (d *Durable) crash(loseUnsynced bool) {
	if !loseUnsynced {
		d.Sync()
	}
	clear(d.recent)
	d.recent = d.recent[:0]
}

// ObjectKey is a typed key of objects and durable values: a kind, which the user numbers,
// and up to three integers. Keys are ordered by kind, A, B, C.
type ObjectKey struct {
	Kind    uint8
	A, B, C int64
}

// Compare orders keys: -1, 0 or 1.
func (o ObjectKey) Compare(p ObjectKey) int {
	if order := cmp.Compare(o.Kind, p.Kind); order != 0 {
		return order
	}
	if order := cmp.Compare(o.A, p.A); order != 0 {
		return order
	}
	if order := cmp.Compare(o.B, p.B); order != 0 {
		return order
	}
	return cmp.Compare(o.C, p.C)
}

// String is the key as a path: kind/a/b/c.
func (o ObjectKey) String() string {
	return decimal(int64(o.Kind)) + "/" + decimal(o.A) + "/" + decimal(o.B) + "/" + decimal(o.C)
}

// address is the key as one number, for draws.
func (o ObjectKey) address() uint64 {
	x := mix(uint64(o.Kind) + saltAddress)
	x = mix(x ^ uint64(o.A) + saltFirst)
	x = mix(x ^ uint64(o.B) + saltSecond)
	return mix(x ^ uint64(o.C) + saltThird)
}
