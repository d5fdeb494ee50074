// Package tally holds what many runs came to, in a form that adds up: the tally of a seed
// range is the sum of the tallies of its parts, however it was cut and in whatever order
// the parts came in.
//
//	seed 0 ─Outcome─▶ Add ┐
//	seed 1 ─Outcome─▶ Add ┴▶ Tally ─┐
//	                                ├─Plus─▶ Tally of all seeds ─▶ report, merge
//	another core, host or day ▶ Tally ┘
//
// A Tally is a commutative monoid under Plus, and the zero value is its identity. It is
// bounded: counts, histograms of a fixed number of buckets, words of which there are few,
// and the smallest few failing seeds of each signature. Its JSON is canonical: equal
// tallies, equal bytes. It has no wall-clock time in it.
//
// Duties of the caller: every run is added once; the names of scenarios are few, so that
// a campaign of a million drawn universes does not name each of them differently.
package tally
