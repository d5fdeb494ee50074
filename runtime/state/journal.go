package state

import "fmt"

// Journal remembers how to take writes back. One journal serves all the state of a
// task, so that a mark is one number however many operators are chained. It is off
// until Begin: then it costs the write path one branch.
//
// A task that runs records ahead of the virtual clock marks before each record, rolls
// back to the mark of the first record that must not have happened, and commits when
// the rest is final. Snapshots are taken with an empty journal only, so that a rollback
// never crosses one.
type Journal struct {
	on      bool
	entries []undoEntry
	targets []undoer
	waiting []*Keyed // have something to do at Commit
	commits int
}

// Mark is a point that Rollback can go back to.
type Mark int

// undoEntry is one write. It holds no pointers: the journal is never scanned.
type undoEntry struct {
	a, b, c int64
	slot    int32
	target  uint16
	kind    undoKind
	column  uint8
}

type undoKind uint8

// undoer takes its own writes back, the latest first.
type undoer interface{ undo(e *undoEntry) }

// register gives a piece of state its number in the journal.
func (j *Journal) register(target undoer) uint16 {
	j.targets = append(j.targets, target)
	return uint16(len(j.targets) - 1)
}

// Undoer is something beside state that is to be taken back in step with it. Undo takes
// back its latest change.
type Undoer interface{ Undo() }

// Hook is an Undoer's number in a journal.
type Hook struct{ target uint16 }

// Register adds an Undoer.
func (j *Journal) Register(u Undoer) Hook { return Hook{j.register(hooked{u})} }

// Changed says that the Undoer is about to change; Undo will follow at a rollback. It
// reports whether the journal is on: if not, there is nothing to keep.
func (j *Journal) Changed(h Hook) bool {
	if j.on {
		j.push(h.target, 0)
	}
	return j.on
}

type hooked struct{ Undoer }

func (h hooked) undo(*undoEntry) { h.Undo() }

// push adds an entry for the caller to fill in: in place, because an entry that is built
// elsewhere and copied costs three times as much (narrow stores, then wide loads).
func (j *Journal) push(target uint16, kind undoKind) *undoEntry {
	if len(j.entries) == cap(j.entries) {
		j.entries = append(j.entries, undoEntry{})
	} else {
		j.entries = j.entries[:len(j.entries)+1]
	}
	e := &j.entries[len(j.entries)-1]
	e.target, e.kind = target, kind
	return e
}

// defers calls k at the next Commit; already says whether it has asked for that before.
func (j *Journal) defers(k *Keyed, already int) {
	if already == 0 {
		j.waiting = append(j.waiting, k)
	}
}

// Begin starts to remember writes.
func (j *Journal) Begin() { j.on = true }

// Mark names the present state. It panics if the journal is off.
func (j *Journal) Mark() Mark {
	if !j.on {
		panic("state: mark without Begin")
	}
	return Mark(len(j.entries))
}

// Rollback takes back every write since the mark; the journal stays on. It panics at a
// mark that lies in the future.
func (j *Journal) Rollback(to Mark) {
	if int(to) > len(j.entries) {
		panic(fmt.Sprintf("state: rollback to mark %d of a journal of %d writes", to, len(j.entries)))
	}
	on := j.on
	j.on = false
	for i := len(j.entries) - 1; i >= int(to); i-- {
		e := &j.entries[i]
		j.targets[e.target].undo(e)
	}
	j.entries = j.entries[:to]
	j.on = on
}

// Commit forgets how to take writes back and switches the journal off.
func (j *Journal) Commit() {
	j.entries = j.entries[:0]
	j.on = false
	for _, k := range j.waiting {
		k.commit()
	}
	j.waiting = j.waiting[:0]
	j.commits++
}

// On reports whether writes are remembered.
func (j *Journal) On() bool { return j.on }

// Writes is the number of writes that could be taken back.
func (j *Journal) Writes() int { return len(j.entries) }

func (j *Journal) mustBeEmpty(doing string) {
	if len(j.entries) > 0 {
		panic(fmt.Sprintf("state: %s with %d uncommitted writes", doing, len(j.entries)))
	}
}
