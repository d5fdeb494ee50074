package checkers_test

import (
	"fmt"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/sim"
)

// A task's watermark goes back: the suite names class, place and the two events.
func Example() {
	suite := checkers.New(&checkers.Setup{
		Vertices:    []checkers.Vertex{{Name: "delays", Parallelism: 2}},
		Checkpoints: true,
	})
	watermark := func(nanos, task, mark int64) {
		suite.Observe(&sim.Event{
			TimeNanos: nanos, Actor: sim.ActorID(10 + task),
			Kind: sim.EventKind(protocol.WatermarkAdvanced), Args: [6]int64{task, mark},
		})
	}
	watermark(1000, 1, 50)
	watermark(2000, 0, 30)
	watermark(3000, 1, 40)

	for _, v := range suite.Finish(&checkers.End{TimeNanos: 4000, Status: protocol.JobRunning}) {
		fmt.Println(v.Signature)
		fmt.Println(v.Detail)
		fmt.Println(len(v.Witness), "witnesses at", v.Witness[0].TimeNanos, "and", v.Witness[1].TimeNanos)
	}
	// Output:
	// watermark-regression/watermarks/delays
	// delays[1]: watermark 40 came after 50
	// 2 witnesses at 1000 and 3000
}
