package document_test

import (
	"fmt"

	"simrun/scenarios/config/document"
)

// Read a document, lay a setting over it, and write it back.
func Example() {
	root, err := document.Parse("s.yaml", []byte("job: {graph: [{id: flights, parallelism: 2}]}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := document.Set(root, "job.graph.flights.parallelism=4", nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(root.YAML()))
	fmt.Println(document.Errorf(root.Find("job.graph.0"), "", "here"))
	// Output:
	// job:
	//   graph:
	//     - {id: flights, parallelism: 4}
	// s.yaml:1:15: here
	//   1 | job: {graph: [{id: flights, parallelism: 2}]}
	//     |               ^
}
