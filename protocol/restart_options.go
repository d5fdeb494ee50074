package protocol

// RestartKind chooses a restart strategy by Flink's names (restart-strategy.type).
type RestartKind uint8

const (
	// RestartDefault is exponential-delay with checkpointing, none without.
	RestartDefault RestartKind = iota
	RestartNone
	RestartFixedDelay
	RestartExponentialDelay
	RestartFailureRate
)

var restartKindNames = [...]string{"default", "none", "fixed-delay", "exponential-delay", "failure-rate"}

// String is Flink's name of the strategy.
func (k RestartKind) String() string { return restartKindNames[k] }

// RestartKindNames lists the words of all kinds, RestartDefault first.
func RestartKindNames() []string { return append([]string(nil), restartKindNames[:]...) }

// RestartOptions choose and configure a restart strategy.
type RestartOptions struct {
	Kind             RestartKind
	FixedDelay       FixedDelayOptions
	ExponentialDelay ExponentialDelayOptions
	FailureRate      FailureRateOptions
}

// DefaultRestartOptions are Flink's: the kind depends on whether the job checkpoints.
func DefaultRestartOptions() RestartOptions {
	return RestartOptions{
		FixedDelay:       DefaultFixedDelayOptions(),
		ExponentialDelay: DefaultExponentialDelayOptions(),
		FailureRate:      DefaultFailureRateOptions(),
	}
}

// NewRestartStrategy makes the strategy of a job that does or does not checkpoint.
func NewRestartStrategy(o RestartOptions, checkpointing bool) RestartStrategy {
	switch o.Kind {
	case RestartNone:
		return NoRestart{}
	case RestartFixedDelay:
		return NewFixedDelay(o.FixedDelay)
	case RestartExponentialDelay:
		return NewExponentialDelay(o.ExponentialDelay)
	case RestartFailureRate:
		return NewFailureRate(o.FailureRate)
	}
	return DefaultRestartStrategy(checkpointing)
}
