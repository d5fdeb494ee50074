package protocol

import (
	"fmt"
	"math"
)

// CoordinatorOptions configures a CheckpointCoordinator. Each field names the Flink
// option that it is; times are nanoseconds.
type CoordinatorOptions struct {
	// IntervalNanos is execution.checkpointing.interval; 0: no periodic checkpoints.
	IntervalNanos int64
	// TimeoutNanos is execution.checkpointing.timeout, counted from the moment at which
	// the checkpoint has its id.
	TimeoutNanos int64
	// MinPauseNanos is execution.checkpointing.min-pause, from the last completion to the
	// next periodic trigger.
	MinPauseNanos int64
	// MaxConcurrent is execution.checkpointing.max-concurrent-checkpoints.
	MaxConcurrent int
	// TolerableFailures is execution.checkpointing.tolerable-failed-checkpoints:
	// consecutive ones; UnlimitedFailures never fails the job.
	TolerableFailures int
	// NumRetained is execution.checkpointing.num-retained.
	NumRetained int
	// Retention is execution.checkpointing.externalized-checkpoint-retention.
	Retention Retention
	// CheckpointsAfterTasksFinish is
	// execution.checkpointing.checkpoints-after-tasks-finish.
	CheckpointsAfterTasksFinish bool
	// Barrier says how barriers start (Alignment and TimeoutNanos; flink.md 2.1);
	// the coordinator fills in the rest.
	Barrier Barrier
	// TriggerInstantsNanos, ascending, replaces the interval by a fixed schedule, so that
	// several protocols can be compared on the same instants: one at which no checkpoint
	// may start is skipped and reported, never postponed. The slice is read only.
	TriggerInstantsNanos []int64
	// MaxQueuedRequests bounds the queue of trigger requests (Flink: a constant, 1000).
	MaxQueuedRequests int
	// RecoverStoreAfterUnknown reads the durable store again before a restore if the
	// outcome of a metadata write is unknown. Flink since 1.14 does not (FLINK-22483), at
	// this risk: (1) checkpoint 5 is in the store, but the write timed out; (2) a failover
	// restores 4, and the sinks abort the transactions after 4; (3) the job manager dies
	// before 6 completes; (4) its successor finds 5 and commits aborted transactions.
	RecoverStoreAfterUnknown bool
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug Bug
}

const (
	nanosPerMilli  = int64(1_000_000)
	nanosPerSecond = 1000 * nanosPerMilli
	nanosPerMinute = 60 * nanosPerSecond
)

// DefaultCoordinatorOptions are Flink's defaults: no interval, so no checkpoints until
// one is set, and a timeout of 10 min.
func DefaultCoordinatorOptions() CoordinatorOptions {
	return CoordinatorOptions{
		TimeoutNanos:                10 * nanosPerMinute,
		MaxConcurrent:               1,
		NumRetained:                 1,
		CheckpointsAfterTasksFinish: true,
		Barrier:                     Barrier{Alignment: AlignmentAligned, TimeoutNanos: NoTimeout},
		MaxQueuedRequests:           1000,
		RecoverStoreAfterUnknown:    true,
	}
}

// Enabled reports whether checkpoints are taken on a schedule at all.
func (o *CoordinatorOptions) Enabled() bool {
	return o.IntervalNanos > 0 || len(o.TriggerInstantsNanos) > 0
}

// Unaligned reports whether barriers are, or may become, unaligned.
func (o *CoordinatorOptions) Unaligned() bool {
	return o.Barrier.Alignment == AlignmentUnaligned || o.Barrier.Timeoutable()
}

// FirstDelayRangeNanos is the closed range from which the host draws the delay of the
// first trigger, uniformly.
func (o *CoordinatorOptions) FirstDelayRangeNanos() (low, high int64) {
	return o.MinPauseNanos, o.baseIntervalNanos()
}

// baseIntervalNanos: it makes no sense to trigger more often than the pause allows.
func (o *CoordinatorOptions) baseIntervalNanos() int64 {
	return max(o.IntervalNanos, o.MinPauseNanos)
}

// Validate returns an error that names the first option that is out of its range or in
// conflict with another.
func (o *CoordinatorOptions) Validate() error {
	const prefix = "execution.checkpointing."
	switch {
	case o.IntervalNanos != 0 && o.IntervalNanos < 10*nanosPerMilli:
		return fmt.Errorf("%sinterval must be at least 10 ms, or 0", prefix)
	case o.TimeoutNanos < 10*nanosPerMilli:
		return fmt.Errorf("%stimeout must be at least 10 ms", prefix)
	case o.MinPauseNanos < 0:
		return fmt.Errorf("%smin-pause must not be negative", prefix)
	case o.MaxConcurrent < 1:
		return fmt.Errorf("%smax-concurrent-checkpoints must be at least 1", prefix)
	case o.Unaligned() && o.MaxConcurrent > 1:
		return fmt.Errorf("%smax-concurrent-checkpoints must be 1 with unaligned checkpoints", prefix)
	case o.TolerableFailures < 0 || o.TolerableFailures > math.MaxInt32:
		return fmt.Errorf("%stolerable-failed-checkpoints must be in 0..%d", prefix, math.MaxInt32)
	case o.NumRetained < 1:
		return fmt.Errorf("%snum-retained must be at least 1", prefix)
	case o.MaxQueuedRequests < 1:
		return fmt.Errorf("the queue of trigger requests must have room for at least 1")
	}
	return o.validateInstants()
}

func (o *CoordinatorOptions) validateInstants() error {
	for i := 1; i < len(o.TriggerInstantsNanos); i++ {
		if o.TriggerInstantsNanos[i] <= o.TriggerInstantsNanos[i-1] {
			return fmt.Errorf("trigger instants must ascend: number %d does not", i)
		}
	}
	return nil
}
