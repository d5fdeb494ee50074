package budgets_test

import (
	"fmt"

	"simrun/scenarios/budgets"
)

// A row tells what was wanted, what was reached, and how far apart they are.
func Example() {
	fmt.Print(budgets.Markdown([]budgets.Row{
		{Budget: "kernel event", Wanted: "0.75 x heap", Reached: "0.60 x heap", Ratio: 1.25, Note: "least of 50 turns"},
	}))
	// Output:
	// | budget | wanted | reached | ratio | |
	// |---|---|---|---|---|
	// | kernel event | 0.75 x heap | 0.60 x heap | 1.25 | least of 50 turns |
}
