// Package stats turns seeds into a median and an honest interval.
//
// The seed is the sample, not the checkpoint: checkpoints of one run share its input and
// its backpressure, so they are no independent draws. A caller first reduces each run to
// one Value (Median over its checkpoints), then asks for the Estimate over seeds.
//
//	checkpoints of a run ──Median──▶ one Value a seed ──NewEstimate──▶ median [low, high]
//	   1.2 s  1.3 s  ≥60 s            1.3 s                              over seeds
//
// A checkpoint that expired was not measured to its end: all that is known is "at least
// the timeout". Such a Value is an interval [60 s, ∞), and so is everything computed from
// it. Ranks are monotone, so the k-th smallest of interval Values lies exactly between the
// k-th smallest of their lower and of their upper ends: nothing has to be assumed about
// the tail, and no survivor is favoured.
//
// Callers must hand over at least one value, and pair values by seed before they compare
// two protocols: Minus and Over of two Values of the same seed, then an Estimate of those.
package stats
