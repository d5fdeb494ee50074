// Package result holds what a run or a comparison leaves behind, as plain data: the
// language between those who run and those who show.
//
//	scenarios ──Outcome──▶ report, cmd/simrun
//	          ──Comparison──▶ report
//
// Duties of the caller: results are shared and not changed; who makes one fills every field
// that its comment does not call optional.
//
// Nothing here computes anything. Times are virtual nanoseconds; only WallNanos is not
// reproducible, and nothing that is compared byte for byte prints it.
package result
