// Package runtime is the stream processor: actors on the kernel that host the protocols.
//
//	       job manager (leader, standby)            external systems
//	      /      |        \                              ▲
//	task manager  …   task manager                       │ transactions
//	  ├ source[0] ══ network ══▶ ├ keyed[0] ══▶ sink[0] ─┘
//	  └ source[1] ══════════════▶└ keyed[1] ══▶ sink[1]
//	       │ snapshots                │
//	       └────────▶ object store ◀──┘
//
// New builds a System from Options; Run drives it to an end; its Target hurts it on behalf
// of faults. Duties of the caller: the options have been validated (scenarios does), one
// System is used by one goroutine, and a System whose kernel was used again is over.
package runtime
