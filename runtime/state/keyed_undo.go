package state

// undo takes one write back. The journal is off meanwhile, and writes come back latest
// first: so a deleted entry's slot is the first free one again when it is needed.
func (k *Keyed) undo(e *undoEntry) {
	switch e.kind {
	case undoSet:
		k.Set(k.entryAt(e.slot), int(e.column), e.a)
	case undoCreate:
		k.drop(k.entryAt(e.slot))
	case undoDelete:
		k.create(hashEntry(uint64(e.a), e.b), uint64(e.a), e.b)
	case undoAppend:
		k.undoAppend(e)
	case undoClear:
		k.undoClear(e)
	default:
		panic("state: unknown write in the journal of a keyed state")
	}
}

func (k *Keyed) entryAt(slot int32) Entry {
	row := k.entries.row(slot)
	return Entry{hashEntry(uint64(row[wordKey]), row[wordNamespace]), slot}
}

func (k *Keyed) undoAppend(e *undoEntry) {
	row := k.entries.row(e.slot)
	head, count, last := row[wordHead], row[wordCount], row[wordTail]
	if e.a == noSlot {
		head = noSlot
	} else {
		k.rows.own(int32(e.a))[0] = noSlot
	}
	k.setList(e.slot, head, e.a, count-1, e.b)
	k.rows.give(int32(last))
}

func (k *Keyed) undoClear(e *undoEntry) {
	k.cleared = k.cleared[:len(k.cleared)-1]
	k.setList(e.slot, e.a>>32, e.a&0xffffffff, e.b, e.c)
}
