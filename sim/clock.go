package sim

// clock is what a node takes for the time: right at synced but for offset, and since then
// too fast by drift parts in a million.
type clock struct {
	synced   int64
	offset   int64
	driftPPM int64
	jumped   int64 // of what it shows, what came by jumps
}

const million = 1_000_000

// read is what the clock shows at a true time.
func (c *clock) read(now int64) int64 {
	if c.driftPPM == 0 {
		return now + c.offset
	}
	return now + c.offset + Ratio{c.driftPPM, million}.Of(now-c.synced)
}

// trueDelay is the true time in which the clock advances by delay, rounded up.
func (c *clock) trueDelay(delay int64) int64 {
	if c.driftPPM == 0 || delay <= 0 {
		return delay
	}
	return scaleUp(uint64(delay), million, uint64(million+c.driftPPM))
}

// StepClock has the clock of a node jump, which may be back, and changes what it gains by so
// many parts per million. It panics if the clock would stand still or go back.
func (k *Kernel) StepClock(n NodeID, byNanos, driftPPM int64) {
	c := k.nodes[n].clock
	k.SetClock(n, c.read(k.now)-k.now+byNanos, c.driftPPM+driftPPM)
}

// ResetClock has the clock of a node show what it would without SetClock and StepClock.
func (k *Kernel) ResetClock(n NodeID) { k.jump(n, k.nodes[n].base) }

// jump gives a node another clock, and keeps what MonotonicNanos says going.
func (k *Kernel) jump(n NodeID, to clock) {
	c := &k.nodes[n].clock
	to.jumped = to.read(k.now) - (c.read(k.now) - c.jumped)
	*c = to
}

// SetClock sets the clock of a node: from now on it is off by offset, and gains drift
// parts per million (loses, if negative; more than -1,000,000). Timers that are set
// already keep their times.
func (k *Kernel) SetClock(n NodeID, offsetNanos, driftPPM int64) {
	if driftPPM <= -million {
		k.failf("a drift of %d ppm makes the clock of node %s stand still", driftPPM, k.nodes[n].name)
	}
	k.jump(n, clock{synced: k.now, offset: offsetNanos, driftPPM: driftPPM})
}
