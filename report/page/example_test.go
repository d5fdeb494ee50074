package page_test

import (
	"bytes"
	"fmt"

	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/report/internal/synthetic"
	"simrun/report/page"
)

func Example() {
	s := cells.Summarize(synthetic.Comparison(synthetic.Small()))
	var html bytes.Buffer
	if err := page.Write(&html, s, [][]*figures.Figure{figures.All(s, 0)}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(bytes.Count(html.Bytes(), []byte("<figure")), "figures")
	// Output: 13 figures
}
