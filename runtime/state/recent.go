package state

// Recent answers what an Assignment answers, and remembers it: the hash of a key that came
// lately costs more than to copy the key's record. It holds no state: what it remembers is
// true for ever.
type Recent struct {
	Assignment
	parallelism int
	cells       []uint64 // key, recentKnown and subtask; by a hash of the key
}

const (
	recentBits       = 11
	recentKeyShift   = 16
	recentKnown      = MaxParallelismLimit // above every subtask
	recentMultiplier = 0x9E3779B97F4A7C15  // 2^64 over the golden ratio spreads keys that count up
)

// NewRecent makes one that remembers nothing yet. It panics like NewAssignment.
func NewRecent(parallelism, maxParallelism int) *Recent {
	return &Recent{
		Assignment: NewAssignment(parallelism, maxParallelism), parallelism: parallelism,
		cells: make([]uint64, 1<<recentBits),
	}
}

// Subtask is the subtask that key belongs to.
func (r *Recent) Subtask(key uint64) int {
	cell := r.cells[key*recentMultiplier>>(64-recentBits)]
	if cell>>recentKeyShift == key && cell&recentKnown != 0 {
		return int(cell & (recentKnown - 1))
	}
	return r.look(key)
}

// look remembers a key that fits into a cell.
func (r *Recent) look(key uint64) int {
	subtask := r.Assignment.Subtask(key)
	if key < 1<<(64-recentKeyShift) {
		r.cells[key*recentMultiplier>>(64-recentBits)] = key<<recentKeyShift | recentKnown | uint64(subtask)
	}
	return subtask
}

// Assignments makes one Recent for all exchanges of the same size, and keeps it from run to
// run.
type Assignments struct{ known []*Recent }

// maxAssignments bounds what is kept.
const maxAssignments = 16

// Of is the assignment of an exchange. It panics like NewAssignment.
func (a *Assignments) Of(parallelism, maxParallelism int) *Recent {
	for _, r := range a.known {
		if r.parallelism == parallelism && int(r.maxParallelism) == maxParallelism {
			return r
		}
	}
	if len(a.known) == maxAssignments {
		a.known = a.known[:0]
	}
	a.known = append(a.known, NewRecent(parallelism, maxParallelism))
	return a.known[len(a.known)-1]
}
