// Package handmade is aligned checkpointing as one would write it in an afternoon: an input
// that has delivered its barrier waits, and when all have, the task takes its snapshot.
// It has a mistake, on purpose. docs/testing-your-own-protocol.md finds it.
//
//	input 0  ...e d [1] waits ─┐
//	                           ├─▶ snapshot 1, barrier on, both inputs resume
//	input 1  ...[1] c b ───────┘
//
// Duties of the caller: those of any host of a protocol.Machine (go doc simrun/protocol).
package handmade
