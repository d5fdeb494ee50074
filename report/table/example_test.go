package table_test

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/internal/synthetic"
	"simrun/report/table"
)

func Example() {
	c := synthetic.Comparison(synthetic.Options{
		Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned},
		Workloads: []string{"flights"}, Slowdowns: []string{"10"}, Seeds: 6,
	})
	var b strings.Builder
	if err := table.Comparison(&b, cells.Summarize(c)); err != nil {
		fmt.Println(err)
	}
	for _, line := range strings.SplitN(b.String(), "\n", 5)[:4] {
		fmt.Println(string([]rune(line + strings.Repeat(" ", 51))[:51]) + "…")
	}
	// Output:
	// flights                                            …
	// slow  protocol     time  low..high       fail  dela…
	// 10x   aligned       13s  10.1s..17.9s      0%  12.6…
	//       unaligned  19.1ms  18.4ms..20.4ms    0%  200µ…
}
