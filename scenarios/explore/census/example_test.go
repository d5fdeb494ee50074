package census_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
)

// Every place is a crash of its own: here those at which the leader dies around the write of
// the metadata of the first checkpoint.
func Example() {
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := census.New(s, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	var plans [][]census.Point
	for _, p := range c.Points() {
		if p.Step == protocol.StepWriteMetadata && p.Ordinal == 1 {
			f := p.Fault()
			fmt.Println(f.String())
			plans = append(plans, []census.Point{p})
		}
	}
	r, err := c.Sweep(plans, census.InOrder)
	fmt.Println(r, err)
	// Output:
	// crash here-process step write-metadata before of job-manager-0 ordinal 1 restart-after 100 ms
	// crash here-process step write-metadata of job-manager-0 ordinal 1 restart-after 100 ms
	// 2 / 2 runs with crash points survived <nil>
}
