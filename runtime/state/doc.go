// Package state holds what operators keep between two records: keyed state, operator
// state and timers, with snapshots that share pages with the live state, and an undo
// journal for tasks that run ahead of the clock.
//
//	Backend (one operator instance)          Image (of a checkpoint)
//	  Keyed     index ─▶ page page page ···▶   page page page   shared until written
//	  Timers    block block block       ···▶   block block block
//	  Operator  list list               ···▶   list list
//	  applied   tally of lineages       ───▶   Point: applied, content digest
//	     ▲
//	  Journal   one per task: Mark before a record, Rollback, Commit
//
// Keys belong to key groups, and those to subtasks, exactly as in Flink (KeyGroup,
// RangeOf), so that skew is Flink's skew. An image names key groups and never a subtask:
// RestoreParts makes the state of any subtask of any parallelism from the images of all.
//
// Two digests are kept inside the state, so that a snapshot that was taken at another
// instant than the counters around it shows: which records were applied (a Tally), and
// what the entries are (a sum that does not depend on their order).
//
// Duties of the caller: count every record with Apply; commit before a snapshot; use an
// Entry only until it is deleted, restored or rolled back. Nothing here is visible in an
// order that depends on memory layout: Each goes by key, timers by time.
package state
