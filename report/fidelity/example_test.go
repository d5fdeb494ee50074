package fidelity_test

import (
	"fmt"
	"os"

	"simrun/report/fidelity"
	"simrun/scenarios/result"
)

func Example() {
	f := &result.Fidelity{
		Runs: []result.MeasuredRun{{Name: "r31", Summary: "aligned, 1 x 3"}},
		Figures: []result.FidelityFigure{
			{Run: "r31", Metric: "e2e_ms", Measured: 1204, Predicted: 1203.2, RelativeError: 0.0007, Passes: true},
		},
		Bands: []result.FidelityBand{{
			Metric: "e2e_ms", Band: result.BandLong, Cells: 1, Passed: 1, Barred: true, WithinBar: true,
			MedianError: 0.0007, P90Error: 0.0007, Bar: "half within 3 %",
		}},
	}
	if err := fidelity.Text(os.Stdout, f); err != nil {
		fmt.Println(err)
	}
	// Output:
	// r31  aligned, 1 x 3
	//   vertex   metric  predicted  measured     off
	//   (whole)  e2e_ms       1203      1204  <0.1 %
	//
	// metric  band  cells  half within  90 % within  in bound        bar
	// e2e_ms  long      1       <0.1 %       <0.1 %     100 %  kept  half within 3 %
}
