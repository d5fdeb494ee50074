package operator

import "simrun/runtime/state"

// Mark is a point between two calls that the chain can go back to.
type Mark = state.Mark

// moment is what a chain knows besides its operators' state.
type moment struct {
	inputs        [2]inputStatus
	combinedNanos int64
	previousNanos int64
	fired         int
	idle          bool
	witness       witnessMark
}

// Begin starts to run ahead: from now on calls can be taken back.
func (c *Chain) Begin() { c.journal.Begin() }

// Mark names the present, between two calls. Only one number is taken: marking before
// every record is cheap.
func (c *Chain) Mark() Mark { return c.journal.Mark() }

// Rollback takes back every call since the mark. Out, Late, ClockNanos and the channel of
// the Witness belong to the caller.
func (c *Chain) Rollback(to Mark) {
	c.journal.Rollback(to)
	c.forgetClock()
}

// Commit makes everything since Begin final.
func (c *Chain) Commit() {
	c.journal.Commit()
	c.moments = c.moments[:0]
}

// remember is called before watermarks or the witness change.
func (c *Chain) remember() {
	if !c.journal.Changed(c.hook) {
		return
	}
	m := moment{
		combinedNanos: c.combinedNanos, previousNanos: c.previousNanos, fired: c.fired, idle: c.idle,
	}
	copy(m.inputs[:], c.inputs)
	if c.Witness != nil {
		m.witness = c.Witness.mark()
	}
	c.moments = append(c.moments, m)
}

// Undo goes back to the latest moment; the journal calls it.
func (c *Chain) Undo() {
	last := len(c.moments) - 1
	m := &c.moments[last]
	copy(c.inputs, m.inputs[:])
	c.combinedNanos, c.previousNanos, c.fired, c.idle = m.combinedNanos, m.previousNanos, m.fired, m.idle
	c.tellWatermarks()
	if c.Witness != nil {
		c.Witness.rollback(m.witness)
	}
	c.moments = c.moments[:last]
}
