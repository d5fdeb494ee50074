package library_test

import (
	"fmt"
	"strings"

	"simrun/scenarios/library"
)

// The library's files open with what they teach.
func Example() {
	text, err := library.Read("colour-count")
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fmt.Println(first)
	// Output:
	// # Colour count, the smallest whole job: drop one colour, count the others, write the counts.
}
