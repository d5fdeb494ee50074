package detection_test

import (
	"fmt"

	shown "simrun/report/detection"
	"simrun/scenarios/result/detection"
)

// Seven streams, one of which came to its limit: the median and its interval do not depend on
// where it would have ended.
func Example() {
	var streams []detection.Stream
	for _, seeds := range []uint64{3, 8, 1, 12, 5, 9, 4} {
		streams = append(streams, detection.Stream{Seeds: seeds, Detected: true})
	}
	fmt.Printf("%+v\n", shown.SeedsOf(streams))
	// Output: {Median:5 Low:1 High:12 FromRate:false}
}
