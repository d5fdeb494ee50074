package task

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Throw makes user code of one operator throw.
type Throw struct {
	Node int // of the graph
	At   protocol.Callback
	// Subtask is the one that throws; -1: whichever comes first.
	Subtask int
	// Ordinal counts from 1: the record, snapshot, notification … of the subtask at which
	// it throws, over all attempts.
	Ordinal int64
	Always  bool // at every attempt that gets there; else once

	seen  []int64 // by subtask
	fired bool
}

// Fired reports whether it has happened.
func (t *Throw) Fired() bool { return t.fired }

// Poison is a record at which user code of one operator throws in every attempt: the record
// itself, or what was made while it, or something made of it, was handled. What comes out of
// state later, when a timer fires or another record comes, is not poisonous.
type Poison struct {
	Node    int // of the graph
	Subtask int // -1: any

	lineages []uint64 // the record's, then those made of it
	fired    bool
}

// NewPoison poisons a node, or one of its subtasks, with the record of that lineage.
func NewPoison(node, subtask int, lineage uint64) *Poison {
	return &Poison{Node: node, Subtask: subtask, lineages: []uint64{lineage}}
}

// Fired reports whether user code has met it.
func (p *Poison) Fired() bool { return p.fired }

// throwsAt counts a visit of the place and fails the task if user code throws there.
func (t *Task) throwsAt(c *sim.Context, at protocol.Callback) bool {
	for _, throw := range t.env.Faults.Throws {
		if throw.At != at || !t.runs(throw.Node) {
			continue
		}
		if throw.hits(t.shape.Subtask, t.vertex.Parallelism) {
			t.fail(c, rpc.CauseUserCode)
			return true
		}
	}
	return false
}

func (t *Task) runs(node int) bool {
	for _, n := range t.vertex.Nodes {
		if n == node {
			return true
		}
	}
	return false
}

func (t *Throw) hits(subtask, parallelism int) bool {
	if t.Subtask >= 0 && t.Subtask != subtask || t.fired && !t.Always {
		return false
	}
	if t.seen == nil {
		t.seen = make([]int64, parallelism)
	}
	t.seen[subtask]++
	if t.seen[subtask] < t.Ordinal {
		return false
	}
	t.fired = true
	return true
}

// watched reports whether a throw or a poison may strike while the task handles records, so
// that each must be looked at.
func (t *Task) watched() bool {
	f := t.env.Faults
	if len(f.Poisons) > 0 {
		return true
	}
	for _, throw := range f.Throws {
		atRecord := throw.At == protocol.CallbackRecord || throw.At == protocol.CallbackRead
		if atRecord && (throw.Always || !throw.fired) && t.runs(throw.Node) {
			return true
		}
	}
	return false
}

// poisoned fails the task if the record in hand is poison for it.
func (t *Task) poisoned(c *sim.Context, r *record.Record) bool {
	for _, p := range t.env.Faults.Poisons {
		meant := t.runs(p.Node) && (p.Subtask < 0 || p.Subtask == t.shape.Subtask)
		if !meant || !slices.Contains(p.lineages, r.Lineage) {
			continue
		}
		if !p.fired {
			p.fired = true
			c.Kernel().Emit(uint16(protocol.FaultBit), int64(protocol.FaultPoison), int64(t.id), 0, 0, 0, 0)
		}
		t.fail(c, rpc.CauseUserCode)
		return true
	}
	return false
}

// spreadPoison makes poisonous what was made of a poisonous record.
func (t *Task) spreadPoison(r *record.Record, made []record.Record) {
	for _, p := range t.env.Faults.Poisons {
		if !slices.Contains(p.lineages, r.Lineage) {
			continue
		}
		for i := range made {
			if made[i].IsRecord() && !slices.Contains(p.lineages, made[i].Lineage) {
				p.lineages = append(p.lineages, made[i].Lineage)
			}
		}
	}
}
