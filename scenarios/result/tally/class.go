package tally

import (
	"simrun/protocol"
	"simrun/scenarios/result"
)

// Class is what a seed of a campaign came to. It differs from a verdict in what is asked
// of a single seed: marks that a scenario wants are asked of the campaign as a whole.
type Class uint8

const (
	// OK: nothing is wrong and there was something to see.
	OK Class = iota
	// Vacuous: no checkpoint completed, or the input was not used up.
	Vacuous
	// Failed: the job gave up although its scenario does not expect that.
	Failed
	// Stuck: the job stood still, or went on for ever.
	Stuck
	// Violation: a checker reported something.
	Violation
	// Panic: code of the run, or of a checker, panicked.
	Panic

	classCount
)

var classWords = [classCount]string{"ok", "vacuous", "failed", "stuck", "violation", "panic"}

// String is the class's word.
func (c Class) String() string { return classWords[c] }

// Bad reports whether a campaign has failed that has a seed of the class.
func (c Class) Bad() bool { return c >= Failed }

// Expectation is what a campaign must know of a scenario to class its runs.
type Expectation struct {
	// MayFail: the scenario expects that the job gives up.
	MayFail bool
	// Bounded: the job runs until its input is used up.
	Bounded bool
	// Reached are the marks that the scenario wants.
	Reached protocol.MarkSet
}

// ClassOf classes a run.
func ClassOf(e Expectation, o *result.Outcome) Class {
	switch {
	case len(o.Violations) > 0 && o.Violations[0].Class == "panic":
		return Panic
	case len(o.Violations) > 0:
		return Violation
	case o.Verdict == result.Stuck:
		return Stuck
	case o.JobState == protocol.JobFailed && !e.MayFail:
		return Failed
	case o.JobState == protocol.JobFailed:
		return OK
	case e.Bounded && o.JobState != protocol.JobFinished, !completed(o):
		return Vacuous
	}
	return OK
}

// completed reports whether some checkpoint was completed, if any could be.
func completed(o *result.Outcome) bool {
	return o.Marks.Has(protocol.MarkCheckpointCompleted) || !protocol.PolicyOf(o.Protocol).Checkpoints
}
