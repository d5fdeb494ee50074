package protocol

import (
	"fmt"
	"math"
)

// EverySequence is a QueuedData.BeforeSequence that covers the whole queue.
const EverySequence int64 = math.MaxInt64

// QueuedData says which data of an input channel belongs to a checkpoint at the moment
// in which its recording starts, in the order in which it is to be recorded.
type QueuedData struct {
	// HalfRead: first the bytes of the record that the task has read in part from this
	// channel (Flink: StreamTaskNetworkInput.prepareSnapshot).
	HalfRead bool
	// BeforeSequence: then the queued data buffers, not events, whose sequence number is
	// smaller. EverySequence: all of them.
	BeforeSequence int64
}

// ChannelStatePersister decides, for one input channel, what of its data belongs to a
// checkpoint: Flink's ChannelStatePersister together with the last barrier that
// RemoteInputChannel remembers (reference 2.8). The zero value is ready to use. Every
// method that the channel calls when something arrives takes O(1) and allocates nothing.
type ChannelStatePersister struct {
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug Bug

	status   persistStatus
	lastSeen CheckpointID
	// arrived and arrivedSequence are the newest barrier that arrived and was neither
	// started for nor given up, and its place in the channel.
	arrived         CheckpointID
	arrivedSequence int64
}

type persistStatus uint8

const (
	persistCompleted persistStatus = iota
	persistBarrierPending
	persistBarrierReceived
)

// Start begins the recording for checkpoint id (Flink: checkpointStarted and
// startPersisting). It is false, and nothing is to be recorded, when a barrier of a
// newer checkpoint has arrived already; the host then feeds InputSubsumed.
func (p *ChannelStatePersister) Start(id CheckpointID) (QueuedData, bool) {
	if p.arrived > id || p.status == persistBarrierReceived && p.lastSeen > id {
		return QueuedData{}, false
	}
	queued := QueuedData{HalfRead: true, BeforeSequence: EverySequence}
	if p.arrived == id {
		queued.BeforeSequence = p.arrivedSequence
	} else {
		p.arrived = NoCheckpoint // an older one, whose place means nothing for id
	}
	if p.lastSeen < id || p.Bug == BugPersistsBehindBarrier {
		p.status = persistBarrierPending
		p.lastSeen = id
	}
	return queued, true
}

// OnBarrier tells of the arrival of a barrier, in line or overtaking, with its sequence
// number (Flink: checkForBarrier). It comes before any data that arrives later. One of a
// checkpoint that is over here is ignored (FLINK-20645: it was not, and the next
// checkpoint lost its buffers).
func (p *ChannelStatePersister) OnBarrier(id CheckpointID, sequence int64) {
	if p.status == persistCompleted && id <= p.lastSeen || id < p.lastSeen {
		if p.Bug == BugLateBarrierAccepted {
			p.lastSeen = id + 1
		}
		return
	}
	p.status = persistBarrierReceived
	p.lastSeen = id
	if id > p.arrived {
		p.arrived = id
		p.arrivedSequence = sequence
	}
}

// ShouldPersist reports whether a data buffer that arrives now belongs to the checkpoint
// that was started, and to which (Flink: maybePersist).
func (p *ChannelStatePersister) ShouldPersist() (CheckpointID, bool) {
	return p.lastSeen, p.status == persistBarrierPending
}

// Stop ends the recording for checkpoint id, completed or given up (Flink:
// checkpointStopped and stopPersisting).
func (p *ChannelStatePersister) Stop(id CheckpointID) {
	if id >= p.lastSeen {
		p.status = persistCompleted
		p.lastSeen = id
	}
	if p.arrived == id {
		p.arrived = NoCheckpoint
	}
}

// BarrierArrived reports whether the barrier of checkpoint id has arrived and is
// remembered: only then can it be moved to the front (EffectPrioritize).
func (p *ChannelStatePersister) BarrierArrived(id CheckpointID) bool {
	return p.status == persistBarrierReceived && p.lastSeen == id
}

// String is the status and the ids, for scripts and stuck reports.
func (p *ChannelStatePersister) String() string {
	status := [...]string{"completed", "barrier-pending", "barrier-received"}[p.status]
	return fmt.Sprintf("%s last-seen=%d arrived=%d", status, p.lastSeen, p.arrived)
}
