// Package census crashes a scenario at every place that it gets to.
//
//	scenario, seed ──run without faults──▶ every (step, side, role, ordinal) ──▶ Points
//	                                                                              │
//	 singles   one run a point: whoever makes the step dies exactly there   ◀─────┤
//	 pairs     point a, and in the run that a struck, point b: each reachable ◀───┘
//	           (kind, kind) once, as far as the budget of runs goes
//	 List      all of these of several scenarios, numbered, to be run in parts
//
// A run up to a fault is the run without it, so a point that was recorded is always
// reached: a crash that does not strike is a finding, too. What a census says is a number
// that can be held: "1,284 / 1,284 single crash points survived".
//
// Points of one step are told apart by the side (before and after), who makes the step, the
// how-manieth time, and who dies: the task, or its whole process.
//
// Duties of the caller: Each calls its function for all numbers, in any order and at once
// if it likes; a scenario must be able to survive one crash and a restart of each of its
// processes.
package census
