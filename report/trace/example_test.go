package trace_test

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/report/trace"
	"simrun/sim"
)

func Example() {
	events := []sim.Event{{
		TimeNanos: 2_000_000_000, Actor: 4, Ordinal: 17, Kind: uint16(protocol.JobRestarting),
		Cause: sim.Cause{Actor: sim.NoActor},
	}}
	var b strings.Builder
	err := trace.Write(&b, events, func(id sim.ActorID) string { return fmt.Sprintf("task-%d", id) })
	start, rest, _ := strings.Cut(b.String(), `,"text":`)
	fmt.Println(err, start)
	_, args, _ := strings.Cut(rest, `,"args":`)
	fmt.Print(args)
	// Output:
	// <nil> {"time_nanos":2000000000,"actor":"task-4","incarnation":0,"ordinal":17,"event":"job-restarting"
	// {"attempt":0,"delay-nanos":0}}
}
