// Package minimized shows what came of making a failing case small.
//
//	*result.Minimization ──Text──▶ before and after, the plan and the scenario that are left,
//	                               and the command that runs them again
//	                     ──JSON──▶ one object
//
// Callers say in Options where the small case is and how it is replayed.
package minimized
