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
// New builds a cluster from Options; Run drives it to an end. Duties of the caller: the
// options have been validated (scenarios does), and one Cluster is used by one goroutine.
package runtime
