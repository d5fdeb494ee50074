package state_test

import (
	"fmt"

	"simrun/runtime/state"
)

// A count per key: a snapshot keeps its content while counting goes on, and a record that
// ran ahead of the clock is taken back.
func Example() {
	journal := new(state.Journal)
	place := state.Place{Subtask: 0, Parallelism: 2, MaxParallelism: 128}
	spec := state.Spec{Keyed: &state.KeyedSpec{Columns: 1, EntryBytes: 17}}
	backend := state.NewBackend(spec, place, journal)
	count := func(key, lineage uint64) {
		e, _ := backend.Keyed.At(key, 0)
		backend.Keyed.Add(e, 0, 1)
		backend.Apply(lineage)
	}
	show := func(what string) {
		e, _ := backend.Keyed.Find(7, 0)
		fmt.Println(what, backend.Keyed.Get(e, 0), "of", backend.Point().Applied.Count, "records")
	}
	count(7, 1)
	image := backend.Image()
	journal.Begin()
	count(7, 2)
	mark := journal.Mark()
	count(7, 3)
	show("ahead:")
	journal.Rollback(mark)
	journal.Commit()
	show("rolled back:")
	backend.Restore(image)
	show("restored:")
	fmt.Println(image.SizeBytes, "bytes, groups", image.Groups)
	// Output:
	// ahead: 3 of 3 records
	// rolled back: 2 of 2 records
	// restored: 1 of 1 records
	// 1020 bytes, groups {0 63}
}
