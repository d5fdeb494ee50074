package job

import (
	"simrun/protocol"
	"simrun/sim"
)

// Config are the Flink options of a job, resolved: defaults, cluster and job layers are
// merged. A field's comment names its option; the defaults are Flink's.
type Config struct {
	Protocol protocol.Name
	// Machine, if not nil, makes the machine of each task instead of Protocol's own; Protocol
	// still says how barriers are stamped and what is promised.
	Machine func(protocol.TaskShape) protocol.Machine
	// Checkpointing are the coordinator's options (execution.checkpointing.*).
	Checkpointing protocol.CoordinatorOptions
	// AlignedTimeoutNanos: execution.checkpointing.aligned-checkpoint-timeout.
	AlignedTimeoutNanos int64
	// CheckpointsAfterTasksFinish: execution.checkpointing.checkpoints-after-tasks-finish.
	CheckpointsAfterTasksFinish bool
	// DataInlineThresholdBytes: execution.checkpointing.data-inline-threshold.
	DataInlineThresholdBytes int64
	// Storage: execution.checkpointing.storage.
	Storage Storage
	// HighAvailability: high-availability.type.
	HighAvailability HighAvailability
	// ForceExactlyOnce runs exactly-once on a source that cannot rewind (unsafe).
	ForceExactlyOnce bool

	Network Network
	Restart protocol.RestartOptions
	Failure Failure

	// BufferTimeoutNanos: execution.buffer-timeout.interval; 0 flushes every record,
	// negative never flushes partial buffers.
	BufferTimeoutNanos int64
	// WatermarkIntervalNanos: pipeline.auto-watermark-interval.
	WatermarkIntervalNanos int64
	// Chaining: pipeline.operator-chaining.enabled.
	Chaining bool
	// NoSlotSharing gives every vertex a slot-sharing group of its own: each subtask needs
	// a slot for itself.
	NoSlotSharing bool
	// MaxParallelism: pipeline.max-parallelism; 0 derives it.
	MaxParallelism int
	// ObjectReuse and the like have no effect in the model and do not exist.

	Costs Costs

	// Bug is the planted bug of the run (runtime.Options.Bug); NoBug in a healthy one.
	Bug protocol.Bug
}

// Storage says where checkpoints are kept.
type Storage uint8

const (
	// StorageObjectStore: execution.checkpointing.storage filesystem.
	StorageObjectStore Storage = iota
	// StorageJobManager: execution.checkpointing.storage jobmanager; in the job
	// manager's heap, at most MaxJobManagerStateBytes per state; lost with it.
	StorageJobManager
)

// MaxJobManagerStateBytes is Flink's JobManagerCheckpointStorage.DEFAULT_MAX_STATE_SIZE.
const MaxJobManagerStateBytes = 5 << 20

// HighAvailability says where the job manager's memory is.
type HighAvailability uint8

const (
	// HighAvailabilityStore keeps pointers and the id counter in a replicated store, so
	// that a standby can take over.
	HighAvailabilityStore HighAvailability = iota
	// HighAvailabilityNone keeps them in memory: a job manager's crash loses the job's
	// checkpoints (unsafe).
	HighAvailabilityNone
)

// Network are the options of the data plane (flink reference 1.7, 2.9).
type Network struct {
	SegmentSizeBytes       int32 // taskmanager.memory.segment-size
	ExclusiveBuffers       int32 // per channel
	FloatingBuffers        int32 // per gate
	MaxBuffersPerChannel   int32 // per output subpartition
	MaxOverdraftBuffers    int32 // per result partition
	OutputFloatingBuffers  int32 // per result partition, beside ExclusiveBuffers per subpartition
	Debloat                bool  // taskmanager.network.memory.buffer-debloat.enabled
	DebloatTargetNanos     int64
	DebloatPeriodNanos     int64
	DebloatSamples         int32
	DebloatThresholdPct    int32
	MinSegmentSizeBytes    int32
	StartSegmentSizeBytes  int32
	SubtasksPerChannelFile int32 // execution.checkpointing.unaligned.max-subtasks-per-channel-state-file
}

// Failure are the options of failure detection and cancellation.
type Failure struct {
	HeartbeatIntervalNanos int64 // heartbeat.interval
	HeartbeatTimeoutNanos  int64 // heartbeat.timeout
	CancelTimeoutNanos     int64 // task.cancellation.timeout
	// LeaseDurationNanos, LeaseRetryNanos:
	// high-availability.kubernetes.leader-election.lease-duration and .retry-period. A leader
	// renews its lease, and the others look at it, every LeaseRetryNanos; 0 are Flink's
	// defaults.
	LeaseDurationNanos, LeaseRetryNanos int64
}

// Costs are what the model charges beyond what options say; every one is explained in
// docs/model.md.
type Costs struct {
	RPC                  sim.Distribution // one control message's handling, besides the network
	DeployNanos          int64            // of a task, at its task manager
	OpenNanos            int64            // of a task's operators
	RestorePicosPerByte  int64            // reading state back, beside the store's bandwidth
	SnapshotNanos        int64            // CPU from what starts a snapshot to the barriers it sends
	SyncBaseNanos        int64            // synchronous part of a snapshot
	SyncPicosPerByte     int64
	AsyncNanos           int64 // CPU of a snapshot's asynchronous part
	StatePicosPerByte    int64 // CPU per byte of state that it turns into bytes to write
	InFlightPicosPerByte int64 // CPU per byte of in-flight data that it writes
	AcknowledgeNanos     int64 // CPU of an acknowledgement
	SerializePicosPerB   int64 // per byte emitted
	DeserializePicosPB   int64 // per byte consumed
	NetworkPicosPerByte  int64 // CPU of the network stack per byte of data, at each end of a remote channel
	RecordNanos          int64 // CPU per record and operator, besides the operator's own
	FinalizeNanos        int64 // completing a checkpoint at the coordinator
}

// DefaultNetwork are Flink's defaults.
func DefaultNetwork() Network {
	return Network{
		SegmentSizeBytes: 32 << 10, ExclusiveBuffers: 2, FloatingBuffers: 8,
		MaxBuffersPerChannel: 10, MaxOverdraftBuffers: 5, OutputFloatingBuffers: 8,
		DebloatTargetNanos: 1e9, DebloatPeriodNanos: 200e6, DebloatSamples: 20,
		DebloatThresholdPct: 25, MinSegmentSizeBytes: 256, StartSegmentSizeBytes: 1 << 10,
		SubtasksPerChannelFile: 5,
	}
}
