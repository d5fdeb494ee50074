// Package synthetic makes comparisons out of formulas, for tests and examples of report:
// plausible numbers with everything that a real grid may hold, and nothing simulated.
//
//	Comparison(Options) ──▶ result.Comparison: expired checkpoints, skipped triggers,
//	                        recoveries that are missing or never caught up
//
// The numbers follow from the options alone, so golden files can be made of them.
package synthetic
