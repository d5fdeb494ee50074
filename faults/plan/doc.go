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
//	throw OPERATOR    at-record N | in CALLBACK  [times always] [at TIME]
//	poison OPERATOR   source SOURCE [split N] offset N  [at TIME]
//	slow ROLE         factor N  from TIME [to TIME]        operator, sink, system, storage
//	stall ROLE        from TIME [to TIME]
//	pause ROLE        from TIME to TIME                    a node or process stands still
//	clock NODE        [by TIME] [drift-ppm N]  from TIME [to TIME]
//
// Links, between nodes or processes A and B (all but isolate and reset may be one-way):
//
//	delay A B         by TIME  from TIME [to TIME]
//	jitter A B        by TIME  from TIME [to TIME]         up to that long, drawn
//	throttle A B      bandwidth RATE  from TIME [to TIME]
//	partition A B     from TIME [to TIME]
//	isolate A         from TIME [to TIME]                  every link of A
//	hold A B          from TIME to TIME                    all of it comes at the end
//	reset A B         at TIME                              connections break
//
// Control messages, of one kind or "any":
//
//	lose MESSAGE      [sender A] [receiver B] [count N] [every N]  from TIME [to TIME]
//	duplicate MESSAGE [by TIME] …                          the copy comes so much later
//	reorder MESSAGE   by TIME …                            later ones come before it
//
// The storage, and external systems:
//
//	fail ROLE         [operation OPERATION] [count N] [outcome error|unknown]  from TIME [to TIME]
//	tear storage      from TIME [to TIME]                  what dies half-way leaves a part
//	unsync storage    by TIME  from TIME [to TIME]         a crash loses what was just put
//	corrupt storage   [count N] [every N]  from TIME [to TIME]
//	lag storage       by TIME  from TIME [to TIME]         lists are so old
//	expire SINK       [transactions open|prepared] [count N]  at TIME
//	fence SINK        at TIME
//
// The input:
//
//	burst SOURCE      factor N  from TIME [to TIME]
//	skew SOURCE       share N  first-offset N  last-offset N
//
// Instead of at or from, a fault can name the protocol step at which it strikes, on which
// side of it, who must make it, for which checkpoint and for the how-manieth time, and how
// long it lasts from there:
//
//	crash here-process step sync-snapshot before of counts[1] checkpoint 3 ordinal 1
//	stall db step pre-commit ordinal 2 for 3 s
//
// There a target may be here, here-process or here-node: whoever makes the step.
//
// Duties of the caller: names of roles and steps are checked against the job by whoever
// knows it (Fault.Targets, Fault.Step); package plan checks everything else.
package plan
