package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
)

// History records the control plane's part of a run for its reader. It is no part of the
// model: it survives every crash, costs nothing and steers nothing.
type History struct {
	// Limit bounds Checkpoints; the oldest go first. 0: no limit.
	Limit int
	// Checkpoints are the latest checkpoints, in order of their trigger.
	Checkpoints []*protocol.CheckpointStats
	// Triggered counts all checkpoints, Completed, Failed and Expired how they ended
	// (an expired one has failed, too); Skipped counts triggers that made none.
	Triggered, Completed, Failed, Expired, Skipped int64
	// Status is the job's, since StatusNanos.
	Status      protocol.JobStatus
	StatusNanos int64
	// Failures are the failures that ended attempts, and Starts the attempts.
	Failures []Failure
	Starts   []Start
	// Retained are the completed checkpoints that were not discarded, oldest first.
	Retained []*Metadata
	epoch    int64 // of the leader that set Status
	// Savepoints are all savepoints that completed; they are the user's.
	Savepoints []*Metadata
	memory     *Memory
	// inHeap: metadata is in the job manager's memory, not in the store.
	inHeap bool
	// finals are the last snapshots of tasks whose operators have finished.
	finals []*rpc.TaskSnapshot
}

// Failure is why an attempt ended.
type Failure struct {
	TimeNanos int64
	Attempt   protocol.Attempt
	// Task failed for Cause; it is NoTask when too many checkpoints failed, the last one
	// for Reason.
	Task   protocol.TaskID
	Cause  rpc.FailureCause
	Reason protocol.FailureReason
}

// Start is the deployment of an attempt from a checkpoint, or from scratch (NoCheckpoint).
type Start struct {
	TimeNanos  int64
	Attempt    protocol.Attempt
	Checkpoint protocol.CheckpointID
}

// NewHistory makes an empty history that keeps the last limit checkpoints (0: all). What is
// read back for its reader lies in the memory.
func NewHistory(limit int, memory *Memory) *History { return &History{Limit: limit, memory: memory} }

// Restarts is how often the job was deployed again.
func (h *History) Restarts() int { return max(len(h.Starts)-1, 0) }

// Latest is the newest checkpoint that could be restored; nil when there is none.
func (h *History) Latest() *Metadata {
	if len(h.Retained) == 0 {
		return nil
	}
	return h.Retained[len(h.Retained)-1]
}

// Find is the metadata of a retained checkpoint or savepoint, or nil.
func (h *History) Find(id protocol.CheckpointID) *Metadata {
	for _, m := range h.Retained {
		if m.Checkpoint == id {
			return m
		}
	}
	for _, m := range h.Savepoints {
		if m.Checkpoint == id {
			return m
		}
	}
	return nil
}

// status takes a leader's word for the job's status, unless a newer one has spoken.
func (h *History) status(nowNanos, epoch int64, status protocol.JobStatus) {
	if epoch >= h.epoch {
		h.epoch, h.Status, h.StatusNanos = epoch, status, nowNanos
	}
}

func (h *History) add(stats *protocol.CheckpointStats) {
	h.Triggered++
	h.Checkpoints = append(h.Checkpoints, stats)
	if h.Limit > 0 && len(h.Checkpoints) > h.Limit {
		h.Checkpoints = append(h.Checkpoints[:0], h.Checkpoints[1:]...)
	}
}

func (h *History) completed(hosted *hostedCheckpoint) {
	h.Completed++
	if hosted.metadata.Savepoint {
		h.Savepoints = append(h.Savepoints, hosted.metadata)
		return
	}
	// A former leader may tell late: (1) it writes the pointer of 2 and is paused; (2) its
	// successor finds 2, completes 3 and deletes 2; (3) the former leader wakes up and hears
	// that its write was done.
	if latest := h.Latest(); latest == nil || latest.Checkpoint < hosted.metadata.Checkpoint {
		h.Retained = append(h.Retained, hosted.metadata)
	}
}

func (h *History) aborted(hosted *hostedCheckpoint) {
	h.Failed++
	if hosted.stats.Expired() {
		h.Expired++
	}
}

func (h *History) discarded(id protocol.CheckpointID) {
	for i, m := range h.Retained {
		if m.Checkpoint == id {
			h.Retained = append(h.Retained[:i], h.Retained[i+1:]...)
			return
		}
	}
}

// found notes that a checkpoint was completed after all: the outcome of its last write
// had been unknown.
func (h *History) found(hosted *hostedCheckpoint) {
	if hosted.stats != nil {
		hosted.stats.Status, hosted.stats.Reason = protocol.CheckpointSucceeded, protocol.ReasonNone
	}
	h.Failed--
	h.completed(hosted)
}

// inProgress is the entry of a checkpoint that has not ended, or nil.
func (h *History) inProgress(id protocol.CheckpointID) *protocol.CheckpointStats {
	for _, stats := range h.Checkpoints {
		if stats.ID == id && stats.Status == protocol.CheckpointInProgress {
			return stats
		}
	}
	return nil
}

// recovered notes what a new leader found: only that can be restored from now on, and
// what was in flight has failed with its leader.
func (h *History) recovered(found []*hostedCheckpoint) {
	for _, stats := range h.Checkpoints {
		if stats.Status == protocol.CheckpointInProgress {
			stats.Status, stats.Reason = protocol.CheckpointFailed, protocol.CheckpointCoordinatorSuspend
			h.Failed++
		}
	}
	h.Retained = h.Retained[:0]
	for _, hosted := range found {
		h.Retained = append(h.Retained, hosted.metadata)
	}
}

func (h *History) restored(nowNanos int64, attempt protocol.Attempt, checkpoint protocol.CheckpointID) {
	h.Starts = append(h.Starts, Start{nowNanos, attempt, checkpoint})
}

func (h *History) failed(nowNanos int64, attempt protocol.Attempt, f failure) {
	h.Failures = append(h.Failures, Failure{nowNanos, attempt, f.task, f.cause, f.reason})
}

// finished keeps the last snapshot of a task whose operators have finished, unless it comes from a
// former leader: (1) a leader stands still before it hears of a snapshot; (2) its successor starts the
// job again, and hears of that attempt's last snapshot; (3) the first one wakes up, and hears of its own.
func (h *History) finished(epoch int64, task protocol.TaskID, snapshot *rpc.TaskSnapshot) {
	if epoch < h.epoch {
		return
	}
	for int(task) >= len(h.finals) {
		h.finals = append(h.finals, nil)
	}
	h.finals[task] = snapshot
}

func (h *History) last(task protocol.TaskID) *rpc.TaskSnapshot {
	if int(task) >= len(h.finals) {
		return nil
	}
	return h.finals[task]
}
