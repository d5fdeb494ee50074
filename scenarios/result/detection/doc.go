// Package detection holds what came of hunting planted bugs: how many seeds each took to be
// detected, by whom, and the smallest case.
//
//	bug ─▶ stream 0: ok ok ok violation            4 seeds
//	       stream 1: ok violation                  2 seeds
//	       stream 2: ok ok ok … ok                 not within the limit (censored)
//	                     └─▶ Record ─▶ report/detection: medians, intervals, table, page, curve
//
// It is plain data, and its JSON is the file that docs/track-record.md is made of. Only the
// fields named Nanos come from the wall clock; all else is the same on every machine.
//
// Duties of the caller: streams of a bug are in their order, whoever ran them.
package detection
