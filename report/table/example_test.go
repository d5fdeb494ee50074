package table_test

import (
	"fmt"
	"os"

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
	if err := table.Comparison(os.Stdout, cells.Summarize(c)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// flights
	// slow  protocol     time  low..high       fail  delay  align  ckpted  persist  rec/s    p99  recovery
	// 10x   aligned       13s  10.1s..17.9s      0%  12.6s   1.3s   157KB       0B    798  11.3s  10.5s=1.4+.2+7.7+1.1
	//       unaligned  19.1ms  18.4ms..20.4ms    0%  200µs     0s   727KB    569KB    793  11.9s  5.07s=1.6+.4+1.9+1.1
	//
	// Medians over 6 seeds with 95 % interval.
	// time: checkpoint duration. fail: share of checkpoints that failed or expired, which count as at least
	// the timeout. delay, align: start delay and alignment of the slowest subtask.
	// ckpted: uploaded per checkpoint; persist: in-flight data in it. p99: latency from source to sink.
	// recovery = restart + restore + replay + catch-up, in seconds, of the run with the median total.
	// Triggers skipped because the previous checkpoint still ran: 110 (cells.csv has them by cell).
	// Reproduce: simrun compare
}
