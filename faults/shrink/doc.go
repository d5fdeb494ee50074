// Package shrink makes a failing plan of faults small: fewest faults, each as weak as it
// can be, with the roundest numbers, as early and as close together as they still fail.
//
//	Plan(p, fails)
//	  │
//	  ├─ fewer    delta debugging over the faults: halves, quarters, … single ones
//	  ├─ weaker   permanent → heals, always → once, both ways → one way, any number → one
//	  ├─ rounder  every number down the ladder 0 1 2 5 10 20 50 …, then to its first digits
//	  └─ closer   all faults earlier together, then each gap between two shorter
//	  again, until a whole round changes nothing
//
// A fault and its undoing are one: the restart belongs to its crash and the healing to its
// cut, so that neither is ever left without the other. What is permanent may become
// passing, never the other way, and nothing but a plan's own faults is ever in a shrunk
// one: if a plan left the system recoverable, so does what is made of it.
//
// Less is the order in which a plan counts as simpler; every step goes down in it, so
// shrinking ends, and what it ends with shrinks no further.
//
// The technique is Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
// Input" (TSE 2002), followed by binary lowering of fields.
//
// Duties of the caller: fails is deterministic; a caller who has run long enough lets it
// return false from then on, and gets the best plan that was found.
package shrink
