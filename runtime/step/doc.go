// Package step is the hook by which a run says that it has got to a protocol step.
//
//	task, master, sink … ──Before──▶ Hook ──▶ watch ──▶ a fault strikes
//	        │                          │
//	        │   ◀── over: whoever makes the step is dead: it returns at once
//	        ▼
//	    the step is made
//	        │
//	        └────────────After───▶ Hook …
//
// A step is no event: it has no number, no digest and no cause. With nobody watching, a
// Hook costs one comparison.
//
// Duties of the caller: every step has one Before and one After, in this order, unless
// whoever makes it dies in between or what the step waits for never comes; after a Hook
// has answered that it is over, the caller changes nothing any more.
package step
