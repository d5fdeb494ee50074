// Package budgets measures what runs cost, each budget against a bare loop that runs in
// the same minute on the same core: so a slow or busy machine slows both.
//
//	turn 1: bare loop │ subject      the least CPU time of each
//	turn 2: bare loop │ subject  ──▶ over all turns ──▶ budget | wanted | reached | ratio
//	  …
//
// The table of all budgets is printed by
//
//	go test ./scenarios/budgets -run Budgets -budgets -v
//
// and single ones are benchmarks of this package and of sim, protocol and runtime:
//
//	go test ./scenarios/budgets -run ^$ -bench .
//
// How a campaign scales over cores, by the clock of a machine that does nothing else:
//
//	go test ./scenarios/budgets -run ^$ -bench Cores -benchtime 100x
//
// Adding -growth measures how cost grows with records, channels, depth and checkpoints;
// adding -rewrite draws it into docs/pictures.
//
// Duties of the caller: leave the machine alone meanwhile, or believe the ratios only.
package budgets
