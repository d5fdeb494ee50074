package synthetic_test

import (
	"fmt"

	"simrun/report/internal/synthetic"
)

func Example() {
	c := synthetic.Comparison(synthetic.Small())
	last := c.Runs[8].Outcome.Checkpoints[0]
	fmt.Println(len(c.Runs), c.Runs[8].Slowdown, last.Reason)
	// Output: 18 50 CHECKPOINT_EXPIRED
}
