package source

import "math"

const (
	noWatermark int64 = math.MinInt64
	endOfTime   int64 = math.MaxInt64
)

// WatermarkStrategy describes how a source makes watermarks (Flink: WatermarkStrategy).
type WatermarkStrategy struct {
	// OutOfOrderNanos is how late a record may be
	// (BoundedOutOfOrdernessWatermarks); a negative one makes no watermarks but the last.
	OutOfOrderNanos int64
	// IdleNanos is how long a split may be silent before it stops to hold the watermark
	// back; 0 is for ever.
	IdleNanos int64
}

// WatermarkGenerator makes the watermark of one source subtask: the minimum over its
// splits of the latest event time less the bound. It is asked periodically (Flink:
// pipeline.auto-watermark-interval, 200 ms) and keeps no clock. It is not part of a
// checkpoint: after a restore it starts anew.
type WatermarkGenerator struct {
	strategy WatermarkStrategy
	splits   []SplitProgress
	outNanos int64
}

// SplitProgress is what the generator knows of a split.
type SplitProgress struct {
	LatestNanos int64 // latest event time; math.MinInt64 before the first record
	SeenNanos   int64 // clock at the latest record, or when the split was added
	Added       bool  // the subtask reads it
	Ended       bool
}

// NewWatermarkGenerator makes a generator for splits 0 to splits-1, of which the subtask
// reads none yet.
func NewWatermarkGenerator(strategy WatermarkStrategy, splits int, nowNanos int64) *WatermarkGenerator {
	g := &WatermarkGenerator{strategy: strategy, splits: make([]SplitProgress, splits), outNanos: noWatermark}
	for i := range g.splits {
		g.splits[i] = SplitProgress{LatestNanos: noWatermark, SeenNanos: nowNanos}
	}
	return g
}

// Add says that the subtask reads the split from now on: until its first record it holds
// the watermark back. A split's first record adds it, too.
func (g *WatermarkGenerator) Add(split int, nowNanos int64) {
	if p := &g.splits[split]; !p.Added {
		p.Added, p.SeenNanos = true, nowNanos
	}
}

// Record notes a record of a split and says what was known before, for Restore.
func (g *WatermarkGenerator) Record(split int, eventNanos, nowNanos int64) (before SplitProgress) {
	p := &g.splits[split]
	before = *p
	p.LatestNanos = max(p.LatestNanos, eventNanos)
	p.SeenNanos, p.Added = nowNanos, true
	return before
}

// Restore takes the latest Record of a split back.
func (g *WatermarkGenerator) Restore(split int, before SplitProgress) { g.splits[split] = before }

// End says that the split has no more records: it holds nothing back.
func (g *WatermarkGenerator) End(split int) { g.splits[split].Ended = true }

// Next is the watermark to emit at nowNanos, if it has advanced, and whether every split
// is idle.
func (g *WatermarkGenerator) Next(nowNanos int64) (nanos int64, advanced, idle bool) {
	if g.strategy.OutOfOrderNanos < 0 {
		return g.outNanos, false, false
	}
	lowest, active, added := endOfTime, 0, 0
	for i := range g.splits {
		p := &g.splits[i]
		if !p.Added {
			continue
		}
		added++
		if p.Ended || g.strategy.IdleNanos > 0 && nowNanos-p.SeenNanos >= g.strategy.IdleNanos {
			continue
		}
		active++
		lowest = min(lowest, p.LatestNanos)
	}
	if active == 0 || lowest == noWatermark {
		return g.outNanos, false, active == 0 && added > 0
	}
	if lowest -= g.strategy.OutOfOrderNanos + 1; lowest > g.outNanos {
		g.outNanos = lowest
		return lowest, true, false
	}
	return g.outNanos, false, false
}
