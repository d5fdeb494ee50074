// Package minimize makes a failing case small: the fewest faults, the smallest job and
// input, the shortest time and the roundest numbers that still fail in the same way.
//
//	case ──▶ search ─▶ passes, round after round, until a round changes nothing
//	           ▲  │
//	           │  ▼
//	           │ candidate ─config─▶ cannot run: skipped
//	           │           ─run────▶ the same failure? ──yes──▶ the best so far
//	           └──────────────no────────────────┘
//
// The best so far is a valid case at any moment, so a search may be stopped at any moment
// and goes on from what it left: its result is its whole state. The same case and the same
// budget of runs give the same result.
//
// A candidate fails in the same way if its verdict is the same and its first violation has
// the same class and signature; where operators that share a vertex were dropped or chained,
// a signature may name fewer or more of them. What is stuck must be stuck in the same
// pattern of waiting; what panics must say the same, numbers aside. Where a planted bug is
// brought back, a candidate must pass without it, if the case did.
//
// Duties of the caller: runs are deterministic (the last one is repeated in fresh memory,
// and must not differ); one search at a time uses what a Run runs in.
package minimize
