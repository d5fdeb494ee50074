// Package summary shows the tally of a campaign: as text for people, as JSON for programs,
// and as one line while it runs.
//
//	*tally.Tally ──Text──▶ verdict, what was done and reached, findings by signature
//	             ──JSON──▶ one object, keys of the contract for fuzz and merge
//	             ──Line──▶ so far, what matters most first
//
// Duties of the caller: the tally is not changed meanwhile. What has wall-clock time in it
// is given by the caller and is left out where it gives none, so that what people merge
// is the same however it was run.
package summary
