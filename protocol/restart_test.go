package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRestartStrategyFollowsItsKind(t *testing.T) {
	want := map[RestartKind]RestartStrategy{
		RestartNone:             NoRestart{},
		RestartFixedDelay:       &FixedDelay{},
		RestartExponentialDelay: &ExponentialDelay{},
		RestartFailureRate:      &FailureRate{},
	}
	for i, name := range RestartKindNames() {
		options := DefaultRestartOptions()
		options.Kind = RestartKind(i)
		require.Equal(t, name, options.Kind.String())
		if options.Kind != RestartDefault {
			require.IsType(t, want[options.Kind], NewRestartStrategy(options, true))
		}
	}
	require.IsType(t, &ExponentialDelay{}, NewRestartStrategy(DefaultRestartOptions(), true))
	require.IsType(t, NoRestart{}, NewRestartStrategy(DefaultRestartOptions(), false))
}

func TestDefaultRestartDelaysAreFlinks(t *testing.T) {
	require.Equal(t, FixedDelayOptions{1, nanosPerSecond}, DefaultFixedDelayOptions())
	require.Equal(t, FailureRateOptions{1, nanosPerMinute, nanosPerSecond}, DefaultFailureRateOptions())
	exponential := DefaultExponentialDelayOptions()
	require.Equal(t, nanosPerSecond, exponential.InitialNanos)
	require.Equal(t, nanosPerMinute, exponential.MaxNanos)
	require.Equal(t, 60*nanosPerMinute, exponential.ResetNanos)
	require.Equal(t, int64(15), exponential.Multiplier.Of(10))
	require.Equal(t, int64(1), exponential.Jitter.Of(10))
	require.Equal(t, UnlimitedAttempts, exponential.Attempts)
}
