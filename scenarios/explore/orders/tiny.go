package orders

import (
	"simrun/protocol"
	"simrun/scenarios/config"
)

// tiny is a job of two sources and one task that reads both and writes transactions: the
// smallest in which a barrier can come before another. Each is on a machine of its own, everything
// is faster than a turn, and the first checkpoint is taken between the two records of a source.
const tiny = `
name: two-sources
cluster: {task-managers: 3, slots: 1, nodes: 3, storage: {latency: 1 ms}, network: {latency: 100 us}}
job:
  protocol: aligned
  own-slots: true
  configuration:
    execution.checkpointing.interval: 20 ms
    execution.checkpointing.timeout: 60 s
    heartbeat.interval: 10 s
    heartbeat.timeout: 50 s
    execution.buffer-timeout.interval: 0 ms
  graph:
    - id: left
      source: {synthetic: uniform, keys: 2, rate: 50/s, jitter: true, records: 2, payload: 10 b}
      parallelism: 1
    - id: right
      source: {synthetic: uniform, keys: 2, rate: 50/s, jitter: true, records: 2, payload: 10 b}
      parallelism: 1
    - id: both
      union: {}
      parallelism: 1
      from: [{id: left, exchange: keyed}, {id: right, exchange: keyed}]
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [both]}
expect: {verdict: ok}
`

// Tiny are scenarios small enough for all their orders: one for each protocol that takes
// checkpoints. The error is a *config.Error.
func Tiny() ([]*config.Scenario, error) {
	var scenarios []*config.Scenario
	for _, name := range protocol.Names() {
		if !protocol.PolicyOf(name).Checkpoints {
			continue
		}
		sets := []string{"job.protocol=" + string(name), "name=two-sources-" + string(name)}
		s, err := config.Load("two-sources.yaml", []byte(tiny), config.NoFiles{}, sets...)
		if err != nil {
			return nil, err
		}
		scenarios = append(scenarios, s)
	}
	return scenarios, nil
}
