package operator

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// AllInputs stands for every input of the chain in a call of Watermark.
const AllInputs = -1

// Watermark tells the chain the watermark of an input. If that advances the minimum over
// its inputs, every operator in turn fires its due event timers, at most limit in all,
// and a watermark leaves the chain. It says false if timers are left (Flink:
// interruptible timers): then nothing may be called but Snapshot and Continue.
func (c *Chain) Watermark(input int, nanos int64, limit int) (done bool) {
	c.begin()
	c.remember()
	if c.Witness != nil {
		c.Witness.add(Step{Kind: StepWatermark, Input: input, Nanos: nanos})
	}
	for i := range c.inputs {
		if status := &c.inputs[i]; i == input || input == AllInputs {
			status.watermarkNanos = max(status.watermarkNanos, nanos)
		}
	}
	return c.combine(limit)
}

// Status tells the chain that an input is idle (record.TagIdle) or active again: idle
// inputs do not hold the watermark back (Flink: WatermarkStatus).
func (c *Chain) Status(input int, tag record.Tag, limit int) (done bool) {
	c.begin()
	c.remember()
	if c.Witness != nil {
		c.Witness.add(Step{Kind: StepStatus, Input: input, Nanos: int64(tag)})
	}
	c.inputs[input].idle = tag == record.TagIdle
	idle := true
	for i := range c.inputs {
		idle = idle && c.inputs[i].idle
	}
	if idle != c.idle {
		c.idle = idle
		c.Out.Records = append(c.Out.Records, record.Status(tag))
	}
	return c.combine(limit)
}

// combine is IndexedCombinedWatermarkStatus.updateCombinedWatermark.
func (c *Chain) combine(limit int) bool {
	lowest, any := EndOfTime, false
	for i := range c.inputs {
		if !c.inputs[i].idle {
			lowest, any = min(lowest, c.inputs[i].watermarkNanos), true
		}
	}
	backwards := lowest < c.combinedNanos && c.Bug != protocol.BugWatermarkFallsBack
	if !any || lowest == c.combinedNanos || backwards {
		return true
	}
	c.previousNanos, c.combinedNanos, c.fired = c.combinedNanos, lowest, 0
	return c.advance(limit)
}

// Continue fires more of the timers that Watermark or Status left, at most limit.
func (c *Chain) Continue(limit int) (done bool) {
	if c.fired == len(c.links) {
		return true
	}
	c.empty()
	c.remember()
	return c.advance(limit)
}

// Firing reports whether a watermark still has timers to fire.
func (c *Chain) Firing() bool { return c.fired < len(c.links) }

func (c *Chain) advance(limit int) bool {
	count := 0
	for ; c.fired < len(c.links); c.fired++ {
		l := &c.links[c.fired]
		l.ctx.WatermarkNanos = c.combinedNanos
		if l.ctx.Timers == nil {
			continue
		}
		for {
			timer, ok := l.ctx.Timers.First(state.EventTime)
			if !ok || timer.TimeNanos > c.combinedNanos {
				break
			}
			if count == limit {
				c.witnessFired(count)
				return false
			}
			l.ctx.Timers.Remove(timer)
			c.fire(c.fired, timer)
			count++
		}
	}
	c.witnessFired(count)
	c.Out.Records = append(c.Out.Records, record.Watermark(c.combinedNanos))
	return true
}

func (c *Chain) witnessFired(count int) {
	if c.Witness != nil && count > 0 {
		c.Witness.add(Step{Kind: StepEventTimers, Count: int64(count)})
	}
}

// fire runs one timer. What it emits is made from (key, namespace, time): the same
// window has the same name whichever record opened it.
func (c *Chain) fire(at int, timer state.Timer) {
	l := &c.links[at]
	if c.Fired != nil {
		c.Fired(at, timer)
	}
	if l.spec.ReadsClock {
		c.readClock(at)
	}
	out := c.outputOf(at, TimerLineage(timer))
	l.fn.(TimerFunction).OnTimer(&l.ctx, timer, out)
	c.pass(at)
}

// TimerLineage is the parent lineage of what a timer's firing emits.
func TimerLineage(t state.Timer) uint64 {
	window := protocol.MixLineage(t.Key) + uint64(t.Namespace)
	return protocol.MixLineage(protocol.MixLineage(window)+uint64(t.TimeNanos)) | 1<<63
}

// NextProcessingTimer is when the first processing-time timer of the chain is due.
func (c *Chain) NextProcessingTimer() (nanos int64, ok bool) {
	at := c.firstProcessing(EndOfTime)
	if at < 0 {
		return 0, false
	}
	timer, _ := c.links[at].ctx.Timers.First(state.ProcessingTime)
	return timer.TimeNanos, true
}

// firstProcessing is the operator with the earliest processing-time timer due at nanos,
// the foremost of equals; -1 if there is none.
func (c *Chain) firstProcessing(nanos int64) int {
	first, earliest := -1, nanos
	for at := range c.links {
		if c.links[at].ctx.Timers == nil {
			continue
		}
		timer, ok := c.links[at].ctx.Timers.First(state.ProcessingTime)
		if ok && (timer.TimeNanos < earliest || first < 0 && timer.TimeNanos == earliest) {
			first, earliest = at, timer.TimeNanos
		}
	}
	return first
}

// FireProcessingTimers fires the processing-time timers that are due at nowNanos, at
// most limit, over all operators in the order of their time. It says how many fired.
func (c *Chain) FireProcessingTimers(nowNanos int64, limit int) (count int) {
	c.ClockNanos = nowNanos
	c.begin()
	c.remember()
	for ; count < limit; count++ {
		at := c.firstProcessing(nowNanos)
		if at < 0 {
			break
		}
		timer, _ := c.links[at].ctx.Timers.PopDue(state.ProcessingTime, nowNanos)
		c.fire(at, timer)
	}
	if c.Witness != nil && count > 0 {
		c.Witness.add(Step{Kind: StepProcessingTimers, Nanos: nowNanos, Count: int64(count)})
	}
	return count
}

// WatermarkNanos is the chain's combined watermark.
func (c *Chain) WatermarkNanos() int64 { return c.combinedNanos }

// ForgetTime makes the chain forget its watermarks and keep its state: what a restore from
// a snapshot of that very state does to it.
func (c *Chain) ForgetTime() { c.resetTime() }

// resetTime forgets watermarks: they are not part of a checkpoint (Flink starts anew
// from the sources' after a restore).
func (c *Chain) resetTime() {
	for i := range c.inputs {
		c.inputs[i] = inputStatus{watermarkNanos: NoWatermark}
	}
	c.combinedNanos, c.previousNanos, c.idle = NoWatermark, NoWatermark, false
	c.fired = len(c.links)
	c.tellWatermarks()
	c.forgetClock()
}

// forgetClock lets the next read of every operator be told.
func (c *Chain) forgetClock() {
	for i := range c.links {
		if c.links[i].spec.ReadsClock {
			c.links[i].ctx.ClockNanos = noClock
		}
	}
}

const noClock = NoWatermark

// tellWatermarks gives every operator the watermark that it has been advanced to: those
// behind the one that is firing still live before the new one.
func (c *Chain) tellWatermarks() {
	for i := range c.links {
		c.links[i].ctx.WatermarkNanos = c.combinedNanos
		if i > c.fired {
			c.links[i].ctx.WatermarkNanos = c.previousNanos
		}
	}
}
