package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// found are scenarios that campaigns found something wrong with, made small by hand.
var found = []struct{ what, text string }{
	{"a job ends whose checkpoints always overlap", `
name: overlapping
cluster: {storage: {latency: 30 ms}}
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 50 ms
    execution.checkpointing.max-concurrent-checkpoints: 3
    execution.checkpointing.data-inline-threshold: 0 b
  graph:
    - {id: events, source: {synthetic: uniform, keys: 10, rate: 500/s, records: 200}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, from: [counts]}
run: {converge-within: 30 s, budget: 200000}
`},
	{"requests that an external system got in a stall take effect after it", `
name: stalled
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 100 ms}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 10, rate: 500/s, records: 200}, parallelism: 2}
    - {id: topic, sink: {transactional: kafka}, from: [{id: events, exchange: rebalance}]}
faults:
  - {stall: kafka, from: 120 ms, to: 180 ms}
run: {converge-within: 30 s, budget: 200000}
`},
	{"a new leader deletes what the leader of an ended job could not", `
name: ended
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 100 ms
    execution.checkpointing.data-inline-threshold: 0 b
    heartbeat.interval: 50 ms
    heartbeat.timeout: 250 ms
    high-availability.kubernetes.leader-election.lease-duration: 300 ms
    high-availability.kubernetes.leader-election.retry-period: 100 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 10, rate: 500/s, records: 200}, parallelism: 2}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: events, exchange: rebalance}]}
faults:
  - {crash: job-manager-0, step: end-job, ordinal: 1}
`},
	{"a job manager that was paused while it ended the job tells so when it leads again", `
name: ended-late
job:
  protocol: aligned
  configuration:
    execution.checkpointing.interval: 100 ms
    heartbeat.interval: 50 ms
    heartbeat.timeout: 250 ms
    high-availability.kubernetes.leader-election.lease-duration: 300 ms
    high-availability.kubernetes.leader-election.retry-period: 100 ms
  graph:
    - {id: events, source: {synthetic: uniform, keys: 10, rate: 500/s, records: 200}, parallelism: 2}
    - {id: topic, sink: {transactional: kafka}, parallelism: 2, from: [{id: events, exchange: rebalance}]}
faults:
  - {pause: job-manager-0, step: end-job, before: true, ordinal: 1, for: 700 ms}
run: {converge-within: 30 s}
`},
}

func TestWhatCampaignsFoundStaysMended(t *testing.T) {
	in := New()
	for _, f := range found {
		t.Run(f.what, func(t *testing.T) {
			s, err := config.Load("found.yaml", []byte(f.text), config.NoFiles{})
			require.NoError(t, err)
			c, err := NewCase(s, s.Seed)
			require.NoError(t, err)
			o, err := in.Run(c)
			require.NoError(t, err)
			require.Equal(t, result.OK, o.Verdict, "%v %s", o.Violations, o.StuckReason)
		})
	}
}
