package checkers

import "simrun/protocol"

// Replay runs the pure operators again, without the simulator. Scenarios satisfy it.
type Replay interface {
	// Expected is the sequential fold of the whole input; false when it has no end.
	Expected() (*Expected, bool)
	// Reexecute runs the tasks on by what a run witnessed since the last call. It fails
	// when the witness is no execution: a task read what its senders had not sent.
	Reexecute(w *Witness) error
	// Reached is what the re-executed tasks hold and have put out so far.
	Reached() *Expected
}

// Expected is what outputs and states must be. What is not listed is not compared.
type Expected struct {
	Outputs []ExpectedOutput
	States  []ExpectedState
}

// ExpectedOutput is the whole output that one sink must have taken.
type ExpectedOutput struct {
	Sink  int64
	Tally protocol.Tally
	// Content is compared when HasContent.
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

// Witness is what a run decided where the pure operators leave a choice: per task the
// order in which it merged its channels, its watermarks, timers and clock reads. Work
// that a restore took back is not in it.
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
	// StepRecord: in detailed runs, the record Lineage at Operator.
	StepRecord
	// StepWatermark: the task's watermark became Value.
	StepWatermark
	// StepTimer: Operator's timer at Value fired for Key; Channel is its domain.
	StepTimer
	// StepClock: Operator read Value from the clock.
	StepClock
	// StepReset: the task was restored here: watermarks start over.
	StepReset
)

// WitnessStep is one decision; which fields matter is said at its kind.
type WitnessStep struct {
	Kind     StepKind
	Channel  int32
	First    int64
	Elements int64
	Operator uint64
	Lineage  uint64
	Key      uint64
	Value    int64
}
