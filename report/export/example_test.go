package export_test

import (
	"bytes"
	"fmt"

	"simrun/protocol"
	"simrun/report/export"
	"simrun/report/internal/synthetic"
)

func Example() {
	c := synthetic.Comparison(synthetic.Options{
		Protocols: []protocol.Name{protocol.Unaligned}, Workloads: []string{"flights"},
		Slowdowns: []string{"2"}, Seeds: 1,
	})
	var b bytes.Buffer
	if err := export.RecoveriesCSV(&b, c); err != nil {
		fmt.Println(err)
	}
	header, line, _ := bytes.Cut(b.Bytes(), []byte("\n"))
	fmt.Printf("%s…\n%s…\n", header[:39], line[:31])
	// Output:
	// protocol,workload,slowdown,seed,failure…
	// unaligned,flights,2,1,101000000…
}
