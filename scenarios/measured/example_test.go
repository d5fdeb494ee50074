package measured_test

import (
	"context"
	"fmt"

	"simrun/scenarios/measured"
)

func Example() {
	runs, err := measured.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := measured.Validate(context.Background(), measured.Options{Runs: runs[30:31]})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Runs[0].Name, f.Runs[0].Summary)
	for i := range f.Figures {
		if x := &f.Figures[i]; x.Metric == "e2e_ms" {
			fmt.Printf("%.0f ms measured, predicted within 1 %%: %v\n", x.Measured, x.RelativeError < 0.01)
		}
	}
	// Output:
	// r31 aligned, 1 x 3, keyed, sink 1 ms, payload 1000 B
	// 1204 ms measured, predicted within 1 %: true
}
