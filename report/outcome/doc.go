// Package outcome shows one run: for people as text, for programs as the JSON object of
// `simrun run --json`.
//
//	*result.Outcome ──Text──────▶ verdict, figures, checkpoints, snapshots, violations,
//	                              marks, and the command that does it again
//	                ──History───▶ a line for each checkpoint
//	                ──JSON──────▶ one object, keys as in the design
//
// Words are Flink's where Flink has one. Callers say in Options how the run was started;
// a text that ends in a failure always ends in the command that reproduces it.
package outcome
