package detection_test

import (
	"fmt"

	"simrun/scenarios/result/detection"
)

// A bug that was detected in two of three streams.
func Example() {
	bug := detection.Bug{Word: "half-read-forgotten", Streams: []detection.Stream{
		{First: 1 << 32, Seeds: 4, Detected: true, Checker: "cut", Class: "lost"},
		{First: 2 << 32, Seeds: 2, Detected: true, Checker: "cut", Class: "lost"},
		{First: 3 << 32, Seeds: 1000},
	}}
	checker, class := bug.First()
	fmt.Println(bug.Caught(), checker, class, bug.Streams[0].Last()-1<<32)
	// Output: true cut lost 3
}
