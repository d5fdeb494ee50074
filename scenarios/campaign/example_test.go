package campaign_test

import (
	"context"
	"fmt"

	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
)

// small is a job of some milliseconds, in which a task dies.
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
expect: {verdict: ok, reached: [restored-from-checkpoint, job-finished]}
`

// A campaign over a hundred seeds.
func Example() {
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	if err != nil {
		panic(err)
	}
	progress, err := campaign.Run(context.Background(), campaign.Options{
		Plan:      campaign.Plan{Part: campaign.Part{Seeds: campaign.Seeds{From: 0, To: 100}, Shard: campaign.WholeRange()}},
		NewSource: func() (campaign.Source, error) { return campaign.Among([]*config.Scenario{s}), nil },
	})
	if err != nil {
		panic(err)
	}
	sum := &progress.Tally
	fmt.Println(sum.Seeds, "seeds,", sum.Verdict()+",", sum.WithFaultAndRestore, "of them recovered")
	// Output: 100 seeds, ok, 100 of them recovered
}
