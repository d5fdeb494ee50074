package theory

// CommitMeanNanos is the mean wait of a record for a two-phase-commit sink to show it (5.10):
// half an interval until a checkpoint takes it, the checkpoint, and then notifyNanos until
// the commit is through: I/2 + T + d. It holds where records come evenly over the interval.
func CommitMeanNanos(intervalNanos, checkpointNanos, notifyNanos float64) float64 {
	return intervalNanos/2 + checkpointNanos + notifyNanos
}

// CommitMaxNanos is the longest such wait: a whole interval, I + T + d.
func CommitMaxNanos(intervalNanos, checkpointNanos, notifyNanos float64) float64 {
	return intervalNanos + checkpointNanos + notifyNanos
}
