package explore_test

import (
	"fmt"

	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/trial"
)

func Example() {
	scenario, err := config.Load("counts.yaml", []byte(`
name: counts
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 100 ms
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 100
    restart-strategy.fixed-delay.delay: 20 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 500/s, records: 300}}
    - {id: topic, sink: {transactional: kafka}, from: [events]}
`), config.NoFiles{})
	if err != nil {
		panic(err)
	}
	options := explore.Options{Scenarios: []*config.Scenario{scenario}, Profile: "crashes"}
	space, err := explore.New(options)
	if err != nil {
		panic(err)
	}
	drawn, err := space.Draw(7)
	if err != nil {
		panic(err)
	}
	c, err := trial.NewCase(drawn, drawn.Seed)
	if err != nil {
		panic(err)
	}
	outcome, err := trial.New().Run(c)
	fmt.Println(drawn.Name, len(drawn.Faults) > 0, outcome.JobState, len(outcome.Violations), err)
	// Output: counts true FINISHED 0 <nil>
}
