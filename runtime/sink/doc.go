// Package sink describes what a job writes to, and models its content: the pure half of a
// sink. The machines of two-phase commit are in protocol, the processes in the runtime.
//
//	task ──record──▶ sink ──batch──▶ external system
//	      service time                 Log    append, transactional: every record, in order
//	      (Base × Profile)             Table  upsert: the latest row per key
//
// A Service says how long one record takes: a base distribution times a factor that a
// profile changes over time (slow from 4 s to 9 s, a ramp, a stall). Between two changes
// the factor is constant, and NextChange says when that ends: so a time never has to be
// asked for per record.
//
// Duties of the caller: a Table believes that the rows of a key come in order, so all of
// them must pass one subtask; a profile's phases have FromNanos < ToNanos.
package sink
