package trace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

// small is a job with a crash, a restore and five checkpoints.
const small = `
name: small
job:
  protocol: unaligned
  configuration: {execution.checkpointing.interval: 500 ms}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 5, rate: 20/s, records: 40}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [{id: counts, exchange: keyed}]}
faults:
  - {crash: task-manager-1, at: 1100 ms, restart-after: 200 ms}
`

// tiny is so small that a person can check what is written of it.
const tiny = `
name: tiny
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 200 ms}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 2, rate: 10/s, records: 3}, parallelism: 1}
    - {id: topic, sink: {transactional: kafka}, parallelism: 1, from: [{id: events, exchange: keyed}]}
faults:
  - {slow: storage, factor: 2, from: 150 ms, to: 180 ms}
`

// recording is what the small job did, whole.
func recording(t *testing.T) *result.Recording {
	t.Helper()
	r := recordingOf(t, small)
	require.Greater(t, len(r.Events), 300)
	return r
}

func recordingOf(t *testing.T, scenario string) *result.Recording {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(scenario), config.NoFiles{})
	require.NoError(t, err)
	r, err := story.Record(config.NewCase(s, 1), story.Options{})
	require.NoError(t, err)
	require.True(t, r.Whole())
	return r
}
