// Package trial is one run of one scenario under watch: it builds the system, lets the
// checkers see every event, carries out the plan of faults, and judges what came of it.
//
//	Case ──▶ runtime.System ──events──▶ checkers, marks, recovery meter
//	           ▲  faults                      │
//	           └── plan                       └──▶ result.Outcome
//
// Duties of the caller: a Trial is used by one goroutine; its memory serves many runs,
// one after the other.
package trial
