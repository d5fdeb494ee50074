package budgets_test

import (
	"simrun/protocol"
	"simrun/runtime/source"
	"simrun/runtime/state"
)

// bareLoop is the least that a simulator of the job source => count => sink, 2 x 2
// channels each, must do for a record: name it, hash its key into a group, extend the
// digests of the channels on both sides (FIFO), count it in the state and in the state's
// tally (cut) with an undo journal, name and tally the output (effects). It moves no
// record, keeps no buffer and has no time.
type bareLoop struct {
	assignment state.Assignment
	journals   [2]state.Journal
	backends   [2]*state.Backend
	first      [2][2]ends // source to count
	second     [2][2]ends // count to sink
	next       [2]int
	visible    [2]protocol.Tally
	offset     int64
}

// ends are what the two ends of a channel know of it.
type ends struct{ sent, received protocol.Chain }

const (
	bareKeys     = 1000
	bareOperator = 77
	// bareBatch is how many records go between two commits of the journal.
	bareBatch = 256
	// splitRange is far enough apart for two splits.
	splitRange = 1 << 62
)

func newBareLoop() *bareLoop {
	b := &bareLoop{assignment: state.NewAssignment(2, 128)}
	for i := range b.backends {
		b.backends[i] = state.NewBackend(state.Spec{
			Operator: bareOperator, Keyed: &state.KeyedSpec{Columns: 1, EntryBytes: 17},
		}, state.Place{Subtask: i, Parallelism: 2, MaxParallelism: 128}, &b.journals[i])
	}
	return b
}

// run handles n records.
func (b *bareLoop) run(n int) {
	for ; n > 0; n -= bareBatch {
		b.journals[0].Begin()
		b.journals[1].Begin()
		for range bareBatch {
			split := b.offset & 1
			b.record(split, b.offset>>1)
			b.offset++
		}
		b.journals[0].Commit()
		b.journals[1].Commit()
	}
}

func (b *bareLoop) record(split, offset int64) {
	lineage := protocol.SourceLineage(0, int32(split), offset)
	key := source.MeasuredKey(uint64(split)*splitRange+uint64(offset), bareKeys)
	at := b.assignment.Subtask(key)
	in := &b.first[split][at]
	in.sent.Extend(lineage)
	in.received.Extend(lineage)
	b.journals[at].Mark()
	backend := b.backends[at]
	backend.Apply(lineage)
	e, _ := backend.Keyed.At(key, 0)
	backend.Keyed.Add(e, 0, 1)
	made := protocol.DerivedLineage(bareOperator, lineage, 0)
	b.next[at] ^= 1
	out := &b.second[at][b.next[at]]
	out.sent.Extend(made)
	out.received.Extend(made)
	b.visible[b.next[at]].Add(made)
}
