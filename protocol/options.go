package protocol

import "fmt"

// CheckpointRequest is one checkpoint as the coordinator is about to trigger it.
type CheckpointRequest struct {
	ID           CheckpointID
	TriggerNanos int64
	// AlignedTimeoutNanos is execution.checkpointing.aligned-checkpoint-timeout; only
	// the hybrid protocols heed it, and 0 makes them start unaligned, as in Flink.
	AlignedTimeoutNanos int64
	Savepoint           bool
}

// Options stamps the barrier of a checkpoint (Flink: CheckpointOptions.forConfig,
// reference 2.1). Rules in order: at-least-once mode; savepoints are aligned and never
// switch; no unaligned, no timeout; no timeout given, unaligned; else timeoutable. It
// panics for a protocol that takes no checkpoints and for a request without id.
func Options(name Name, request CheckpointRequest) Barrier {
	policy := PolicyOf(name)
	if !policy.Checkpoints || request.ID <= NoCheckpoint {
		panic(fmt.Sprintf("protocol: %q cannot trigger checkpoint %d", string(name), request.ID))
	}
	b := Barrier{
		ID:           request.ID,
		TriggerNanos: request.TriggerNanos,
		TimeoutNanos: NoTimeout,
		Savepoint:    request.Savepoint,
	}
	switch {
	case policy.TracksOnly():
		b.Alignment = AlignmentAtLeastOnce
	case request.Savepoint, !policy.Alternates():
		b.Alignment = AlignmentAligned
	case !policy.Overtake:
		b.Alignment = AlignmentInline
	case policy.RecordOnFirst, request.AlignedTimeoutNanos <= 0:
		b.Alignment = AlignmentUnaligned
	default:
		b.Alignment = AlignmentAligned
		b.TimeoutNanos = request.AlignedTimeoutNanos
	}
	return b
}

// BarrierForEdge is the barrier as a task that took its snapshot for b emits it over one
// output edge. An edge without unaligned support (forward, broadcast, sink writer to
// committer) carries it forced-aligned; the next edge with support undoes that
// (Flink: RecordWriterOutput and SubtaskCheckpointCoordinatorImpl step 3, reference 2.6).
func BarrierForEdge(b Barrier, unalignedSupported bool) Barrier {
	if unalignedSupported {
		return b.WithUnalignedSupport()
	}
	return b.OnUnsupportedEdge()
}
