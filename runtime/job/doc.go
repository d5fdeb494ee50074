// Package job describes a job: the graph as its author wrote it, its options by Flink's
// names, and the plan that chaining and parallelism make of it.
//
//	Graph (nodes, edges)  ──Compile──▶  Plan (vertices, tasks, gates, channels)
//	   flights ─keyed─▶ delays             flights[0..1] ══▶ delays[0..1]
//
// Duties of the caller: nodes are in topological order, ids are stable and unique;
// Compile says what is wrong with a graph that cannot run.
package job
