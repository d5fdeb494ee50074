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
func Tiny() ([]*config.Scenario, error) { return underProtocols("two-sources", tiny) }

func underProtocols(job, text string) ([]*config.Scenario, error) {
	var scenarios []*config.Scenario
	for _, name := range protocol.Names() {
		if !protocol.PolicyOf(name).Checkpoints {
			continue
		}
		sets := []string{"job.protocol=" + string(name), "name=" + job + "-" + string(name)}
		s, err := config.Load(job+".yaml", []byte(text), config.NoFiles{}, sets...)
		if err != nil {
			return nil, err
		}
		scenarios = append(scenarios, s)
	}
	return scenarios, nil
}

// small is a job of three stages, each of two tasks on machines of their own, that read from
// both of the stage before: too many orders to walk them all.
const small = `
name: crossing
cluster: {task-managers: 6, slots: 1, nodes: 6, storage: {latency: 1 ms}, network: {latency: 100 us}}
job:
  protocol: aligned
  own-slots: true
  configuration:
    execution.checkpointing.interval: 2 s
    execution.checkpointing.timeout: 600 s
    heartbeat.interval: 60 s
    heartbeat.timeout: 500 s
    execution.buffer-timeout.interval: 0 ms
  graph:
    - id: events
      source: {synthetic: uniform, keys: 4, rate: 4/s, jitter: true, records: 16, payload: 10 b}
      parallelism: 2
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: counts, exchange: keyed}]}
expect: {verdict: ok}
`

// Small are scenarios for Sample: one for each protocol that takes checkpoints. The error is a
// *config.Error.
func Small() ([]*config.Scenario, error) { return underProtocols("crossing", small) }
