// Package theory has the closed forms that simulated checkpoints are held against: what a
// checkpoint must take, from what was in flight when it was triggered, and what it can
// take at most, from the number of buffers alone.
//
//	sources ═══ exchange 1 ═══▶ … ═══ exchange k ═══▶ sinks (the bottleneck)
//	        ╰──────── V bytes, L records in flight ───────╯
//
//	aligned     waits until the slowest sink has served its share of L     (A1, A6)
//	unaligned   overtakes L and writes V to the store                      (U)
//	hybrid-out  waits for its timeout τ, then writes what is left of V     (H)
//	hybrid-in   first waits for what the sources' output buffers have of L (H)
//	2PC sinks   show a record half an interval late, and a checkpoint      (5.10)
//
// The letters are those of reference protocols.md, chapter 5, where each form is derived
// and compared with measurements. All forms assume that the sink is the bottleneck and
// always busy (full backpressure); without backpressure little is in flight, and they
// shrink to latencies. Floats are fine here: nothing of this reaches a run.
//
// Package acceptance holds the simulator against them; docs/theory.md tells how it went.
//
// Callers describe the job once as result.Pipeline and ask Predict for each checkpoint.
// A form that does not apply is 0, never a guess.
package theory
