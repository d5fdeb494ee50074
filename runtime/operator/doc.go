// Package operator holds what a job computes: functions over records, chained as one task
// runs them, pure, without clock and network.
//
//	           Chain
//	Process ─▶ parse ─▶ count ─▶ window ─▶ Out: records, watermarks
//	Watermark ─▶ (min of inputs) ─▶ timers of each operator in turn ─┘
//	             state.Backend each; one Journal, one Witness for all
//
// A Function keeps everything between two calls in the state of its Context; its own
// fields are parameters. So a chain that is restored from a snapshot and given the same
// calls does the same again: that is what recovery needs, and what three oracles use.
//
//   - Evaluate folds all input through the whole job, without subtasks and time: what
//     order-free states and outputs must be.
//   - Reexecute repeats one task from a Witness (order of channels, watermarks, timers,
//     clock reads): what the others must be.
//   - Mark and Rollback take back what a task ran ahead of the clock.
//
// An operator's Spec states a Class for its state and one for its output, and its state
// contract in words. What it emits is named by what it was made from (Output.Emit).
//
// Duties of the caller of a Chain: set ClockNanos before a call and Witness.Channel before
// a record; read Out and Late before the next call; call nothing but Continue and Snapshot
// while Firing; give EndOfTime as the last watermark of every input, then Finish.
//
// A new function is a type with Process, and OnTimer or Finish if it needs them, and a
// constructor that returns its Spec. Valve combines the watermarks of a gate's channels.
package operator
