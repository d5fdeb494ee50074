package step

import (
	"simrun/protocol"
	"simrun/sim"
)

// Watch is told of every step of a run. It may crash whoever makes it.
type Watch func(c *sim.Context, at protocol.StepReached)

// Hook is where all parts of one system announce their steps. The zero value, and nil,
// have nobody watching.
type Hook struct{ watch Watch }

// Set has every step from now on told to watch; nil to nobody.
func (h *Hook) Set(watch Watch) { h.watch = watch }

// Before announces a step that is about to be made. True: the process that was to make it
// has crashed, and it is not made.
func (h *Hook) Before(
	c *sim.Context, step protocol.Step, task protocol.TaskID, checkpoint protocol.CheckpointID,
) (over bool) {
	return h.at(c, step, protocol.Before, task, checkpoint)
}

// After announces a step that has been made. True: the process that made it has crashed.
func (h *Hook) After(
	c *sim.Context, step protocol.Step, task protocol.TaskID, checkpoint protocol.CheckpointID,
) (over bool) {
	return h.at(c, step, protocol.After, task, checkpoint)
}

func (h *Hook) at(c *sim.Context, step protocol.Step, moment protocol.Moment,
	task protocol.TaskID, checkpoint protocol.CheckpointID) bool {
	if h == nil || h.watch == nil {
		return false
	}
	if c.Crashed() {
		return true
	}
	h.watch(c, protocol.StepReached{Step: step, Moment: moment, Task: task, Checkpoint: checkpoint})
	return c.Crashed()
}
