package figures

import (
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/stats"
)

// SpeedUp is how many times shorter checkpoints are than aligned ones, paired by seed.
func SpeedUp(s *cells.Summary, workload int) *Figure {
	w := newSweep(s, workload, ratioQuantity).add(func(c *cells.Cell) stats.Estimate {
		base := s.Baseline(c)
		if base == nil || c.Protocol == protocol.Aligned {
			return stats.Estimate{}
		}
		return c.Ratio(cells.Duration, base)
	})
	if len(w.series) == 0 {
		return nil
	}
	w.addLevel(1, "as long as aligned")
	f := w.figureOf("speed-up", "How many times shorter than aligned",
		"Aligned duration ÷ own, paired by seed")
	f.Plot = w.logPlot()
	f.Caption = "Above 1x a checkpoint is shorter than the aligned one of the same seed; the pairing " +
		"removes what the seeds have in common."
	f.Reading = "Where aligned expired, the ratio is a lower bound (hollow). Seeds in which both expired " +
		"are left out."
	return f
}

// FailedShare is the share of checkpoints that failed or expired.
func FailedShare(s *cells.Summary, workload int) *Figure {
	w := newSweep(s, workload, shareQuantity).add(func(c *cells.Cell) stats.Estimate {
		if c.Measured == 0 {
			return stats.Estimate{}
		}
		share := stats.Exact(c.FailedShare())
		return stats.Estimate{N: 1, Median: share, Low: share, High: share}
	})
	if len(w.series) == 0 {
		return nil
	}
	f := w.figureOf("failed", "Share of checkpoints that failed or expired", "Failed or expired")
	f.Subtitle = s.Comparison.Workloads[workload] + " · all measured checkpoints of all seeds"
	f.Plot = w.linearPlot(1)
	f.Caption = "A median over the checkpoints that did complete flatters a protocol that loses the slow " +
		"ones: read the durations together with this."
	f.Reading = "Skipped triggers, at which the previous checkpoint still ran, are counted in the table, " +
		"not here."
	return f
}

// StartDelay is how long the first barrier takes to the subtask that it reaches last.
func StartDelay(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.StartDelay, timeQuantity, "start-delay",
		"Start delay against slowdown", "Longest start delay of a subtask")
	if f != nil {
		f.Caption = "Backpressure that is the same on all channels shows here: the first barrier waits " +
			"behind the data in front of it."
		f.Reading = "Trigger to first barrier, of the subtask with the longest. Barriers that overtake " +
			"have next to none."
	}
	return f
}

// Alignment is how far apart the barriers of the channels of a subtask arrive.
func Alignment(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.Alignment, timeQuantity, "alignment",
		"Alignment time against slowdown", "Longest alignment of a subtask")
	if f != nil {
		f.Caption = "Backpressure that differs between channels shows here: the first barrier has come, " +
			"the last has not."
		f.Reading = "First to last barrier, of the subtask with the longest. For unaligned it is the time " +
			"in which in-flight data is collected; no channel is blocked."
	}
	return f
}

// Persisted is the in-flight data that became part of the checkpoint.
func Persisted(s *cells.Summary, workload int) *Figure {
	w := newSweep(s, workload, byteQuantity).add(estimateOf(cells.Persisted))
	if len(w.series) == 0 {
		return nil
	}
	w.addCurves("closed form", persistedTheory, func(s style) draw.LineStyle { return dashed(s.colour) })
	f := w.figureOf("persisted", "Persisted in-flight data against slowdown", "Channel state per checkpoint")
	f.Plot = w.logPlot()
	f.Caption = "The price of overtaking: what aligned waits for, unaligned writes down."
	f.Reading = "Bytes of input and output channel state of a checkpoint. On the line 0 nothing was " +
		"persisted."
	f.Formula = "Dashed: unaligned V, all that was in flight at the trigger; hybrid-out V (1 − τ/T), what " +
		"was left of it after the timeout τ."
	return f
}

// persistedTheory says nothing for protocols that never persist.
func persistedTheory(c *cells.Cell) stats.Estimate {
	if c.Protocol == protocol.Aligned {
		return stats.Estimate{}
	}
	return c.TheoryPersisted
}

// Checkpointed is all that was uploaded.
func Checkpointed(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.Checkpointed, byteQuantity, "checkpointed",
		"Checkpointed data against slowdown", "Uploaded per checkpoint")
	if f != nil {
		f.Caption = "State and in-flight data together: what the store must take at every checkpoint."
		f.Reading = "Bytes uploaded for a checkpoint, as Flink's “checkpointed data size”."
	}
	return f
}

// Throughput is what the sinks took.
func Throughput(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.Throughput, countQuantity, "throughput",
		"Throughput against slowdown", "Records per second at the sinks")
	if f != nil {
		f.Caption = "Above 1x the sinks set the rate, whatever the protocol: a difference between " +
			"protocols is the price of their checkpoints."
		f.Reading = "Records that sinks took per second of virtual time, after the warm-up."
	}
	return f
}

// Latency is the 99th percentile of the time from source to sink.
func Latency(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.Latency, timeQuantity, "latency",
		"End-to-end latency against slowdown", "99th percentile, source to sink")
	if f != nil {
		f.Caption = "Under backpressure a record waits in every buffer on its way; blocked channels add to " +
			"that."
		f.Reading = "Per seed the 99th percentile over the records that reached a sink after the warm-up."
	}
	return f
}

// Recovery is the whole time from a crash until everything is as before.
func Recovery(s *cells.Summary, workload int) *Figure {
	f := metricFigure(s, workload, cells.RecoveryTime, timeQuantity, "recovery",
		"Recovery time against slowdown", "Crash until caught up")
	if f != nil {
		f.Caption = "A task manager crashes at a random moment, the same one for all protocols of a seed."
		f.Reading = "Restart, restore, replay and catch-up together. Hollow: the run ended before it had " +
			"caught up."
	}
	return f
}
