package task

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// before announces a step that the task is about to make. True: the task is over, by a
// fault at this step or by what came before; the step is not made, and the caller returns.
func (t *Task) before(c *sim.Context, s protocol.Step, id protocol.CheckpointID) (over bool) {
	if t.busy == ended {
		return true
	}
	return t.reached(c, t.env.Steps.Before(c, s, t.id, id))
}

// after announces a step that the task has made. True: the task is over, and the caller
// returns.
func (t *Task) after(c *sim.Context, s protocol.Step, id protocol.CheckpointID) (over bool) {
	if t.busy == ended {
		return true
	}
	return t.reached(c, t.env.Steps.After(c, s, t.id, id))
}

// reached ends the task at the very step at which a fault struck it. With its process gone
// nobody hears of it; alone, it fails as on an exception.
func (t *Task) reached(c *sim.Context, processGone bool) (over bool) {
	switch {
	case processGone:
		t.busy = ended
	case t.doomed:
		t.settleAhead(c)
		t.fail(c, rpc.CauseInjected)
	}
	return t.busy == ended
}

// Doom crashes the task at the step that it makes now, as soon as the step's watch returns.
func (t *Task) Doom() { t.doomed = true }

// restoredFrom is the checkpoint that the task was restored from.
func (t *Task) restoredFrom() protocol.CheckpointID {
	if t.d.Restore == nil {
		return protocol.NoCheckpoint
	}
	return t.d.Restore.Checkpoint
}
