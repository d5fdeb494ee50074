package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// Watermarks holds that event time never goes backwards at a task within an attempt. A
// restore may reset it, as in Flink. The interleaving that it is for:
//
//  1. channel 0 brings watermark 50, channel 1 watermark 40: the task is at 40;
//  2. channel 1 goes idle: the task is at 50;
//  3. channel 1 becomes active again, still at 40, and the minimum is taken anew;
//  4. the task emits watermark 40 after 50, and windows that fired fire again.
type Watermarks struct {
	tasks lanes[watermark]
}

type watermark struct{ last sim.Event }

// NewWatermarks makes the checker.
func NewWatermarks() *Watermarks { return &Watermarks{} }

// Name is "watermarks".
func (w *Watermarks) Name() string { return "watermarks" }

// Kinds are the watermarks.
func (w *Watermarks) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.WatermarkAdvanced}
}

// Reset forgets all tasks.
func (w *Watermarks) Reset(s *Setup) { w.tasks.reset(countTasks(s)) }

// Observe compares a task's watermark with its last one.
func (w *Watermarks) Observe(e *sim.Event, r *Report) {
	h, task := r.History(), e.Args[0]
	if !h.knows(task) {
		return
	}
	mark, fresh := w.tasks.at(int32(task), h.AttemptOf(e, task))
	if mark == nil {
		return
	}
	if !fresh && e.Args[1] < mark.last.Args[1] {
		r.Violate(WatermarkRegression, h.role(task), fmt.Sprintf("%s: watermark %d came after %d",
			h.name(task), e.Args[1], mark.last.Args[1]), mark.last, *e)
	}
	mark.last = *e
}

// Finish has nothing to add.
func (w *Watermarks) Finish(*End, *Report) {}
