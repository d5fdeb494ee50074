package protocol

import "fmt"

// maxRecordedAborts bounds the aborts that are remembered before their barrier came
// (Flink: SubtaskCheckpointCoordinatorImpl.DEFAULT_MAX_RECORD_ABORTED_CHECKPOINTS).
const maxRecordedAborts = 128

// localSnapshots decides, once a task's barriers say "now", whether the snapshot is
// really taken: the front of Flink's SubtaskCheckpointCoordinatorImpl.checkpointState
// (reference 2.6 steps 1 and 2) together with its memory of aborts.
//
// The memory answers this interleaving: (1) the coordinator aborts checkpoint n and
// tells this task; (2) a barrier of n, emitted before its sender knew, arrives here;
// (3) were it met with silence, the tasks downstream that have a barrier of n from
// somebody else would keep that channel blocked until n+1. So (2) is answered with a
// cancel marker.
type localSnapshots struct {
	task    TaskID
	last    CheckpointID
	passed  CheckpointID   // newest that was answered with a cancel marker
	aborted []CheckpointID // ascending
}

func newLocalSnapshots(task TaskID) localSnapshots {
	return localSnapshots{task: task, aborted: make([]CheckpointID, 0, maxRecordedAborts)}
}

func (l *localSnapshots) reset() {
	l.last, l.passed = NoCheckpoint, NoCheckpoint
	l.aborted = l.aborted[:0]
}

// trigger takes the snapshot of b, or passes on that it was aborted.
func (l *localSnapshots) trigger(b Barrier, out *Effects) {
	if b.ID <= l.last {
		panic(fmt.Sprintf("protocol: task %d triggers checkpoint %d twice or after %d",
			l.task, b.ID, l.last))
	}
	aborted := l.isAborted(b.ID)
	l.advance(b.ID)
	if aborted {
		l.passed = b.ID
		out.Add(Effect{Kind: EffectForwardCancel, Checkpoint: b.ID})
		return
	}
	out.Add(Effect{Kind: EffectSnapshot, Checkpoint: b.ID, Barrier: b})
}

// decline tells the coordinator and everybody downstream that id ends here
// (Flink: abortCheckpointOnBarrier), unless they know it already.
func (l *localSnapshots) decline(id CheckpointID, reason FailureReason, out *Effects) {
	if id == l.passed {
		return
	}
	l.advance(id)
	out.Add(Effect{Kind: EffectDecline, Checkpoint: id, Reason: reason})
}

// notifyAborted remembers the abort of a checkpoint that was not triggered here yet; of
// too many, the oldest is forgotten.
func (l *localSnapshots) notifyAborted(id CheckpointID) {
	if id <= l.last || l.isAborted(id) {
		return
	}
	if len(l.aborted) == maxRecordedAborts {
		if id < l.aborted[0] {
			return
		}
		l.dropFirst(1)
	}
	l.aborted = append(l.aborted, id)
	for i := len(l.aborted) - 1; i > 0 && l.aborted[i-1] > id; i-- {
		l.aborted[i], l.aborted[i-1] = l.aborted[i-1], l.aborted[i]
	}
}

func (l *localSnapshots) isAborted(id CheckpointID) bool {
	for _, aborted := range l.aborted {
		if aborted == id {
			return true
		}
	}
	return false
}

// advance moves the last decided id on and forgets aborts that can matter no more.
func (l *localSnapshots) advance(id CheckpointID) {
	l.last = max(l.last, id)
	stale := 0
	for stale < len(l.aborted) && l.aborted[stale] <= l.last {
		stale++
	}
	l.dropFirst(stale)
}

func (l *localSnapshots) dropFirst(n int) {
	l.aborted = l.aborted[:copy(l.aborted, l.aborted[n:])]
}
