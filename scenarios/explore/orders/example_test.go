package orders_test

import (
	"fmt"

	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
)

// Every order of the first eight turns with a choice, of the smallest job that aligns
// barriers.
func Example() {
	tiny, err := orders.Tiny()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := orders.Walk(tiny[0], 1, orders.Options{MostChoices: 8}, census.InOrder)
	fmt.Println(tiny[0].Name, r.Exhausted, r.Runs == r.Survived, err)
	// Output:
	// two-sources-aligned true true <nil>
}
