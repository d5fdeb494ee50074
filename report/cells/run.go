package cells

import (
	"simrun/protocol"
	"simrun/report/stats"
	"simrun/report/theory"
	"simrun/scenarios/result"
)

// runFigures are one run's values: medians over its measured checkpoints, and what it has
// once.
type runFigures struct {
	values                        [MetricCount]seedValue
	theory, bound, theoryVolume   seedValue
	measured, failed, expired     int
	theories, bounds, theoryBytes []stats.Value
	checkpoints                   [MetricCount][]stats.Value
}

// reduce takes the median over a run's measured checkpoints.
func reduce(run *result.CellRun, measureFromNanos int64) *runFigures {
	f := &runFigures{}
	predictions := theory.ForRun(run)
	for i := range run.Outcome.Checkpoints {
		c := &run.Outcome.Checkpoints[i]
		if c.TriggerNanos < measureFromNanos {
			continue
		}
		f.countCheckpoint(c, run.Outcome.VirtualNanos)
		f.countTheory(predictions[i])
	}
	for m := range f.checkpoints {
		f.values[m] = medianOf(f.checkpoints[m])
	}
	f.theory, f.bound, f.theoryVolume = medianOf(f.theories), medianOf(f.bounds), medianOf(f.theoryBytes)
	f.takeWhole(run)
	return f
}

// countCheckpoint adds what is known of one checkpoint.
func (f *runFigures) countCheckpoint(c *protocol.CheckpointStats, endNanos int64) {
	f.measured++
	known := stats.AtLeast
	duration := stats.AtLeast(float64(endNanos - c.TriggerNanos))
	switch {
	case c.Status == protocol.CheckpointSucceeded:
		known, duration = stats.Exact, stats.Exact(float64(c.EndToEndNanos))
	case c.Expired():
		f.failed++
		f.expired++
		duration = stats.AtLeast(float64(c.EndToEndNanos))
	case c.Status == protocol.CheckpointFailed:
		f.failed++
		return
	}
	startDelay, alignment := LongestDelays(c)
	f.add(Duration, duration)
	f.add(StartDelay, known(float64(startDelay)))
	f.add(Alignment, known(float64(alignment)))
	f.add(Checkpointed, known(float64(c.CheckpointedBytes)))
	f.add(Persisted, known(float64(c.PersistedBytes)))
}

func (f *runFigures) add(m Metric, v stats.Value) { f.checkpoints[m] = append(f.checkpoints[m], v) }

// countTheory adds one checkpoint's predictions, where a form applies.
func (f *runFigures) countTheory(t result.Theory) {
	if t.DurationNanos > 0 {
		f.theories = append(f.theories, stats.Exact(float64(t.DurationNanos)))
		f.theoryBytes = append(f.theoryBytes, stats.Exact(float64(t.PersistedBytes)))
	}
	if t.BoundNanos > 0 {
		f.bounds = append(f.bounds, stats.Exact(float64(t.BoundNanos)))
	}
}

// takeWhole takes what a run has once.
func (f *runFigures) takeWhole(run *result.CellRun) {
	m := run.Outcome.Measures
	f.values[Throughput] = seedValue{stats.Exact(float64(m.RecordsPerSecond)), m.MeasuredNanos > 0}
	f.values[Latency] = seedValue{stats.Exact(float64(m.LatencyP99Nanos)), m.LatencyP99Nanos > 0}
	if r := run.Recovery; r != nil {
		f.values[RecoveryTime] = seedValue{recoveryValue(r), true}
	}
}

func recoveryValue(r *result.Recovery) stats.Value {
	if !r.Complete {
		return stats.AtLeast(float64(r.TotalNanos()))
	}
	return stats.Exact(float64(r.TotalNanos()))
}

func medianOf(values []stats.Value) seedValue {
	if len(values) == 0 {
		return seedValue{}
	}
	return seedValue{stats.Median(values), true}
}

// LongestDelays are the start delay and the alignment time of the subtasks with the
// longest, among those that acknowledged.
func LongestDelays(c *protocol.CheckpointStats) (startDelayNanos, alignmentNanos int64) {
	for i := range c.Subtasks {
		startDelayNanos = max(startDelayNanos, c.Subtasks[i].StartDelayNanos)
		alignmentNanos = max(alignmentNanos, c.Subtasks[i].AlignmentNanos)
	}
	return startDelayNanos, alignmentNanos
}
