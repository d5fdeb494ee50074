package runtime_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime"
)

// A cluster of two task managers runs the smallest job to its end.
func Example() {
	s, err := runtime.New(smallest(protocol.Aligned), nil)
	if err != nil {
		panic(err)
	}
	ending := s.Run(runtime.RunOptions{LimitNanos: 60e9, SettleNanos: 1e9})
	fmt.Println("by the job:", ending == runtime.EndedByJob, "status:", s.History.Status)
	fmt.Println("checkpoints:", s.History.Completed, "records in the database:", len(s.Externals[0].Ledger.Visible()))
	// Output:
	// by the job: true status: FINISHED
	// checkpoints: 2 records in the database: 5
}
