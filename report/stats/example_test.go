package stats_test

import (
	"fmt"

	"simrun/report/stats"
)

func Example() {
	// One run: three checkpoints, one of which expired after 60 s.
	run := stats.Median([]stats.Value{stats.Exact(41), stats.Exact(44), stats.AtLeast(60)})
	// Six seeds: one median each.
	seeds := []stats.Value{run, stats.Exact(40), stats.Exact(47), stats.AtLeast(60),
		stats.Exact(43), stats.Exact(46)}
	e := stats.NewEstimate(seeds)
	fmt.Printf("median %.0f s, at least %.0f and at most %v, with %.1f %%\n",
		e.Median.Low, e.Low.Low, e.High.High, 100*e.Coverage)
	// Output: median 45 s, at least 40 and at most +Inf, with 96.9 %
}
