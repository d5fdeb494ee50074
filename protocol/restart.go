package protocol

// RestartStrategy decides, after each failure of a job, whether it restarts and when
// (Flink: RestartBackoffTimeStrategy). It is pure: the clock and the randomness of the
// jitter are the caller's.
type RestartStrategy interface {
	// OnFailure takes the time of a failure, which never goes back, and a uniform draw
	// over all 64 bits. It returns how long to wait before the restart, in nanoseconds, or
	// false when the job must fail for good.
	OnFailure(nowNanos int64, draw uint64) (delayNanos int64, ok bool)
}

// DefaultRestartStrategy is Flink's choice when nothing is configured: exponential delay
// with checkpointing, none without.
func DefaultRestartStrategy(checkpointing bool) RestartStrategy {
	if checkpointing {
		return NewExponentialDelay(DefaultExponentialDelayOptions())
	}
	return NoRestart{}
}

// NoRestart fails the job at the first failure. Flink: restart-strategy.type: none.
type NoRestart struct{}

// OnFailure never restarts.
func (NoRestart) OnFailure(int64, uint64) (int64, bool) { return 0, false }

// FixedDelayOptions configures FixedDelay. Flink: restart-strategy.fixed-delay.
type FixedDelayOptions struct {
	// Attempts is restart-strategy.fixed-delay.attempts, over the life of the job.
	Attempts int
	// DelayNanos is restart-strategy.fixed-delay.delay.
	DelayNanos int64
}

// DefaultFixedDelayOptions are Flink's defaults: 1 attempt, after 1 s.
func DefaultFixedDelayOptions() FixedDelayOptions {
	return FixedDelayOptions{Attempts: 1, DelayNanos: nanosPerSecond}
}

// FixedDelay restarts a fixed number of times (Flink:
// FixedDelayRestartBackoffTimeStrategy).
type FixedDelay struct {
	options  FixedDelayOptions
	failures int
}

// NewFixedDelay returns the strategy with all attempts left.
func NewFixedDelay(options FixedDelayOptions) *FixedDelay { return &FixedDelay{options: options} }

// OnFailure uses up one attempt.
func (s *FixedDelay) OnFailure(int64, uint64) (delayNanos int64, ok bool) {
	s.failures++
	return s.options.DelayNanos, s.failures <= s.options.Attempts
}

// FailureRateOptions configures FailureRate. Flink: restart-strategy.failure-rate.
type FailureRateOptions struct {
	// MaxFailures is restart-strategy.failure-rate.max-failures-per-interval.
	MaxFailures int
	// IntervalNanos is restart-strategy.failure-rate.failure-rate-interval.
	IntervalNanos int64
	// DelayNanos is restart-strategy.failure-rate.delay.
	DelayNanos int64
}

// DefaultFailureRateOptions are Flink's defaults: 1 failure in 1 min, restart after 1 s.
func DefaultFailureRateOptions() FailureRateOptions {
	return FailureRateOptions{MaxFailures: 1, IntervalNanos: nanosPerMinute, DelayNanos: nanosPerSecond}
}

// FailureRate restarts unless more than MaxFailures fall into one interval (Flink:
// FailureRateRestartBackoffTimeStrategy).
type FailureRate struct {
	options FailureRateOptions
	recent  []int64 // times of the last MaxFailures+1 failures, oldest first
}

// NewFailureRate returns the strategy without failures so far.
func NewFailureRate(options FailureRateOptions) *FailureRate {
	return &FailureRate{options: options, recent: make([]int64, 0, options.MaxFailures+1)}
}

// OnFailure notes the failure. The job may restart if the failure MaxFailures before this
// one is more than an interval ago.
func (s *FailureRate) OnFailure(nowNanos int64, _ uint64) (delayNanos int64, ok bool) {
	if len(s.recent) > s.options.MaxFailures {
		copy(s.recent, s.recent[1:])
		s.recent = s.recent[:s.options.MaxFailures]
	}
	s.recent = append(s.recent, nowNanos)
	if len(s.recent) <= s.options.MaxFailures {
		return s.options.DelayNanos, true
	}
	return s.options.DelayNanos, nowNanos-s.recent[0] > s.options.IntervalNanos
}
