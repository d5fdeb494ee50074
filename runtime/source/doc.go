// Package source makes the records that a job reads: recorded files and generators.
//
//	file: lines ──ParseTable──▶ Table ─┐
//	nexmark, synthetic: a draw each ───┼─▶ Reader.Next(split, offset) ──▶ record, arrival
//	                                   │        ▲
//	               Rate: when each arrives      └── any offset, any number of times
//
// A Reader is a pure function: which record lies at (split, offset), and when it arrives,
// follows from these numbers and the seed. So a job rewinds by going back to an offset,
// and two protocols under one seed read the same input. A source that cannot rewind (a
// socket) is the same Reader, read from OffsetAt(now) after a restart: what arrived in
// between is lost.
//
// Watermarks are made beside it, per split (WatermarkGenerator): the minimum over the
// splits that are not idle of the latest event time, less a bound.
//
// Duties of the caller: keep the next offset of every split in a checkpoint; set
// Record.BornNanos; let no record be read before it arrives; parse a file once and share
// its Table.
package source
