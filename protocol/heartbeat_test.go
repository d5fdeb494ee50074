package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeartbeatIsRequestedEveryInterval(t *testing.T) {
	m := NewHeartbeatMonitor(DefaultHeartbeatOptions(), 5*nanosPerSecond)
	require.Equal(t, 5*nanosPerSecond, m.DeadlineNanos(), "the first request goes out at once")
	for _, at := range []int64{5, 15, 25} {
		status, request := m.TimerFired(at * nanosPerSecond)
		require.True(t, request)
		require.Equal(t, HeartbeatAlive, status)
		require.Equal(t, HeartbeatAlive, m.Received(at*nanosPerSecond+1))
		require.Equal(t, (at+10)*nanosPerSecond, m.DeadlineNanos())
	}
	_, request := m.TimerFired(30 * nanosPerSecond)
	require.False(t, request, "a timer that fires early requests nothing")
}

func TestSilenceForTheTimeoutIsDeath(t *testing.T) {
	m := NewHeartbeatMonitor(DefaultHeartbeatOptions(), 0)
	m.Received(7 * nanosPerSecond)
	for at := int64(0); at < 57; at += 10 {
		status, _ := m.TimerFired(at * nanosPerSecond)
		require.Equal(t, HeartbeatAlive, status)
	}
	require.Equal(t, 57*nanosPerSecond, m.DeadlineNanos())
	status, request := m.TimerFired(57 * nanosPerSecond)
	require.Equal(t, HeartbeatTimeout, status)
	require.False(t, request)
}

func TestVerdictOfDeathIsFinal(t *testing.T) {
	m := NewHeartbeatMonitor(DefaultHeartbeatOptions(), 0)
	m.TimerFired(50 * nanosPerSecond)
	require.Equal(t, HeartbeatTimeout, m.Received(51*nanosPerSecond))
	require.Equal(t, HeartbeatTimeout, m.RPCFailed())
	status, request := m.TimerFired(60 * nanosPerSecond)
	require.Equal(t, HeartbeatTimeout, status)
	require.False(t, request)
	require.Equal(t, HeartbeatTimeout, m.Status())
}

func TestCallsThatFailInARowMakeTheTargetUnreachable(t *testing.T) {
	m := NewHeartbeatMonitor(DefaultHeartbeatOptions(), 0)
	require.Equal(t, HeartbeatAlive, m.RPCFailed())
	m.Received(1)
	require.Equal(t, HeartbeatAlive, m.RPCFailed(), "a heartbeat in between starts the count anew")
	require.Equal(t, HeartbeatUnreachable, m.RPCFailed())
}

func TestThresholdZeroIgnoresFailedCalls(t *testing.T) {
	options := DefaultHeartbeatOptions()
	options.RPCFailureThreshold = 0
	m := NewHeartbeatMonitor(options, 0)
	for range 100 {
		require.Equal(t, HeartbeatAlive, m.RPCFailed())
	}
}
