package result

import (
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/sim"
)

// Story is what there is to tell of a run: what was violated, the events that led to it,
// where each subtask stood, and what would have made it pass. It is data; report/explain
// and report/trace put it into words and pictures.
type Story struct {
	Scenario string
	Protocol protocol.Name
	Seed     uint64
	// Bug is the planted bug that was on; empty when none was.
	Bug     string
	Verdict Verdict
	// Finding is the violation that is told, its Class empty in a run without any. Others
	// are the signatures of those that were noticed later.
	Finding Finding
	Others  []string
	// Cut is what proves that a checkpoint is no consistent cut; nil for other findings.
	Cut *protocol.CutViolation
	// Snapshots are what the newest completed checkpoint that the violation is about holds.
	Snapshots []SnapshotRow
	// Waits say who waited for whom at the end of a stuck run.
	Waits     []WaitTold
	Recording Recording
	// Lanes are who takes part, in the order of the data's way.
	Lanes []Lane
	// Moments are the causal slice: what led to the violation, in the order of the run.
	Moments []Moment
	// Arrows are the messages between the lanes that moments tell of.
	Arrows []Arrow
	// Cuts say where the subtasks of the lanes took their snapshots.
	Cuts []CutLine
	// Faults are those of the plan, in its order.
	Faults []FaultTold
	// WhatIf are the runs that differ in one respect, in the order in which they were made.
	WhatIf []WhatIf
	// Futures say from when on the failure was likely: of the start and of each moment, in
	// order, how many of its other futures fail in the same way.
	Futures []Future
	// Runs is how many runs the story took.
	Runs int
}

// Recording is what a run did, event by event, as far as it was kept: whole, when it is
// small; else what happened around the violation, and the control plane's part before.
type Recording struct {
	// Actors are names by sim.ActorID, Nodes those of the machines that they are on; Tasks,
	// Sinks and Links are as the job has them.
	Actors []string
	Nodes  []string
	Tasks  []string
	Sinks  []string // by protocol.VertexID; empty where the vertex is no sink
	Links  []protocol.ChannelLink
	Events []sim.Event
	// Positions number the events in the run, from 1; Total is how many there were until the
	// recording ended, a moment after the violation.
	Positions []int64
	Total     int64
}

// Whole reports whether nothing was left out.
func (r *Recording) Whole() bool { return int64(len(r.Events)) == r.Total }

// WaitTold is one wait at the end of a stuck run.
type WaitTold struct{ Who, Whom protocol.TaskID }

// Lane is who takes part in a story.
type Lane struct {
	Name string
	// Task is the subtask; NoTask for job managers, external systems and the world outside.
	Task protocol.TaskID
}

// Moment is one step of the slice: one event, or several of one kind in several lanes.
type Moment struct {
	Events []int // into Recording.Events, at least one
	// Because are the moments that brought it about, as far as they are told.
	Because []int
	// Witness: it is one of the events that prove the violation.
	Witness bool
}

// Arrow is a message from one lane to another.
type Arrow struct {
	// From and To are events of two moments: what was going on when it was sent, and what
	// its arrival brought about.
	From, To int
	// Barrier: it is the barrier of Checkpoint.
	Barrier    bool
	Checkpoint protocol.CheckpointID
}

// CutLine is where one checkpoint cuts the lanes.
type CutLine struct {
	Checkpoint protocol.CheckpointID
	// Events are, by lane, the start of its local snapshot; -1 where it has none.
	Events []int
}

// FaultTold is one fault of the plan and what became of it.
type FaultTold struct {
	Fault         plan.Fault
	Struck        bool
	StruckNanos   int64
	Healed        bool
	HealedNanos   int64
	BeforeFinding bool // it struck before the violation was noticed
}

// Future is what becomes of a run that goes on otherwise from a moment on: other latencies, another
// order within an instant, messages that take longer (runtime.Branch).
type Future struct {
	// Moment is the last one that happens as it did, by its position in Moments; -1: none, at
	// the start of the run. AtNanos is when the futures part.
	Moment  int
	AtNanos int64
	// Runs were made, and Same of them failed in the same way.
	Runs, Same int
}

// WhatIfKind is in which respect a run differs from the one that is told.
type WhatIfKind uint8

const (
	// WithoutBug: the planted bug is off.
	WithoutBug WhatIfKind = iota
	// WithoutFault: one fault of the plan is removed.
	WithoutFault
	// FaultMoved: one fault strikes MovedNanos later (earlier, when negative), or, at a
	// step, MovedOrdinals later.
	FaultMoved
	// WithoutFaults: the plan is empty.
	WithoutFaults
	// WithProtocol: the job runs under another protocol; Setting is its name.
	WithProtocol
	// WithSetting: the option Setting is ValueNanos.
	WithSetting
	// DeliveryExchanged: First is delivered before Second, and not after it.
	DeliveryExchanged
)

// WhatIf is a run that differs in one respect, and what came of it.
type WhatIf struct {
	Kind WhatIfKind
	// Fault is the position in the plan of the fault that is removed or moved.
	Fault         int
	MovedNanos    int64
	MovedOrdinals int64
	// Boundary: the smallest move in that direction that was found to pass; a move of
	// FailsNanos (shorter than it) still fails.
	Boundary   bool
	FailsNanos int64
	Setting    string
	ValueNanos int64
	// First and Second are messages that wait for the same process, in words.
	First, Second string
	// Verdict and Signature (of the first violation) are what came of it; Same: the same
	// signature as in the story.
	Verdict   Verdict
	Signature string
	Same      bool
}

// Passes reports whether the run had no violation and was not stuck.
func (w *WhatIf) Passes() bool { return w.Verdict != Violation && w.Verdict != Stuck }
