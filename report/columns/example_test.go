package columns_test

import (
	"fmt"
	"os"

	"simrun/report/columns"
)

func Example() {
	err := columns.Write(os.Stdout, []columns.Column{{Title: "protocol"}, {Title: "duration", Right: true}},
		[][]string{{"aligned", "1.24 s"}, {"unaligned", "12.1 ms"}})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// protocol   duration
	// aligned      1.24 s
	// unaligned   12.1 ms
}
