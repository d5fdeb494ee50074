package record_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/record"
)

// An operator makes a record from another one: its name follows from its parent's, so that
// a replay makes the same one.
func Example() {
	parent := record.Record{Lineage: protocol.SourceLineage(0, 1, 42), Key: 7, A: 10, SizeBytes: 30}
	child := parent
	child.Lineage = protocol.DerivedLineage(99, parent.Lineage, 0)
	again := parent
	again.Lineage = protocol.DerivedLineage(99, parent.Lineage, 0)
	fmt.Println("the same after a replay:", child == again, child.Content() == again.Content())

	watermark := record.Watermark(5e9)
	fmt.Println("a watermark is a record:", watermark.IsRecord(), "and takes", watermark.SizeBytes, "bytes")
	// Output:
	// the same after a replay: true true
	// a watermark is a record: false and takes 13 bytes
}
