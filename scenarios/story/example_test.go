package story_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/story"
)

// A sink that commits with its snapshot, not with the checkpoint's completion.
func Example() {
	s, err := scenarios.Load("recover-task-crash", "run.planted-bug=commit-at-snapshot")
	if err != nil {
		fmt.Println(err)
		return
	}
	told, err := story.Tell(config.NewCase(s.Config(), 1), story.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(told.Finding.Class, told.Finding.Checker)
	for _, m := range told.Moments {
		if e := told.Recording.Events[m.Events[0]]; m.Witness {
			fmt.Println(told.Recording.Actors[e.Actor], protocol.EventKind(e.Kind))
		}
	}
	// Output:
	// committed-early two-phase-commit
	// topic[0]#0 transaction-pre-committed
	// kafka transaction-committed
}
