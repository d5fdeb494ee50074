package protocol

// SubtaskStats are the checkpoint metrics of one subtask, by Flink's names and
// definitions (reference 3). Times are nanoseconds of virtual time.
type SubtaskStats struct {
	Task                  TaskID
	EndToEndNanos         int64 // acknowledgement received - trigger
	StartDelayNanos       int64 // first barrier - trigger
	AlignmentNanos        int64 // first barrier - last barrier
	SyncNanos             int64
	AsyncNanos            int64
	ProcessedBytes        int64 // consumed between first and last barrier
	PersistedBytes        int64 // channel state, input and output
	PersistedInputBytes   int64
	PersistedOutputBytes  int64
	CheckpointedBytes     int64 // state and channel state uploaded for this checkpoint
	ChannelStateNanos     int64 // time spent writing channel state
	SnapshotStartedNanos  int64 // absolute: when the local snapshot began
	ChannelStateDoneNanos int64 // absolute: when the last in-flight byte was known
}

// CheckpointStatus is how a checkpoint ended.
type CheckpointStatus uint8

const (
	CheckpointInProgress CheckpointStatus = iota
	CheckpointSucceeded
	CheckpointFailed
)

// CheckpointStats is the history entry of one checkpoint.
type CheckpointStats struct {
	ID             CheckpointID
	Status         CheckpointStatus
	Reason         FailureReason // of a failed one
	Attempt        Attempt
	TriggerNanos   int64
	EndToEndNanos  int64 // last acknowledgement - trigger; of a failed one: end - trigger
	CompletedNanos int64 // absolute; metadata stored
	// InFlightBytes and InFlightRecords are what was in all channels at the trigger,
	// and BottleneckRecords the most of them that any one sink subtask had to take: the
	// inputs of the closed forms (reference protocols.md 5.2).
	InFlightBytes     int64
	InFlightRecords   int64
	BottleneckNanos   int64
	CheckpointedBytes int64
	ProcessedBytes    int64
	PersistedBytes    int64
	Subtasks          []SubtaskStats // of those that acknowledged, by TaskID
}

// Expired reports whether the checkpoint ran into its timeout.
func (c *CheckpointStats) Expired() bool {
	return c.Status == CheckpointFailed && c.Reason == CheckpointExpired
}
