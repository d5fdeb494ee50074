package result

// Minimization says what came of making a failing case small.
type Minimization struct {
	// Before is the case as it was given, After the smallest one found.
	Before, After Size
	// Dropped are the steps that were kept, in their order, each in a few words: "fault: slow
	// db factor 5 from 4 s", "operator delays".
	Dropped []string
	// Runs were made; Invalid candidates could not be run at all and cost none.
	Runs, Invalid int
	// Complete: nothing that is known to try makes it smaller. Otherwise the budget was used
	// up, or the work interrupted.
	Complete bool
	// Moved: the case fails in another way than its record says, and that is what was
	// minimised.
	Moved bool
	// Verdict, Class and Signature are those of the failure at the end; the last two are empty
	// for what is no violation.
	Verdict Verdict
	// Plan are the faults that are left, in their canonical text; Brief is the rest of the
	// scenario, with only the settings that are not at their default.
	Plan             []string
	Brief            string
	Class, Signature string
}

// Size is what a reader of a case has to understand.
type Size struct {
	Faults int
	// Vertices are chains of operators, Tasks their subtasks, Widest the parallelism of the
	// widest one.
	Vertices, Tasks, Widest int
	// Settings are the leaves of the scenario that are not at their default, without names
	// and edges.
	Settings            int
	Records             int64
	Checkpoints, Events int64
	VirtualNanos        int64
}
