package config

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/config/binding"
)

// defaultRestart are Flink's defaults of every strategy.
func defaultRestart() protocol.RestartOptions { return protocol.DefaultRestartOptions() }

func restartOptions(c *job.Config) []binding.Field {
	r := &c.Restart
	fixed, rate, exponential := &r.FixedDelay, &r.FailureRate, &r.ExponentialDelay
	const prefix = "restart-strategy."
	return []binding.Field{
		{Name: prefix + "type",
			Value: binding.Choice(&r.Kind, "restart strategy", protocol.RestartKindNames()...),
			Doc:   "What follows a failure; default is exponential-delay with checkpoints, none without."},
		{Name: prefix + "fixed-delay.attempts", Value: binding.Count(&fixed.Attempts, 0, 1<<31-1),
			Doc: "Restarts before the job fails for good."},
		{Name: prefix + "fixed-delay.delay", Value: binding.Duration(&fixed.DelayNanos),
			Doc: "Delay of a restart."},
		{Name: prefix + "failure-rate.max-failures-per-interval",
			Value: binding.Count(&rate.MaxFailures, 1, 1<<31-1),
			Doc:   "Failures in the interval above which the job fails for good."},
		{Name: prefix + "failure-rate.failure-rate-interval",
			Value: binding.DurationAtLeast(&rate.IntervalNanos, 1),
			Doc:   "The interval in which failures are counted."},
		{Name: prefix + "failure-rate.delay", Value: binding.Duration(&rate.DelayNanos),
			Doc: "Delay of a restart."},
		{Name: prefix + "exponential-delay.initial-backoff",
			Value: binding.DurationAtLeast(&exponential.InitialNanos, 1),
			Doc:   "Delay of the first restart."},
		{Name: prefix + "exponential-delay.max-backoff",
			Value: binding.DurationAtLeast(&exponential.MaxNanos, 1),
			Doc:   "Longest delay of a restart."},
		{Name: prefix + "exponential-delay.backoff-multiplier", Value: integerRatio(&exponential.Multiplier),
			Doc: "Factor from one delay to the next."},
		{Name: prefix + "exponential-delay.reset-backoff-threshold",
			Value: binding.Duration(&exponential.ResetNanos),
			Doc:   "So long without a failure sets the delay back to the first one."},
		{Name: prefix + "exponential-delay.jitter-factor", Value: integerRatio(&exponential.Jitter),
			Doc: "Share of the delay by which it is changed at random."},
		{Name: prefix + "exponential-delay.attempts-before-reset-backoff",
			Value: binding.CountOr(&exponential.Attempts, "infinite", protocol.UnlimitedAttempts),
			Doc:   "Restarts without a reset before the job fails for good."},
	}
}

func integerRatio(r *protocol.IntegerRatio) binding.Value {
	return binding.Decimal(&r.Numerator, &r.Denominator)
}
