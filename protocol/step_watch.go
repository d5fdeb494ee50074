package protocol

// StepWatch waits for a run to reach a protocol step. The system that runs counts Reached
// and calls Act; everything else is the watcher's.
type StepWatch struct {
	// Step is the word of a Step, or of an event kind that a protocol step makes: such a
	// step strikes when its event has been made, and has no Before.
	Step   string
	Moment Moment
	// Of, if not empty, is the role that must make the step, or that it is about: a
	// subtask, an operator, a process.
	Of string
	// Checkpoint, if not NoCheckpoint, is the one that the step must be about.
	Checkpoint CheckpointID
	// Ordinal is which of the matching arrivals it waits for, from 1.
	Ordinal int64
	// Act is called once, at that arrival.
	Act func(at StepPlace)

	// Reached counts the matching arrivals, over the whole run.
	Reached int64
}

// StepPlace names who made a step, for faults that strike "here".
type StepPlace struct {
	// Role is the subtask that made it, or the process where no subtask did; Process is its
	// process, and Node the machine of that.
	Role, Process, Node string
}

// Words that stand for whoever makes a step: in the place of a fault's target.
const (
	// Here is the subtask that makes the step, or the process where no subtask does.
	Here = "here"
	// HereProcess is the process that it is made in, and HereNode the machine of that.
	HereProcess = "here-process"
	HereNode    = "here-node"
)

// HereWords are the words that stand for whoever makes a step.
func HereWords() []string { return []string{Here, HereProcess, HereNode} }

// Resolve is the role that a target stands for at this place.
func (p StepPlace) Resolve(target string) string {
	switch target {
	case Here:
		return p.Role
	case HereProcess:
		return p.Process
	case HereNode:
		return p.Node
	}
	return target
}

// EventStep finds the event kind that is a step with the given word: every kind that a
// protocol step makes is one; kinds that only count data, or tell of faults, are not.
func EventStep(word string) (EventKind, bool) {
	for k := range EventKinds {
		if kind := EventKind(k); kind.IsStep() && kind.String() == word {
			return kind, true
		}
	}
	return EventNone, false
}

// IsStep reports whether a protocol step makes events of the kind.
func (k EventKind) IsStep() bool {
	switch k {
	case EventNone, BufferSent, BufferReceived, BufferConsumed, SegmentTaken, SegmentReturned, CreditGranted,
		RecordApplied, RecordEmitted, RecordVisible, FaultInjected, FaultHealed, FaultBit, ClockRead,
		ElementsTaken, SourceAdvanced:
		return false
	}
	return true
}

// StepWords lists every word that a fault's step may be: first the named steps, then the
// event kinds.
func StepWords() []string {
	words := make([]string, 0, Steps+EventKinds)
	for s := StepNone + 1; s < stepCount; s++ {
		words = append(words, s.String())
	}
	for k := range EventKinds {
		if kind := EventKind(k); kind.IsStep() {
			words = append(words, kind.String())
		}
	}
	return words
}
