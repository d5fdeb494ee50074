package generate_test

import (
	"fmt"

	"simrun/faults/generate"
)

// A generator draws all that it decides from a Choice, so that whoever drives the Choice
// decides.
func Example() {
	victim := func(c generate.Choice) string {
		return []string{"task", "task manager", "job manager"}[c.Choose(3)]
	}
	fmt.Println(victim(generate.NewBytes(nil)))
	fmt.Println(victim(generate.NewBytes([]byte{2})))
	// Output:
	// task
	// job manager
}
