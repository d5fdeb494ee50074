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

// recording is what the small job did, whole.
func recording(t *testing.T) *result.Recording {
	t.Helper()
	s, err := config.Load("small.yaml", []byte(small), config.NoFiles{})
	require.NoError(t, err)
	told, err := story.Tell(config.NewCase(s, 1), story.Options{})
	require.NoError(t, err)
	require.True(t, told.Recording.Whole())
	require.Greater(t, len(told.Recording.Events), 300)
	return &told.Recording
}
