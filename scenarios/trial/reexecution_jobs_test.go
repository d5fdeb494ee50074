package trial

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// hardJobs are what a witness must be exact for, beyond the library: idle sources, clocks
// read in the middle of buffers, timers of both kinds behind each other, several splits a
// subtask, two inputs under backpressure, tables.
var hardJobs = []struct {
	name, graph string
	faults      func(seed uint64) string
}{
	{"idle-sources-and-clocks-behind-windows", `
    - {id: steady, source: {synthetic: uniform, keys: 50, rate: 800/s, records: 8000, watermarks: {out-of-order: 500 ms}}, parallelism: 2}
    - id: bursts
      source:
        synthetic: uniform
        keys: 50
        rate: 800/s
        records: 4000
        steps: [{for: 1 s, factor: 1}, {for: 3 s, factor: 0}]
        watermarks: {out-of-order: 500 ms, idle: 400 ms}
      parallelism: 1
    - {id: pairs, window-join: {size: 1 s}, parallelism: 2, from: [steady, bursts]}
    - {id: counts, window: {assigner: sliding, size: 4 s, slide: 2 s, aggregate: count}, parallelism: 3, from: [{id: pairs, exchange: keyed}]}
    - {id: quiet, process: {after: 700 ms, time: processing, running: true}, parallelism: 3, from: [counts]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [{id: quiet, exchange: rebalance}]}
`, twoCrashes},
	{"one-input-with-idle-and-ended-channels", `
    - {id: short, source: {synthetic: uniform, keys: 50, rate: 800/s, records: 2000, watermarks: {out-of-order: 100 ms}}, parallelism: 2}
    - id: bursts
      source:
        synthetic: uniform
        keys: 50
        rate: 800/s
        records: 4000
        steps: [{for: 3 s, factor: 1}, {for: 3 s, factor: 0}]
        watermarks: {out-of-order: 500 ms, idle: 400 ms}
      parallelism: 1
    - {id: counts, window: {assigner: tumbling, size: 300 ms, aggregate: count}, parallelism: 2, from: [short, bursts]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [{id: counts, exchange: rebalance}]}
`, earlyCrash},
	{"timers-of-both-kinds", `
    - {id: clicks, source: {synthetic: zipf, keys: 40, rate: 500/s, records: 4000, watermarks: {out-of-order: 1 s}}, parallelism: 2}
    - {id: stamp, process: {after: 900 ms, time: processing, restart: true}, parallelism: 2, from: [clicks]}
    - {id: first, deduplicate: {ttl: 3 s}, parallelism: 2, from: [stamp]}
    - {id: sums, keyed: {aggregate: sum, field: a}, parallelism: 2, from: [first]}
    - {id: table, sink: {upsert: postgres}, parallelism: 2, from: [{id: sums, exchange: forward}]}
`, twoCrashes},
	{"several-splits-a-subtask", `
    - {id: flights, source: {file: us-flights, rate: 2000/s, watermarks: {out-of-order: 3 h}}, parallelism: 1}
    - {id: big, filter: {where: [{field: a, is: gt, value: 0}]}, parallelism: 1, from: [{id: flights, exchange: forward}]}
    - {id: twice, flat-map: {expansion: copies, copies: 2}, parallelism: 2, from: [{id: big, exchange: rebalance}]}
    - {id: last, keyed: {aggregate: last, field: a}, parallelism: 3, from: [{id: twice, exchange: keyed}]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: last, exchange: rebalance}]}
`, twoCrashes},
	{"two-inputs-under-backpressure", `
    - {id: left, source: {synthetic: uniform, keys: 30, rate: 900/s, records: 6000, payload: 100 b}, parallelism: 2}
    - {id: right, source: {synthetic: uniform, keys: 30, rate: 700/s, records: 4500, payload: 300 b}, parallelism: 3}
    - {id: rules, source: {synthetic: uniform, keys: 4, rate: 2/s, records: 20, value: [80, 100]}, parallelism: 1}
    - {id: best, min-of-both: {}, service: 1 ms, parallelism: 2, from: [left, right]}
    - {id: alarms, rules: {}, service: 1 ms, parallelism: 2, from: [{id: best, exchange: rebalance}, {id: rules, exchange: broadcast}]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: alarms, exchange: rebalance}]}
`, twoCrashes},
}

const hardCluster = `
job:
  configuration: {execution.checkpointing.interval: 1 s, taskmanager.memory.segment-size: 2 kb}
  graph:`

// twoCrashes strike both task managers, at times that differ from seed to seed.
func twoCrashes(seed uint64) string {
	return fmt.Sprintf(`
faults:
  - {crash: task-manager-%d, at: %d ms, restart-after: 1 s}
  - {crash: task-manager-%d, at: %d ms, restart-after: 1 s}
`, seed%2, 2300+seed*631%1000, (seed+1)%2, 5000+seed*531%900)
}

// earlyCrash strikes while every source still has records.
func earlyCrash(seed uint64) string {
	return fmt.Sprintf(`
faults:
  - {crash: task-manager-%d, at: %d ms, restart-after: 200 ms}
`, seed%2, 1300+seed*631%900)
}

func hardOutcome(t *testing.T, tr *Trial, job int, name string, seed uint64) (*result.Outcome, *watchedReplay) {
	j := &hardJobs[job]
	text := "name: " + j.name + hardCluster + j.graph + j.faults(seed)
	c := caseOf(t, j.name, text, "job.protocol="+name)
	c.Options.Seed = seed
	return watched(t, tr, c, nil)
}

func TestHardJobsEqualTheirSecondExecution(t *testing.T) {
	tr, restored := New(), 0
	for job := range hardJobs {
		for i, name := range exactlyOnce {
			seed := uint64(i + 1)
			o, replay := hardOutcome(t, tr, job, name, seed)
			require.Empty(t, o.Violations, "%s under %s, seed %d", hardJobs[job].name, name, seed)
			require.Equal(t, protocol.JobFinished, o.JobState, "%s under %s, seed %d", hardJobs[job].name, name, seed)
			require.Greater(t, replay.witnesses, 3)
			require.NotEmpty(t, o.Recoveries)
			for _, mark := range o.Reached {
				if mark == "input-state-restored" || mark == "output-state-restored" {
					restored++
				}
			}
		}
	}
	require.NotZero(t, restored, "no run ever restored data in flight")
}
