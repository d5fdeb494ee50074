package trace_test

import (
	"fmt"
	"os"

	"simrun/protocol"
	"simrun/report/trace"
	"simrun/sim"
)

func Example() {
	events := []sim.Event{{
		TimeNanos: 2_000_000_000, Actor: 4, Ordinal: 17, Kind: uint16(protocol.AlignmentStarted),
		Args: [6]int64{4, 1}, Cause: sim.Cause{Actor: 2, Ordinal: 30},
	}}
	err := trace.Write(os.Stdout, events, func(id sim.ActorID) string { return fmt.Sprintf("task-%d", id) })
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"time_nanos":2000000000,"actor":"task-4","incarnation":0,"ordinal":17,"event":"alignment-started","text":"alignment-started task=4 checkpoint=1","args":{"task":4,"checkpoint":1},"cause":{"actor":"task-2","ordinal":30}}
}
