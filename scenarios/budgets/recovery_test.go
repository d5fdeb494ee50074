package budgets_test

import (
	"runtime/debug"
	"testing"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// smallRecovery is the scenario of the budget: three stages of two subtasks, three
// checkpoints, two faults, a sink of two-phase commits.
const smallRecovery = `
name: small-recovery
cluster: {task-managers: 2, slots: 1, nodes: 2, cores: 2, storage: {latency: "uniform(2ms,6ms)"}}
job:
  protocol: unaligned
  configuration:
    execution.checkpointing.interval: 100 ms
    restart-strategy.type: fixed-delay
    restart-strategy.fixed-delay.attempts: 10
    restart-strategy.fixed-delay.delay: 20 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 1000/s, jitter: true, records: 300, payload: 100 b}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count, emit: input}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: counts, exchange: rebalance}]}
faults:
  - {crash: "counts[1]", at: 170 ms}
  - {crash: "topic[0]", at: 290 ms}
expect: {verdict: ok, reached: [restored-from-checkpoint, job-finished]}
`

// slowSink lets every record be an event of its own at the sink, and buffers fill.
const slowSink = "job.graph.topic.sink.service=1 ms"

// recoveryCase is the scenario ready to run with any seed.
func recoveryCase(tb testing.TB, sets ...string) *trial.Case {
	tb.Helper()
	s, err := config.Load("small-recovery.yaml", []byte(smallRecovery), config.NoFiles{}, sets...)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := s.Build()
	if err != nil {
		tb.Fatal(err)
	}
	c := checked(b.Options)
	c.Options.Unforeseen = true // as in a campaign
	c.Plan, c.Run.ProgressNanos = b.Plan, b.Run.ConvergeWithinNanos
	for _, word := range b.Expect.Reached {
		mark, _ := protocol.ParseMark(word)
		c.Expect.Reached = c.Expect.Reached.Plus(protocol.MarkSetOf(mark))
	}
	return c
}

// runSeed runs a case with a seed; every seed must recover.
func runSeed(tb testing.TB, t *trial.Trial, c *trial.Case, seed uint64) *result.Outcome {
	tb.Helper()
	c.Options.Seed = seed
	return mustRun(tb, t, c)
}

// BenchmarkRecoverySeed is one seed of the small recovery scenario, with all checkers on.
func BenchmarkRecoverySeed(b *testing.B) {
	b.Run("fast-sink", func(b *testing.B) { benchmarkRecovery(b) })
	b.Run("slow-sink", func(b *testing.B) { benchmarkRecovery(b, slowSink) })
}

func benchmarkRecovery(b *testing.B, sets ...string) {
	defer debug.SetGCPercent(debug.SetGCPercent(trial.GCPercent))
	t, c := trial.New(), recoveryCase(b, sets...)
	o := runSeed(b, t, c, 1)
	b.Logf("records %d, events %d, checkpoints %d, recoveries %d, virtual %d ms", o.Records, o.Events,
		len(o.Checkpoints), len(o.Recoveries), o.VirtualNanos/1e6)
	b.ReportAllocs()
	seed, begin := uint64(1), cpuTime()
	for b.Loop() {
		seed++
		runSeed(b, t, c, seed)
	}
	b.ReportMetric(perSecond(int64(seed-1), cpuTime()-begin), "seeds/cpu-s")
}
