// Package generate is where plans of faults come from. Whatever decides draws from a
// Choice, in order, before the run; so a seed, a fuzzer's bytes, rapid and an exhaustive
// enumeration can all drive one generator.
//
//	Seed  ─┐
//	Bytes ─┴─▶ Choice.Choose(n) ─▶ generator ─▶ plan.Plan ─▶ the run
//
// Duties of the caller: 0 must be the simplest of the n alternatives, so that shrinking
// towards 0 makes plans simpler.
package generate
