package protocol

import "math"

// UnlimitedAttempts as Attempts of an exponential delay restarts for ever.
const UnlimitedAttempts = math.MaxInt32

// IntegerRatio is a ratio of integers, for what is a decimal in a configuration: 1.5 is
// 3/2. The denominator is positive.
type IntegerRatio struct{ Numerator, Denominator int64 }

// Of is the ratio of x, rounded towards zero. x*Numerator must fit into 64 bits.
func (r IntegerRatio) Of(x int64) int64 { return x * r.Numerator / r.Denominator }

// ExponentialDelayOptions configures ExponentialDelay. Flink:
// restart-strategy.exponential-delay.
type ExponentialDelayOptions struct {
	// InitialNanos is restart-strategy.exponential-delay.initial-backoff.
	InitialNanos int64
	// MaxNanos is restart-strategy.exponential-delay.max-backoff.
	MaxNanos int64
	// Multiplier is restart-strategy.exponential-delay.backoff-multiplier, at least 1.
	Multiplier IntegerRatio
	// ResetNanos is restart-strategy.exponential-delay.reset-backoff-threshold: so long
	// without a failure after a restart sets the delay back to the initial one.
	ResetNanos int64
	// Jitter is restart-strategy.exponential-delay.jitter-factor: the share of the delay
	// by which it is changed at random, up or down.
	Jitter IntegerRatio
	// Attempts is restart-strategy.exponential-delay.attempts-before-reset-backoff.
	Attempts int
}

// DefaultExponentialDelayOptions are Flink's defaults: from 1 s by 1.5 up to 1 min, set
// back after 1 h, jitter 0.1, without end.
func DefaultExponentialDelayOptions() ExponentialDelayOptions {
	return ExponentialDelayOptions{
		InitialNanos: nanosPerSecond,
		MaxNanos:     nanosPerMinute,
		Multiplier:   IntegerRatio{3, 2},
		ResetNanos:   60 * nanosPerMinute,
		Jitter:       IntegerRatio{1, 10},
		Attempts:     UnlimitedAttempts,
	}
}

// ExponentialDelay restarts after a delay that grows from failure to failure (Flink:
// ExponentialDelayRestartBackoffTimeStrategy).
type ExponentialDelay struct {
	options      ExponentialDelayOptions
	backoffNanos int64 // of the next attempt, without jitter
	attempts     int   // since the last reset
	restartNanos int64 // when the last attempt began, or will
	failed       bool  // there was a failure before
}

// NewExponentialDelay returns the strategy without failures so far.
func NewExponentialDelay(options ExponentialDelayOptions) *ExponentialDelay {
	return &ExponentialDelay{options: options, backoffNanos: options.InitialNanos}
}

// OnFailure starts a new attempt, with a longer delay, unless the previous one has not
// begun yet: failures of many tasks from one cause are one attempt, and the delay is then
// what is left of it.
func (s *ExponentialDelay) OnFailure(nowNanos int64, draw uint64) (delayNanos int64, ok bool) {
	if !s.failed || nowNanos > s.restartNanos {
		s.newAttempt(nowNanos, draw)
	}
	return s.restartNanos - nowNanos, s.attempts <= s.options.Attempts
}

func (s *ExponentialDelay) newAttempt(nowNanos int64, draw uint64) {
	if s.failed && nowNanos-s.restartNanos >= s.options.ResetNanos {
		s.attempts = 0
		s.backoffNanos = s.options.InitialNanos
	}
	s.failed = true
	s.attempts++
	delay := s.backoffNanos + jitterNanos(s.options.Jitter.Of(s.backoffNanos), draw)
	s.restartNanos = nowNanos + min(delay, s.options.MaxNanos)
	s.backoffNanos = min(s.options.Multiplier.Of(s.backoffNanos), s.options.MaxNanos)
}

// jitterNanos maps a draw to [-range, range].
func jitterNanos(rangeNanos int64, draw uint64) int64 {
	return int64(draw%uint64(2*rangeNanos+1)) - rangeNanos
}
