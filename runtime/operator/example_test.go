package operator_test

import (
	"fmt"

	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Flights are counted per origin in windows of ten units of event time.
func Example() {
	chain := operator.NewChain([]operator.Spec{
		operator.Filter("late-flights", operator.Predicate{
			Field: operator.FieldA, Comparison: operator.Greater, Values: []int64{0},
		}),
		operator.Window("delays", operator.WindowOptions{
			SizeNanos: 10, Aggregate: operator.Mean, Field: operator.FieldA,
		}),
	}, state.Place{Parallelism: 1, MaxParallelism: 128})
	for i, delay := range []int64{30, -5, 60, 15} {
		r := record.Record{Lineage: uint64(i + 1), Key: 1, A: delay, TimeNanos: int64(3 * i)}
		chain.Process(0, &r)
	}
	chain.Watermark(0, 9, operator.Unlimited)
	for _, r := range chain.Out.Records {
		if r.IsRecord() {
			fmt.Printf("window from %d: mean delay %d of %d flights\n", r.C, r.A, r.B)
		}
	}
	for _, point := range chain.Points() {
		fmt.Println(point.Applied.Count, "records applied")
	}
	fmt.Println(chain.Spec(0).Contract())
	// Output:
	// window from 0: mean delay 35 of 3 flights
	// 3 records applied
	// lets pass a gt 0; keeps nothing; output order-free
}
