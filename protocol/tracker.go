package protocol

import "fmt"

// maxTrackedCheckpoints bounds the pending counts of a BarrierTracker; on overflow the
// oldest is dropped (Flink: CheckpointBarrierTracker.MAX_CHECKPOINTS_TO_TRACK).
const maxTrackedCheckpoints = 50

// BarrierTracker is Flink's CheckpointBarrierTracker (reference 2.5): it counts the
// barriers of each checkpoint, blocks nothing and snapshots at the last one. Records
// from behind a fast channel's barrier are in the snapshot and will be replayed as well:
// at least once, never lost.
type BarrierTracker struct {
	shape     TaskShape
	open      int
	ended     channelSet
	latest    CheckpointID   // newest seen (latestPendingCheckpointID)
	pending   []barrierCount // ascending ids; capacity fixed, tails keep their sets
	snapshots localSnapshots
	nowNanos  int64
}

// barrierCount is Flink's CheckpointBarrierCount.
type barrierCount struct {
	id      CheckpointID
	barrier Barrier // zero for an entry that began with a cancel marker
	aligned channelSet
	target  int
	aborted bool
}

// NewBarrierTracker makes the tracker of one task.
func NewBarrierTracker(shape TaskShape) *BarrierTracker {
	t := &BarrierTracker{
		shape:     shape,
		ended:     newChannelSet(shape.Channels),
		pending:   make([]barrierCount, maxTrackedCheckpoints+1),
		snapshots: newLocalSnapshots(shape.Task),
	}
	for i := range t.pending {
		t.pending[i].aligned = newChannelSet(shape.Channels)
	}
	t.Reset()
	return t
}

// Reset makes the tracker as new; nothing is allocated.
func (t *BarrierTracker) Reset() {
	t.open = t.shape.Channels
	t.ended.clear()
	t.latest = NoCheckpoint
	t.pending = t.pending[:0]
	t.snapshots.reset()
}

// Step is Machine.Step. It panics when the host breaks its duties.
func (t *BarrierTracker) Step(in Input, out *Effects) {
	t.nowNanos = in.NowNanos
	switch in.Kind {
	case InputTrigger:
		t.triggered(in.Barrier, out)
	case InputBarrier:
		t.assertDelivers(in.Channel, in.Barrier.ID)
		t.barrier(in.Channel, in.Barrier, out)
	case InputCancelMarker:
		t.assertDelivers(in.Channel, in.Checkpoint)
		t.cancelMarker(in.Channel, in.Checkpoint, out)
	case InputEndOfPartition:
		t.endOfPartition(in.Channel, out)
	case InputAborted:
		t.snapshots.notifyAborted(in.Checkpoint)
	case InputAnnouncement, InputTimer, InputCompleted, InputSubsumed:
		// Nothing here is ever timed out, converted or recorded.
	default:
		t.fail(NoChannel, in.Checkpoint, fmt.Sprintf("unknown input kind %d", in.Kind))
	}
}

func (t *BarrierTracker) triggered(b Barrier, out *Effects) {
	if t.open == 0 {
		if b.ID > t.snapshots.last {
			t.assertAccepts(NoChannel, b)
			t.latest = max(t.latest, b.ID)
			t.notifyCheckpoint(b, out)
		}
		return
	}
	for ch := ChannelIndex(0); int(ch) < t.shape.Channels; ch++ {
		if !t.ended.has(ch) {
			t.barrier(ch, b, out)
		}
	}
}

func (t *BarrierTracker) barrier(ch ChannelIndex, b Barrier, out *Effects) {
	t.assertAccepts(ch, b)
	if b.ID > t.latest && t.open == 1 { // fast path: nobody else to wait for
		t.latest = b.ID
		t.pending = t.pending[:0]
		out.Add(Effect{Kind: EffectAlignmentStarted, Checkpoint: b.ID})
		out.Add(Effect{Kind: EffectAlignmentEnded, Checkpoint: b.ID})
		t.notifyCheckpoint(b, out)
		return
	}
	if at := t.find(b.ID); at >= 0 {
		t.pending[at].aligned.add(ch)
		t.checkComplete(at, out)
		return
	}
	if b.ID <= t.latest {
		return // completed, subsumed or dropped already
	}
	out.Add(Effect{Kind: EffectAlignmentStarted, Checkpoint: b.ID})
	t.latest = b.ID
	t.track(b.ID, ch).barrier = b
}

// cancelMarker aborts the checkpoint and every older one that is still pending, each
// once. The entry stays, to swallow the barriers and markers that are still to come.
func (t *BarrierTracker) cancelMarker(ch ChannelIndex, id CheckpointID, out *Effects) {
	if id > t.latest && t.open == 1 {
		t.latest = id
		t.abortOlder(id, out)
		t.snapshots.decline(id, CheckpointDeclinedOnCancellationBarrier, out)
		return
	}
	t.abortOlder(id, out)
	switch {
	case len(t.pending) > 0 && t.pending[0].id == id:
		t.abort(&t.pending[0], CheckpointDeclinedOnCancellationBarrier, out)
		t.pending[0].aligned.add(ch)
		t.checkComplete(0, out)
	case id > t.latest:
		t.latest = id
		t.snapshots.decline(id, CheckpointDeclinedOnCancellationBarrier, out)
		t.track(id, ch).aborted = true
	}
}

func (t *BarrierTracker) abortOlder(id CheckpointID, out *Effects) {
	for len(t.pending) > 0 && t.pending[0].id < id {
		t.abort(&t.pending[0], CheckpointDeclinedOnCancellationBarrier, out)
		t.dropThrough(0)
	}
}

func (t *BarrierTracker) abort(c *barrierCount, reason FailureReason, out *Effects) {
	if c.aborted {
		return
	}
	c.aborted = true
	t.snapshots.decline(c.id, reason, out)
}

// endOfPartition counts for every pending checkpoint. Of those that become complete only
// the newest is triggered: its snapshot makes the older ones worthless.
func (t *BarrierTracker) endOfPartition(ch ChannelIndex, out *Effects) {
	if int(ch) < 0 || int(ch) >= t.shape.Channels || !t.ended.add(ch) {
		t.fail(ch, t.latest, "end of partition on a channel that is not open")
	}
	t.open--
	if t.shape.DeclineAtEndOfPartition {
		for i := range t.pending {
			t.abort(&t.pending[i], CheckpointDeclinedInputEndOfStream, out)
		}
		t.pending = t.pending[:0]
		return
	}
	for i := range t.pending {
		t.pending[i].aligned.add(ch)
	}
	for at := len(t.pending) - 1; at >= 0; at-- {
		if t.checkComplete(at, out) {
			return
		}
	}
}

// checkComplete removes a checkpoint whose channels have all been heard of, and all
// older ones, and triggers it unless it was aborted.
func (t *BarrierTracker) checkComplete(at int, out *Effects) bool {
	if t.pending[at].aligned.count < t.pending[at].target {
		return false
	}
	b, aborted := t.pending[at].barrier, t.pending[at].aborted
	t.dropThrough(at)
	if aborted {
		return true
	}
	if b.ID == t.latest { // only one alignment is measured at a time
		out.Add(Effect{Kind: EffectAlignmentEnded, Checkpoint: b.ID})
	}
	t.notifyCheckpoint(b, out)
	return true
}

func (t *BarrierTracker) notifyCheckpoint(b Barrier, out *Effects) {
	if !t.snapshots.isAborted(b.ID) {
		out.Add(Effect{Kind: EffectInputsDone, Checkpoint: b.ID})
	}
	t.snapshots.trigger(b, out)
}

func (t *BarrierTracker) find(id CheckpointID) int {
	for i := range t.pending {
		if t.pending[i].id == id {
			return i
		}
	}
	return -1
}

// track appends the count of a checkpoint that is newer than all pending ones.
func (t *BarrierTracker) track(id CheckpointID, ch ChannelIndex) *barrierCount {
	if len(t.pending) == maxTrackedCheckpoints {
		t.dropThrough(0)
	}
	t.pending = t.pending[:len(t.pending)+1]
	c := &t.pending[len(t.pending)-1]
	c.id, c.barrier, c.target, c.aborted = id, Barrier{}, t.open, false
	c.aligned.clear()
	c.aligned.add(ch)
	return c
}

// dropThrough removes the entries up to at, and keeps their sets behind the end.
func (t *BarrierTracker) dropThrough(at int) {
	n := at + 1
	for i := n; i < len(t.pending); i++ {
		t.pending[i-n], t.pending[i] = t.pending[i], t.pending[i-n]
	}
	t.pending = t.pending[:len(t.pending)-n]
}

func (t *BarrierTracker) assertDelivers(ch ChannelIndex, id CheckpointID) {
	switch {
	case ch < 0 || int(ch) >= t.shape.Channels:
		t.fail(ch, id, fmt.Sprintf("no such channel among %d", t.shape.Channels))
	case t.ended.has(ch):
		t.fail(ch, id, "delivered something after its end")
	}
}

func (t *BarrierTracker) assertAccepts(ch ChannelIndex, b Barrier) {
	if b.ID <= NoCheckpoint || b.Alignment != AlignmentAtLeastOnce {
		t.fail(ch, b.ID, fmt.Sprintf("barrier %q does not belong to at-least-once", b.String()))
	}
}

func (t *BarrierTracker) fail(ch ChannelIndex, id CheckpointID, what string) {
	panic(fmt.Sprintf("protocol: task %d channel %d checkpoint %d at %d ns: %s [%s]",
		t.shape.Task, ch, id, t.nowNanos, what, t.String()))
}
