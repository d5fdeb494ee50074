// Package table writes the summary of a comparison for a terminal: a table for each
// workload, at most 120 columns wide, one row for each slowdown and protocol.
//
//	cells.Summary ──Comparison──▶ flights: …
//	                              0.5x aligned  15ms  13ms..17ms  0%  …
//
// The share of checkpoints that failed or expired stands beside every duration: a median
// over survivors flatters the slow. "≥" marks what was cut off, "!" a vacuous cell; why is
// written under the table. Callers add nothing but a final newline if they want one.
package table
