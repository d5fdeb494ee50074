// Package cells reduces a comparison to its cells: per protocol, workload and slowdown one
// Estimate for each metric, the share of checkpoints that failed, and what is wrong with
// the cell if something is. Tables, figures, pages and files all read these, so that no
// two of them can disagree.
//
//	result.Comparison ──Summarize──▶ Summary ──Cell(workload, slowdown, protocol)──▶ Cell
//	 runs by seed                                median [low, high] over seeds, notes
//
// What counts (design "Comparing fairly"): checkpoints triggered from MeasureFromNanos on.
// One that expired, or still ran at the end, took "at least" so long; its other figures are
// at least those of the subtasks that had acknowledged. One that failed otherwise has no
// duration. The share of failed ones stands beside every median for that reason.
//
// A Summary keeps pointers into the Comparison, which must not change while it is in use.
package cells
