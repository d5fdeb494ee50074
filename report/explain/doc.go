// Package explain tells the story of a run to people, on one screen.
//
//	*result.Story ──Text──▶  what was violated, in a sentence
//	                         the checker's evidence, with its numbers
//	                         the causal slice, as a numbered story
//	                         a space-time diagram of the subtasks, with the cut
//	                         what would have made it pass
//
// Subtasks are named by the operator that heads their chain; times are virtual seconds.
// A text depends on the story only, and names no machine, date or wall time.
//
// The caller says how wide the page is, and writes the command that reproduces the run.
package explain
