package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// future is a job's events when it takes another future at a time.
func future(t *testing.T, branch *runtime.Branch) (*runtime.System, []sim.Event) {
	t.Helper()
	var events []sim.Event
	o := jobOptions(protocol.Unaligned)
	o.Branch = branch
	s, err := runtime.New(o, func(e *sim.Event) { events = append(events, *e) })
	require.NoError(t, err)
	s.Run(runtime.RunOptions{LimitNanos: 200e9, SettleNanos: 1e9})
	require.Equal(t, protocol.JobFinished, s.History.Status)
	return s, events
}

func TestFuturesAreOneRunUntilTheyPart(t *testing.T) {
	const at = 100e6
	first, events := future(t, nil)
	for seed := range uint64(3) {
		branch := &runtime.Branch{AtNanos: at, Seed: seed, JitterNanos: 1e6}
		other, otherEvents := future(t, branch)
		require.NotEqual(t, first.Digest(), other.Digest())
		require.Equal(t, first.Metrics.Emitted, other.Metrics.Emitted, "the input is the same")
		again, _ := future(t, branch)
		require.Equal(t, other.Digest(), again.Digest())
		common := 0
		for events[common].TimeNanos < at {
			require.Equal(t, events[common], otherEvents[common])
			common++
		}
		require.Greater(t, common, 20)
	}
}
