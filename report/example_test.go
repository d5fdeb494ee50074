package report_test

import (
	"fmt"
	"os"
	"path/filepath"

	"simrun/report"
	"simrun/report/internal/synthetic"
)

func Example() {
	parent, err := os.MkdirTemp("", "report")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	out := filepath.Join(parent, "compare")
	if err := report.Write(out, synthetic.Comparison(synthetic.Small())); err != nil {
		fmt.Println(err)
	}
	_, err = os.Stat(filepath.Join(out, "index.html"))
	fmt.Println(err)
	// Output: <nil>
}
