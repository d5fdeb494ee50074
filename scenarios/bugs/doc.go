// Package bugs looks for planted bugs with the means of a campaign, and says how many seeds
// each took: the measure of the checkers and of what is drawn for them.
//
//	             ┌─▶ stream 0 ─▶ seed, seed, … detected ─▶ the same seed without the bug: green?
//	planted bug ─┼─▶ stream 1 ─▶ …                                     │ no: a false alarm
//	             └─▶ stream n ─▶ …                                     ▼ yes
//	                                              one case ─▶ minimised ─▶ explained ─▶ its file
//
// A run is what a campaign would run, but for the one switch. What is run, and in which
// order, is an Explorer's: seeds, or an enumeration, which has one stream only. A stream ends
// with the first run that detects the bug, or at a limit; streams of seeds are far apart, and
// the same for all bugs. Whether a stream is begun depends only on streams before it: when the
// first few have come to their limits in vain, the bug counts as missed and the rest is not
// tried. So the result does not depend on the number of workers, but for times.
//
// Duties of the caller: runners of one Explorer, one a worker, answer alike.
package bugs
