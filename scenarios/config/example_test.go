package config_test

import (
	"fmt"

	"simrun/scenarios/config"
)

// A scenario is read with everything checked; what is wrong is shown in its place.
func Example() {
	text := []byte("name: tiny\njob:\n  protocl: aligned\n  graph: []\n")
	_, err := config.Load("tiny.yaml", text, config.NoFiles{})
	fmt.Println(err)
	// Output:
	// tiny.yaml:3:3: unknown key "protocl"; did you mean "protocol"?
	// expected: protocol, unsafe-exactly-once, own-slots, configuration, graph
	//   3 |   protocl: aligned
	//     |   ^
}
