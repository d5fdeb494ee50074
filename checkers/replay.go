package checkers

import (
	"fmt"

	"simrun/protocol"
)

// Replay runs the pure operators again, without the simulator. Scenarios satisfy it.
type Replay interface {
	// Expected is the sequential fold of the whole input; false when it has no end.
	Expected() (*Expected, bool)
	// Reexecute runs the tasks on by what a run witnessed since the last call. It fails
	// with a *Divergence when the witness is no execution: a task read what its senders
	// had not sent, say. After that it is not called again.
	Reexecute(w *Witness) error
	// Reached is what the re-executed tasks hold and have put out so far. It is valid until
	// the next call.
	Reached() *Expected
}

// Expected is what outputs and states must be. What is not listed is not compared.
type Expected struct {
	Outputs []ExpectedOutput
	States  []ExpectedState
	// Tasks, by TaskID, is how far re-executed tasks have come.
	Tasks []ReachedTask
}

// ExpectedOutput is the whole output that one sink must have taken.
type ExpectedOutput struct {
	Sink  int64
	Tally protocol.Tally
	// Content is compared when HasContent: of an upsert sink the table's, else the sum of
	// the records'.
	Content    uint64
	HasContent bool
	// Lineages are the records' names, ascending, in detailed runs.
	Lineages []uint64
}

// ExpectedState is one operator's state, summed over its subtasks.
type ExpectedState struct {
	Operator uint64
	Name     string // the operator's, for signatures
	Applied  protocol.Tally
	Content  uint64
	// Lineages are the names of the records applied, ascending, in detailed runs.
	Lineages []uint64
}

// ReachedTask is where a re-executed task stands. One that is not Executed is not compared.
type ReachedTask struct {
	Executed bool
	// Received is how many elements it has taken from each input channel.
	Received []int64
	// Sent is what it has sent to each output channel.
	Sent []protocol.Chain
	// Positions are a source's next offsets, ascending by split.
	Positions []protocol.SplitPosition
	// States are those of its operators, in the order of the chain.
	States []protocol.StatePoint
}

// Divergence is where a witness is no execution of the operators.
type Divergence struct {
	Class Class
	// Task is the first one, in the order of the data, that could not follow.
	Task   protocol.TaskID
	Detail string
}

// Error is the divergence as a sentence.
func (d *Divergence) Error() string { return fmt.Sprintf("task %d: %s", d.Task, d.Detail) }

// Witness is what a run decided where the pure operators leave a choice: per task the
// order in which it merged its channels, timers, clock reads, and a source's watermarks.
// Work that a restore took back is not in it.
type Witness struct {
	Tasks []TaskWitness // by TaskID
	// Checkpoint is the completed checkpoint up to which it goes; NoCheckpoint at the
	// end of the run.
	Checkpoint protocol.CheckpointID
}

// TaskWitness is one task's decisions since the last witness.
type TaskWitness struct{ Steps []WitnessStep }

// StepKind says what one decision was.
type StepKind uint8

const (
	// StepRun: Elements elements of input Channel from First on, without interruption.
	StepRun StepKind = iota
	// StepAlternate: Elements elements, by turns of Channel from First on and of Other from
	// OtherFirst on.
	StepAlternate
	// StepSource: a source emitted Elements records, the earliest arrival of its splits first.
	StepSource
	// StepRecords: the latest Elements records of the source have the Chain.Hash Value.
	StepRecords
	// StepSplit: a source reads split Channel from offset Value on.
	StepSplit
	// StepWatermark: a source's watermark became Value. (Other tasks' follow from their
	// channels.)
	StepWatermark
	// StepStatus: a source turned idle (Value 1) or active again (0).
	StepStatus
	// StepTimers: Elements processing-time timers fired when the clock read Value.
	StepTimers
	// StepClock: the clock reads Value from the next step on.
	StepClock
	// StepEnded: the producer of input Channel had gone.
	StepEnded
	// StepFinish: the input ended when the clock read Value.
	StepFinish
	// StepReset: the task was restored here: watermarks start over.
	StepReset
)

// WitnessStep is one decision; which fields matter is said at its kind.
type WitnessStep struct {
	Kind       StepKind
	Channel    int32
	Other      int32
	First      int64
	OtherFirst int64
	Elements   int64
	Value      int64
}
