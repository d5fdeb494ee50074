package source_test

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/runtime/state"
	"simrun/sim"
)

// Flights are replayed at 1,000 a second; a restart reads the same offset again.
func Example() {
	table, err := source.Flights()
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := source.File("flights", table, source.FileOptions{
		Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 1000, Den: 1}}, Laps: 5,
	})
	reader := spec.Open(source.Instance{Splits: 2})
	for _, offset := range []int64{0, 1, 0} {
		var r record.Record
		arrivalNanos, _ := reader.Next(1, offset, &r)
		fmt.Printf("offset %d: from %s, %d minutes late, arrives at %d ms\n",
			offset, state.KeyText(r.Key), r.A, arrivalNanos/1e6)
	}
	// Output:
	// offset 0: from LAS, 4 minutes late, arrives at 1 ms
	// offset 1: from HNL, 95 minutes late, arrives at 3 ms
	// offset 0: from LAS, 4 minutes late, arrives at 1 ms
}
