package operator

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Function is the pure part of an operator: what it does with a record. Everything it
// keeps between two calls is in the state of its Context; a Function's own fields are
// fixed parameters, so that re-execution from the same state gives the same output.
type Function interface {
	// Process handles a record of an input (0, or 1 for the second of two).
	Process(ctx *Context, input int, r *record.Record, out *Output)
}

// TimerFunction is a Function with timers: OnTimer is called once per registered timer,
// in the order of (time, key, namespace). The timer is gone when it is called.
type TimerFunction interface {
	Function
	OnTimer(ctx *Context, timer state.Timer, out *Output)
}

// FinishFunction is a Function that flushes at the end of its input (Flink:
// BoundedOneInput.endInput and finish).
type FinishFunction interface {
	Function
	Finish(ctx *Context, out *Output)
}

// Context is what a Function may touch, valid during one call.
type Context struct {
	// Keyed, Operator and Timers are the operator's state; nil where it declared none.
	Keyed    *state.Keyed
	Operator *state.Operator
	Timers   *state.Timers
	// WatermarkNanos is the operator's current event-time watermark.
	WatermarkNanos int64
	// ClockNanos is the node's clock (processing time) at this call. It is zero unless
	// the operator's Spec says that it reads the clock, which makes it time-dependent.
	ClockNanos int64
	// Subtask and Parallelism are those of the operator.
	Subtask, Parallelism int
	// OperatorHash is the hash of the operator's stable id; with the input's lineage it
	// makes the lineage of what is emitted.
	OperatorHash uint64

	late bool
}

// DropLate says that the record in hand came too late and had no effect.
func (ctx *Context) DropLate() { ctx.late = true }

// Output collects what one call emits, in order, and names it.
type Output struct {
	Records []record.Record

	operator, parent, ordinal uint64
}

// begin says what the next records are made by and from.
func (o *Output) begin(operator, parent uint64) {
	o.operator, o.parent, o.ordinal = operator, parent, 0
}

// Emit appends a record that is made from the record or timer in hand: its lineage is
// derived from that; everything else is as r has it.
func (o *Output) Emit(r record.Record) {
	r.Lineage = protocol.DerivedLineage(o.operator, o.parent, o.ordinal)
	o.ordinal++
	o.Records = append(o.Records, r)
}

// Pass appends a copy of the record in hand under a new lineage, for the caller to change.
func (o *Output) Pass(r *record.Record) (made *record.Record) {
	o.Records = append(o.Records, *r)
	made = &o.Records[len(o.Records)-1]
	made.Lineage = protocol.DerivedLineage(o.operator, o.parent, o.ordinal)
	o.ordinal++
	return made
}

// EmitPair appends a record that is made from two others, whichever came last: so a
// join's output has the same names in every order of arrival.
func (o *Output) EmitPair(left, right uint64, r record.Record) {
	r.Lineage = protocol.DerivedLineage(o.operator, protocol.MixLineage(left)+right, 0)
	o.Records = append(o.Records, r)
}

// Class says what can be expected of an operator's state or output (reference
// protocols.md 3.2); checkers choose their oracle by it.
type Class uint8

const (
	// OrderFree: the result does not depend on the order in which records of different
	// channels are merged: it equals a sequential fold of the input.
	OrderFree Class = iota
	// MergeOrder: deterministic in the merge order that a run witnessed.
	MergeOrder
	// TimeDependent: depends on watermarks, timers or clocks that a run witnessed.
	TimeDependent
)

var classNames = [...]string{"order-free", "merge-order", "time-dependent"}

// String is the class's word in a state contract.
func (c Class) String() string { return classNames[c] }
