package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// RestoreRules holds that a restart takes the newest completed checkpoint, never one that
// was not completed, and that attempts are numbered upwards. The interleaving that it is
// for (FLINK-22502):
//
//  1. checkpoints 3 and 4 are completed; a task fails;
//  2. reading back the metadata of 4 fails for a moment;
//  3. the store skips what it cannot read and hands out 3;
//  4. what sinks committed with 4 is produced and committed again.
type RestoreRules struct {
	newest   protocol.CheckpointID
	evidence sim.Event
	attempt  int64
	last     sim.Event
}

// NewRestoreRules makes the checker.
func NewRestoreRules() *RestoreRules { return &RestoreRules{} }

// Name is "restore".
func (c *RestoreRules) Name() string { return "restore" }

// Kinds are completions and what is restored.
func (c *RestoreRules) Kinds() []protocol.EventKind {
	return []protocol.EventKind{protocol.CheckpointCompleted, protocol.JobRestored, protocol.MetadataLost}
}

// Reset forgets the run.
func (c *RestoreRules) Reset(s *Setup) { *c = RestoreRules{newest: s.RestoredFrom, attempt: -1} }

// Observe applies the rules to one event.
func (c *RestoreRules) Observe(e *sim.Event, r *Report) {
	switch protocol.EventKind(e.Kind) {
	case protocol.CheckpointCompleted:
		if id := protocol.CheckpointID(e.Args[0]); id > c.newest {
			c.newest, c.evidence = id, *e
		}
	case protocol.JobRestored:
		if !r.History().FormerLeader(e) { // what a deposed one starts is fenced
			c.restored(e, r)
		}
	case protocol.MetadataLost:
		r.Violate(Lost, "metadata", fmt.Sprintf(
			"checkpoint %d was completed and is gone", e.Args[0]), c.evidence, *e)
	}
}

func (c *RestoreRules) restored(e *sim.Event, r *Report) {
	id, h := protocol.CheckpointID(e.Args[1]), r.History()
	if e.Args[0] <= c.attempt {
		r.Violate(CoordinatorRule, "attempts-increase", fmt.Sprintf("attempt %d began after attempt %d",
			e.Args[0], c.attempt), c.last, *e)
	}
	c.attempt, c.last = e.Args[0], *e
	if id < c.newest {
		r.Violate(CoordinatorRule, "newest-completed", fmt.Sprintf(
			"attempt %d was restored from checkpoint %d; %d is complete",
			e.Args[0], id, c.newest), c.evidence, *e)
		return
	}
	if known := h.Checkpoint(id); id > c.newest && known != nil && !known.hadMetadata {
		r.Violate(CoordinatorRule, "completed-only", fmt.Sprintf(
			"attempt %d was restored from checkpoint %d, which was never completed",
			e.Args[0], id), known.Triggered, *e)
	}
	c.newest, c.evidence = id, *e
}

// Finish holds that what a failed job has kept can be read.
func (c *RestoreRules) Finish(end *End, r *Report) {
	for _, u := range end.Unreadable {
		r.Violate(Lost, "retained", fmt.Sprintf("checkpoint %d is retained and cannot be read: %s",
			u.Checkpoint, u.Reason), c.evidence)
	}
}
