package rpc

// Kind numbers the messages; it is the Kind of a sim.Message. A, B, C, D are named in
// the comment, then the body's type.
type Kind = uint16

const (
	None Kind = iota

	// Job manager to task manager.
	Heartbeat    // A: sequence
	Deploy       // *Deployment
	CancelTask   // A: task, B: attempt
	Trigger      // A: task, B: attempt, *protocol.Barrier
	NotifyDone   // A: task, B: attempt, C: checkpoint
	NotifyAbort  // A: task, B: attempt, C: checkpoint, D: latest completed
	OperatorTell // A: task, B: attempt, C: event, *SplitAssignment
	NewLeader    // A: the leader's actor, B: its epoch, C: 1 if it accepts a registration

	// Task manager to job manager.
	HeartbeatReply // A: sequence, B: task manager, *DeploymentReport
	Register       // A: task manager, B: slots, C: session
	OperatorTold   // A: task, B: attempt, C: event: an OperatorTell was handed to its task

	// Task to job manager (by way of Post to the leader).
	TaskState     // *StateReport
	Acknowledge   // *Acknowledgement
	DeclineReport // *DeclineNotice
	EndOfData     // A: task, B: attempt
	OperatorAsk   // A: task, B: attempt, C: answers that it has had (a reader asks for a split)

	// Task manager to its task, and faults to a task.
	Start // the task's first message
	Kill  // a fault: the task fails with A: cause
	// LostConnection: A: connection.
	LostConnection

	// Task to task.
	PartitionRequest // *ChannelRequest
	Buffer           // *network.Buffer and events; A: receiver's channel
	Credit           // A: sender's subpartition, B: credits
	Resume           // A: sender's subpartition
	NewBufferSize    // A: sender's subpartition, B: bytes
	Poll             // local channels: A: sender's subpartition
	Recycle          // local channels: A: sender's subpartition
	DataAvailable    // local channels: A: receiver's channel
	Release          // A: sender's subpartition: the receiver is gone

	// A task to itself.
	RecordDone
	Wake
	AlignmentTimer // A: checkpoint
	OutputTimer    // A: checkpoint
	FlushTimer
	DebloatTimer
	ProcessingTimer
	WatermarkTimer
	SourceReady
	CPUDone
	SnapshotDue // A: checkpoint
	SyncDone
	Serialized     // A: checkpoint, B: 0 state, 1 channel state
	AcknowledgeDue // A: checkpoint
	Forwarded      // by the network stack
	Retry
	CallbackDone
	StallOver
	AheadDone

	// The store's answers (*sim.StoreReply).
	StateStored
	StateLoaded
	ChannelStateStored
	ChannelStateLoaded
	MetadataStored
	MetadataLoaded
	PointerStored
	PointerLoaded
	ObjectDeleted

	// Task to external system and back.
	ExternalBegin   // *ExternalRequest
	ExternalWrite   // *ExternalRequest
	ExternalPrepare // *ExternalRequest
	ExternalCommit  // *ExternalRequest
	ExternalAbort   // *ExternalRequest
	ExternalRecover // *ExternalRequest: abort what lingers of former attempts
	ExternalAnswer  // *ExternalReply
	ExternalTimeout // the system to itself: A: transaction

	// Job manager to itself.
	CoordinatorTimer // A: timer kind, B: checkpoint
	HeartbeatTimer
	RestartTimer
	LeaseTimer
	DeployTimer

	// From outside to every job manager; the leader acts.
	CancelJob
	TakeCheckpoint // A: protocol.TriggerKind

	// From outside to an external system: a stall is over.
	ExternalResume

	// Task to task, against the data. A: sender's subpartition: every record of the channel
	// was processed.
	AllProcessed

	// From outside to an external system.
	ExternalExpire // *ExpireOrder: give up on transactions
	ExternalFence  // A: task, B: attempt: older attempts may do nothing new

	// FirstFree is the first kind that packages may use for messages to themselves.
	FirstFree
)
