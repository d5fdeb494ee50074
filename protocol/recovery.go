package protocol

// RecoveryPoint is what a checkpoint would restore: read back from the store, not what
// tasks said. It is defined without barriers, so that every protocol fits in. Channel
// contents and counters are ghost state: they exist for the proof only and cost no
// virtual time.
type RecoveryPoint struct {
	Checkpoint CheckpointID
	Attempt    Attempt
	Tasks      []TaskPoint // by TaskID
}

// TaskPoint is one task's part of a RecoveryPoint.
type TaskPoint struct {
	Task TaskID
	// Finished: the task had ended before the checkpoint and will not run again.
	Finished bool
	// Received and Sent are what the task had applied from each input channel and sent
	// to each output channel, by ChannelIndex, since the job's first start.
	Received []Chain
	Sent     []Chain
	// InputState and OutputState are the recorded in-flight elements, by ChannelIndex.
	// An element is named by its lineage.
	InputState  [][]uint64
	OutputState [][]uint64
	// Positions are the source's next offsets, by split.
	Positions []SplitPosition
	// States are the digests of the operators' states.
	States []StatePoint
	// Transactions are pre-committed and wait for the checkpoint's completion.
	Transactions []TransactionPoint
}

// SplitPosition is the next offset that a source would read from a split.
type SplitPosition struct {
	Split  int32
	Offset int64
}

// StatePoint says what an operator's state holds. Operator is the stable id's hash.
type StatePoint struct {
	Operator uint64
	// Applied tallies the lineages whose effect is in the state, kept inside the state
	// itself, so that a state snapshot taken at another instant than the counters shows.
	Applied Tally
	// Content is a digest of the state's entries, independent of their order.
	Content uint64
}

// TransactionPoint is a transaction in a RecoveryPoint with its content.
type TransactionPoint struct {
	Transaction TransactionID
	Content     Tally
}

// ChannelLink joins the two ends of a channel: output SenderChannel of Sender is input
// ReceiverChannel of Receiver.
type ChannelLink struct {
	Sender          TaskID
	SenderChannel   ChannelIndex
	Receiver        TaskID
	ReceiverChannel ChannelIndex
}
