// Package record holds the one thing that every room of the runtime passes on: the
// stream element.
//
//	source ──Record──▶ chain of operators ──Record──▶ buffer ──▶ … ──▶ sink
//
// A Record is a value of fixed size with no pointers: it is copied into buffers, kept in
// channel state and compared by its lineage. Duties of the caller: an operator that
// makes a record sets Lineage with protocol.DerivedLineage, so that the same input gives
// the same name again after a restart.
package record
