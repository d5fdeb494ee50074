// Package plan holds faults as data: what goes wrong, where and when, decided before a
// run starts. A plan is a list; each fault has one canonical text that parses back, and
// the same fields in YAML.
//
//	text   crash task-manager-1 at 12 s restart-after 1 s
//	YAML   {crash: task-manager-1, at: 12 s, restart-after: 1 s}
//	                │                  │
//	          Disturbance             When
//	     (what the runtime does)   (what package faults schedules)
//
// The kinds and their fields:
//
//	crash ROLE        at TIME [restart-after TIME|never]   a task is restarted by its job
//	throw OPERATOR    at-record N | in open|snapshot|notify|close  [times always] [at TIME]
//	slow ROLE         factor N  from TIME [to TIME]        operator, sink, system, storage
//	stall ROLE        from TIME [to TIME]
//	delay A B         by TIME  from TIME [to TIME] [one-way]
//	partition A B     from TIME [to TIME] [one-way]        nodes or processes
//	fail storage      [operation put|get|delete|list] [count N] [outcome error|unknown]
//	                  from TIME [to TIME]
//	pause ROLE        from TIME to TIME                    a node or process stands still
//
// Instead of at or from, a fault can name the protocol step at which it strikes, and how
// long it lasts from there: "step snapshot-done ordinal 3 for 2 s".
//
// Duties of the caller: names of roles and steps are checked against the job by whoever
// knows it (Fault.Targets, Fault.Step); package plan checks everything else.
package plan
