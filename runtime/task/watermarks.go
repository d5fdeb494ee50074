package task

import (
	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/sim"
)

// lowestWatermark is the minimum over the active channels of an input and how many of them
// stand there; 0: it must be looked for. With p channels, each watermark would else cost p,
// and those of all channels p squared.
type lowestWatermark struct {
	nanos   int64
	holders int
}

// setWatermark notes a channel's watermark.
func (t *Task) setWatermark(end *inputEnd, nanos int64) {
	lowest := &t.lowest[end.input]
	switch {
	case end.idle:
		lowest.holders = 0
	case nanos > end.watermark && end.watermark == lowest.nanos:
		lowest.holders--
	}
	end.watermark, end.idle = max(end.watermark, nanos), false
}

// setIdle notes that a channel turned idle or active.
func (t *Task) setIdle(end *inputEnd, idle bool) {
	end.idle = idle
	t.lowest[end.input].holders = 0
}

// endChannel notes that nothing follows on a channel: it holds no watermark back.
func (t *Task) endChannel(end *inputEnd) {
	end.SetEnded()
	t.lowest[end.input].holders = 0
}

// lowestOf is the minimum over the active channels of an input; false: none is active.
func (t *Task) lowestOf(input int) (nanos int64, anyActive bool) {
	lowest := &t.lowest[input]
	if lowest.holders > 0 {
		return lowest.nanos, true
	}
	*lowest = lowestWatermark{nanos: operator.EndOfTime}
	for i := range t.in {
		end := &t.in[i]
		if end.input != input || end.idle || end.Ended() {
			continue
		}
		if end.watermark < lowest.nanos {
			*lowest = lowestWatermark{nanos: end.watermark}
		}
		if end.watermark == lowest.nanos {
			lowest.holders++
		}
	}
	return lowest.nanos, lowest.holders > 0
}

// combineWatermarks gives the chain the minimum over the channels of an input (Flink:
// StatusWatermarkValve).
func (t *Task) combineWatermarks(c *sim.Context, changed *inputEnd) {
	lowest, anyActive := t.lowestOf(changed.input)
	if anyActive == t.inactive[changed.input] {
		t.inactive[changed.input] = !anyActive
		t.statusChanged(c, changed.input, lowest)
		return
	}
	if anyActive {
		t.advanceWatermark(c, changed.input, lowest)
	}
}

// statusChanged tells the chain that an input went idle or came back.
func (t *Task) statusChanged(c *sim.Context, input int, lowest int64) {
	status := record.TagActive
	if t.inactive[input] {
		status = record.TagIdle
	}
	before := t.chain.WatermarkNanos()
	t.chain.ClockNanos = c.ClockNanos()
	t.chain.Status(input, status, operator.Unlimited)
	t.tellClock(c)
	t.tellStatus(c, input)
	t.tellWatermark(c, before)
	t.reportLate(c)
	t.emitChain(c, func(t *Task, c *sim.Context) {
		if !t.inactive[input] {
			t.advanceWatermark(c, input, lowest)
		}
	})
}

// advanceWatermark fires what is due at an input's new watermark.
func (t *Task) advanceWatermark(c *sim.Context, input int, nanos int64) {
	if t.throwsAt(c, protocol.CallbackWatermark) {
		return
	}
	before := t.chain.WatermarkNanos()
	t.chain.ClockNanos = c.ClockNanos()
	t.chain.Watermark(input, nanos, operator.Unlimited)
	if t.timerThrows(c) {
		return
	}
	t.tellClock(c)
	t.tellWatermark(c, before)
	t.reportLate(c)
	t.armProcessingTimer(c)
	t.emitChain(c, nil)
}

// tellWatermark tells the task's watermark if it is not what it was.
func (t *Task) tellWatermark(c *sim.Context, before int64) {
	if now := t.chain.WatermarkNanos(); now != before {
		c.Emit(uint16(protocol.WatermarkAdvanced), int64(t.id), now, 0, 0, 0, 0)
	}
}
