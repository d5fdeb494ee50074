// Package config turns scenario files into typed scenarios, and scenarios into what a
// run is made of.
//
//	file ──┐
//	--set ─┼─Load──▶ Scenario ──Build──▶ Build{runtime.Options, plan, …} ──▶ a run
//	       │            │
//	       │            └──YAML──▶ the same scenario with every leaf written out
//	       └─LoadCase──▶ Case{Scenario, seed, plan, digest, verdict}
//
// Options come in layers: defaults (Flink's), the cluster's configuration, the job's. A
// job's `protocol` is short for the checkpointing options that mean the same; giving
// both, in conflict, is an error.
//
// Everything wrong with a file is an *Error with its line, column, a caret, what would
// be right and the nearest valid word. Nothing here runs anything.
//
// Duties of the caller: files come in as bytes with a name, data files through the Files
// given; a Scenario is a value of its own and may be changed before Build.
package config
