// Package binding ties the fields of Go structs to the keys of a document, once, for
// three readings: decode, encode and JSON Schema.
//
//	                       ┌─ Read(node)   document ──▶ struct, with placed errors
//	Object{Field, Field…} ─┼─ Write()      struct ──▶ document, every leaf
//	                       └─ Schema()     what editors complete and check
//
// A struct has one method that lists its Fields with pointers into itself; defaults are
// what the struct holds before it is read. A new setting is one new line there.
//
// Duties of the caller: a Value points into the struct that it was made for and lives no
// longer than that.
package binding
