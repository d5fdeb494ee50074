package protocol

// TriggerKind is who asked for a checkpoint.
type TriggerKind uint8

const (
	// TriggerPeriodic comes from the checkpoint scheduler.
	TriggerPeriodic TriggerKind = iota
	// TriggerManual is a checkpoint outside the schedule: asked for by the user, or the
	// final one at the end of all data.
	TriggerManual
	// TriggerSavepoint is an intermediate savepoint: it is not used for recovery,
	// subsumes nothing and commits nothing (FLINK-25191).
	TriggerSavepoint
	// TriggerStopSavepoint is the synchronous savepoint of stop-with-savepoint: it is not
	// used for recovery either, but its completion is notified, so that sinks commit.
	TriggerStopSavepoint
)

var triggerKindNames = [...]string{"periodic", "manual", "savepoint", "stop-savepoint"}

// String is the kind as scripts show it.
func (k TriggerKind) String() string { return triggerKindNames[k] }

// Savepoint reports whether the trigger makes a savepoint.
func (k TriggerKind) Savepoint() bool { return k == TriggerSavepoint || k == TriggerStopSavepoint }

// TriggerRequest is one wish for a checkpoint.
type TriggerRequest struct {
	Kind TriggerKind
	// Forced requests ignore max-concurrent and min-pause (savepoints without unaligned
	// checkpoints).
	Forced      bool
	SubmitNanos int64
}

// before orders the queue: savepoints, then forced, then non-periodic, then older ones.
func (r TriggerRequest) before(o TriggerRequest) bool {
	switch {
	case r.Kind.Savepoint() != o.Kind.Savepoint():
		return r.Kind.Savepoint()
	case r.Forced != o.Forced:
		return r.Forced
	case (r.Kind == TriggerPeriodic) != (o.Kind == TriggerPeriodic):
		return o.Kind == TriggerPeriodic
	}
	return r.SubmitNanos < o.SubmitNanos
}

// Decision is what a RequestDecider says.
type Decision uint8

const (
	// DecideWait: nothing may be triggered now.
	DecideWait Decision = iota
	// DecideTrigger: trigger the request that comes with it.
	DecideTrigger
	// DecideTooEarly: the periodic request was dropped because min-pause is not over; ask
	// again after the delay that comes with it.
	DecideTooEarly
)

// RequestDecider queues trigger requests and decides which may run (Flink:
// CheckpointRequestDecider).
type RequestDecider struct {
	maxConcurrent int
	minPauseNanos int64
	maxQueued     int
	queue         []TriggerRequest // by before
}

// Reset empties the queue and sets the limits.
func (d *RequestDecider) Reset(maxConcurrent int, minPauseNanos int64, maxQueued int) {
	*d = RequestDecider{maxConcurrent, minPauseNanos, maxQueued, d.queue[:0]}
}

// Queued is the number of requests that wait.
func (d *RequestDecider) Queued() int { return len(d.queue) }

// Submit queues a request. When the queue is full the last in order is dropped, unless
// that would be a user's: then the new one is. It reports whether one was dropped.
func (d *RequestDecider) Submit(request TriggerRequest) (dropped bool) {
	full := len(d.queue) >= d.maxQueued
	if full && d.queue[len(d.queue)-1].Kind != TriggerPeriodic {
		return true
	}
	at := len(d.queue)
	for at > 0 && request.before(d.queue[at-1]) {
		at--
	}
	d.queue = append(d.queue, request)
	copy(d.queue[at+1:], d.queue[at:])
	d.queue[at] = request
	if full {
		d.queue = d.queue[:d.maxQueued]
	}
	return full
}

// Choose decides about the first request. pending is the number of checkpoints in
// flight, sinceCompletionNanos the time since one last completed.
func (d *RequestDecider) Choose(pending int, sinceCompletionNanos int64) (
	decision Decision, request TriggerRequest, delayNanos int64,
) {
	if len(d.queue) == 0 {
		return DecideWait, request, 0
	}
	request = d.queue[0]
	if !request.Forced {
		if pending >= d.maxConcurrent {
			return DecideWait, request, 0
		}
		early := d.minPauseNanos - sinceCompletionNanos
		if request.Kind == TriggerPeriodic && early > 0 {
			d.pop()
			return DecideTooEarly, request, early
		}
	}
	d.pop()
	return DecideTrigger, request, 0
}

func (d *RequestDecider) pop() {
	copy(d.queue, d.queue[1:])
	d.queue = d.queue[:len(d.queue)-1]
}

// Clear drops every request and returns how many there were.
func (d *RequestDecider) Clear() (dropped int) {
	dropped = len(d.queue)
	d.queue = d.queue[:0]
	return dropped
}
