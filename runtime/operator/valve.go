package operator

// Valve combines the watermarks and statuses of a gate's channels (Flink:
// StatusWatermarkValve): the minimum over channels that are active and aligned, that
// is, not behind what was put out while they were idle.
type Valve struct {
	channels []valveChannel
	out      valveOutput
	undo     []valveChange
	on       bool
}

type valveChannel struct {
	watermarkNanos int64
	idle, aligned  bool
}

type valveOutput struct {
	watermarkNanos int64
	idle           bool
}

// valveChange is what an input changed, as it was before.
type valveChange struct {
	channel int
	was     valveChannel
	out     valveOutput
}

// ValveEvent is what an input to the valve puts out: first the watermark, then the
// status, each only if its Has is set.
type ValveEvent struct {
	WatermarkNanos        int64
	HasWatermark          bool
	HasStatus, StatusIdle bool
}

// NewValve makes a valve of so many channels, all active and before any watermark.
func NewValve(channels int) *Valve {
	v := &Valve{channels: make([]valveChannel, channels)}
	v.Reset()
	return v
}

// Reset brings every channel back to its start.
func (v *Valve) Reset() {
	for i := range v.channels {
		v.channels[i] = valveChannel{watermarkNanos: NoWatermark, aligned: true}
	}
	v.out, v.undo, v.on = valveOutput{watermarkNanos: NoWatermark}, v.undo[:0], false
}

// Watermark takes a channel's watermark.
func (v *Valve) Watermark(channel int, nanos int64) (event ValveEvent) {
	c := &v.channels[channel]
	if c.idle || nanos <= c.watermarkNanos {
		return event
	}
	v.remember(channel)
	c.watermarkNanos = nanos
	c.aligned = c.aligned || nanos >= v.out.watermarkNanos
	v.putMinimum(&event)
	return event
}

// Status takes a channel's status.
func (v *Valve) Status(channel int, idle bool) (event ValveEvent) {
	c := &v.channels[channel]
	if c.idle == idle {
		return event
	}
	v.remember(channel)
	c.idle = idle
	if !idle {
		c.aligned = c.watermarkNanos >= v.out.watermarkNanos
		v.putStatus(false, &event)
		return event
	}
	c.aligned = false
	held := c.watermarkNanos == v.out.watermarkNanos
	switch {
	case v.anyActive():
		if held {
			v.putMinimum(&event)
		}
	default:
		// 1. Channel a is at 5, b at 9; 5 was put out. 2. b turns idle, then a. Nothing
		// holds 9 back any more: it is put out before the valve itself turns idle.
		if held {
			v.putMaximum(&event)
		}
		v.putStatus(true, &event)
	}
	return event
}

func (v *Valve) anyActive() bool {
	for i := range v.channels {
		if !v.channels[i].idle {
			return true
		}
	}
	return false
}

func (v *Valve) putMinimum(event *ValveEvent) {
	lowest, any := EndOfTime, false
	for i := range v.channels {
		if c := &v.channels[i]; c.aligned && !c.idle {
			lowest, any = min(lowest, c.watermarkNanos), true
		}
	}
	if any {
		v.put(lowest, event)
	}
}

func (v *Valve) putMaximum(event *ValveEvent) {
	highest := NoWatermark
	for i := range v.channels {
		highest = max(highest, v.channels[i].watermarkNanos)
	}
	v.put(highest, event)
}

func (v *Valve) put(nanos int64, event *ValveEvent) {
	if nanos > v.out.watermarkNanos {
		v.out.watermarkNanos = nanos
		event.WatermarkNanos, event.HasWatermark = nanos, true
	}
}

func (v *Valve) putStatus(idle bool, event *ValveEvent) {
	if v.out.idle != idle {
		v.out.idle = idle
		event.HasStatus, event.StatusIdle = true, idle
	}
}

// WatermarkNanos is the latest watermark that was put out.
func (v *Valve) WatermarkNanos() int64 { return v.out.watermarkNanos }

// Idle reports whether every channel is idle.
func (v *Valve) Idle() bool { return v.out.idle }

func (v *Valve) remember(channel int) {
	if v.on {
		v.undo = append(v.undo, valveChange{channel, v.channels[channel], v.out})
	}
}

// Begin starts to remember, so that inputs can be taken back.
func (v *Valve) Begin() { v.on = true }

// Mark names the present.
func (v *Valve) Mark() int { return len(v.undo) }

// Rollback takes back every input since the mark.
func (v *Valve) Rollback(to int) {
	for i := len(v.undo) - 1; i >= to; i-- {
		change := v.undo[i]
		v.channels[change.channel], v.out = change.was, change.out
	}
	v.undo = v.undo[:to]
}

// Commit makes everything since Begin final.
func (v *Valve) Commit() { v.undo, v.on = v.undo[:0], false }
