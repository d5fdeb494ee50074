package bugs_test

import (
	"context"
	"fmt"

	"simrun/protocol"
	"simrun/scenarios/bugs"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
)

// A job of some milliseconds, in which a task dies.
const small = `
name: small
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 100 ms
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 10
    restart-strategy.fixed-delay.delay: 20 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 1000/s, records: 300}}
    - {id: topic, sink: {transactional: kafka}, from: [events]}
faults:
  - {crash: "topic[0]", at: 170 ms}
`

// Looks for a bug among the runs of one small job.
func Example() {
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	if err != nil {
		panic(err)
	}
	found, err := bugs.Hunt(context.Background(), bugs.Options{
		Bugs: []protocol.Bug{protocol.BugCommitAtSnapshot},
		Explorers: []bugs.Explorer{bugs.Random(func() (campaign.Source, error) {
			return campaign.Among([]*config.Scenario{s}), nil
		})},
		Streams: 3,
	})
	if err != nil {
		panic(err)
	}
	checker, class := found[0].First()
	fmt.Println(found[0].Caught(), checker, class, found[0].Streams[0].Seeds)
	// Output: true two-phase-commit committed-early 1
}
