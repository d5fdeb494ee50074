// Package acceptance holds the simulator against the closed forms of package theory. It has
// tests only: each builds the pipeline that a formula speaks of, runs it, and compares.
//
//	sources ══ c buffers a channel ══▶ op ══ … ══▶ sinks, s a record
//	   p           p x p channels         p             p
//
// What a formula leaves out is left out here too: every task has a machine of its own, links
// take next to nothing, nothing but a sink takes time, and where a formula speaks of private
// buffers none float. What Flink does is kept: credits, rotation of gates by buffer, senders
// that stop when any one subpartition is at its limit.
//
// Tolerances are those of reference protocols.md 5.13; docs/theory.md tells what each test
// found. SIMRUN_THEORY_SEEDS sets the number of universes (by default a few); with 20 the
// tests compare docs/theory.md with what they find, and with -rewrite they write its table
// and figures anew.
package acceptance
