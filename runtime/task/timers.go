package task

import (
	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// ownTimers are the timers that a task has set for itself.
type ownTimers struct {
	alignment   sim.TimerID
	alignmentOf protocol.CheckpointID
	processing  sim.TimerID
	processAt   int64
	source      sim.TimerID
	debloaters  []*network.Debloater
	debloatedAt int64
}

// startTimers arms what runs for as long as the task does.
func (t *Task) startTimers(c *sim.Context) {
	t.armFlush(c)
	t.armProcessingTimer(c)
	if t.source != nil {
		t.source.start(t, c)
	}
	if t.network.Debloat && len(t.gates) > 0 {
		for range t.gates {
			t.timers.debloaters = append(t.timers.debloaters, network.NewDebloater(t.network))
		}
		t.timers.debloatedAt = c.NowNanos()
		c.After(t.network.DebloatPeriodNanos, sim.Message{Kind: rpc.DebloatTimer, Housekeeping: true})
	}
}

// armProcessingTimer wakes the task at the chain's next processing-time timer.
func (t *Task) armProcessingTimer(c *sim.Context) {
	at, ok := t.chain.NextProcessingTimer()
	if !ok || t.timers.processing != sim.NoTimer && t.timers.processAt <= at {
		return
	}
	c.Cancel(t.timers.processing)
	t.timers.processAt = at
	t.timers.processing = c.After(max(0, at-c.ClockNanos()), sim.Message{Kind: rpc.ProcessingTimer})
}

// processingTimer fires what is due and writes what that emits. Timers that a finished
// chain left behind no longer matter.
func (t *Task) processingTimer(c *sim.Context) {
	t.timers.processing = sim.NoTimer
	if t.finish.done {
		return
	}
	t.tellTaken(c)
	if n := t.chain.FireProcessingTimers(c.ClockNanos(), operator.Unlimited); n > 0 {
		c.Emit(uint16(protocol.ProcessingTimersFired), int64(t.id), c.ClockNanos(), int64(n), 0, 0, 0)
	}
	if t.timerThrows(c) {
		return
	}
	t.witness.reads = t.witness.reads[:0] // it is the same clock
	t.reportLate(c)
	t.emitChain(c, (*Task).armProcessingTimer)
}

// debloat sizes the gates' buffers by what was consumed while the task had input.
func (t *Task) debloat(c *sim.Context) {
	now := c.NowNanos()
	busy := now - t.timers.debloatedAt - t.env.Metrics.takeIdle(t, now)
	t.timers.debloatedAt = now
	for g, d := range t.timers.debloaters {
		size, changed := d.Update(t.serve.consumedBytes, busy, t.gates[g].BuffersInUse())
		if !changed {
			continue
		}
		c.Emit(uint16(protocol.BufferSizeChanged), int64(t.id), int64(g), int64(size), 0, 0, 0)
		for _, ch := range t.gates[g].Channels {
			t.toProducer(c, &t.in[ch.Index], sim.Message{Kind: rpc.NewBufferSize, B: int64(size)})
		}
	}
	t.serve.consumedBytes = 0
	c.After(t.network.DebloatPeriodNanos, sim.Message{Kind: rpc.DebloatTimer, Housekeeping: true})
}
