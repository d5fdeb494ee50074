// Package scenarios is the front door: load a scenario, run it with a seed, look at what
// came of it.
//
//	name or file ──Load──▶ Scenario ──Run(seed)──▶ result.Outcome ──▶ report
//	                          │
//	                          ├──Compare──▶ result.Comparison (protocols side by side)
//	                          └──Case────▶ case file ──LoadCase──▶ Replay
//
// A run is deterministic: the same build inputs, scenario and seed give the same digest on
// every machine. Only Outcome.WallNanos is not part of that.
//
// Duties of the caller: a Scenario may be run from several goroutines at once; wrong
// input comes back as an *config.Error or *library.UnknownError and is for the user to
// mend.
package scenarios
