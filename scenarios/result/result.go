package result

import (
	"simrun/protocol"
	"simrun/sim"
)

// Verdict is how a run is judged. Precedence, highest first: violation, stuck, failed,
// vacuous, ok.
type Verdict string

const (
	OK        Verdict = "ok"
	Vacuous   Verdict = "vacuous"
	Failed    Verdict = "failed"
	Stuck     Verdict = "stuck"
	Violation Verdict = "violation"
)

// Outcome is everything a run leaves behind.
type Outcome struct {
	Scenario string
	Protocol protocol.Name
	Seed     uint64
	// Digest names the run's events to the last bit; equal digests, equal runs.
	Digest uint64
	// Trail are digests on the way to Digest, so that a divergence can be placed.
	Trail    []sim.Mark
	Verdict  Verdict
	JobState protocol.JobStatus
	// Events are the meaningful ones; Records those that sources emitted.
	Events  int64
	Records int64
	// VirtualNanos is when the run ended; JobNanos when its job did, or else the same. Behind
	// the end of its job a run settles: what is under way is committed and cleaned up.
	VirtualNanos, JobNanos int64
	WallNanos              int64
	Checkpoints            []protocol.CheckpointStats
	Violations             []Finding
	// Reached are the marks that the run hit, sorted; Missing those that its scenario
	// wanted and it did not.
	Reached, Missing []string
	// Marks are those of Reached, as a set.
	Marks protocol.MarkSet
	// Faults says what became of each fault of the plan, by its position there.
	Faults []Fault
	// Steps are the named protocol steps that the run made, if it had faults.
	Steps protocol.StepSet
	// Restores counts the attempts that began with a completed checkpoint.
	Restores   int
	Measures   Measures
	Recoveries []Recovery
	// Snapshots is the table of each completed checkpoint: what each operator stored.
	Snapshots []SnapshotRow
	// StuckReason tells who waits for whom when Verdict is Stuck; StuckSignature is what
	// makes two stuck runs the same.
	StuckReason, StuckSignature string
}

// Fault is what became of one fault of a plan.
type Fault struct {
	Kind protocol.FaultKind
	// Fired: it struck, at FiredNanos. Healed: it ended, at HealedNanos.
	Fired, Healed           bool
	FiredNanos, HealedNanos int64
	// Step is the protocol step at which it was to strike; empty for a virtual time.
	Step string
	// Phases are those that the run was in when it struck.
	Phases protocol.PhaseSet
}

// StuckByBudget is the signature of a run that used its budget of messages and timers up.
const StuckByBudget = "stuck/run/budget"

// Signature says what makes this run's failure the same as another's: that of its first
// violation, that of being stuck, "failed" for a job that gave up; "" for a run that is ok or
// vacuous.
func (o *Outcome) Signature() string {
	switch {
	case len(o.Violations) > 0:
		return o.Violations[0].Signature
	case o.Verdict == Stuck && o.StuckSignature != "":
		return o.StuckSignature
	case o.Verdict == Stuck, o.Verdict == Failed:
		return string(o.Verdict)
	}
	return ""
}

// Finding is one violation of a property.
type Finding struct {
	Class     string   // lost, duplicated, orphan, …
	Checker   string   // who reports it
	Signature string   // stable over seeds: what makes two findings the same
	Detail    string   // one sentence with the numbers
	Witness   []string // the two or three events that prove it, in canonical text
	AtNanos   int64
}

// Measures are figures over the measured part of a run (after warm-up).
type Measures struct {
	MeasuredNanos int64
	// RecordsPerSecond is what sinks took.
	RecordsPerSecond int64
	// LatencyNanos are end-to-end latencies at the sinks: 50th, 99th percentile, and max.
	LatencyP50Nanos, LatencyP99Nanos, LatencyMaxNanos int64
	// SourceBackpressuredPermille is the share of the time in which sources were
	// backpressured (soft or hard), averaged over source subtasks.
	SourceBackpressuredPermille int64
	// Skipped are trigger instants at which the previous checkpoint still ran.
	Skipped int64
	// SourceEnded reports that input ran out before the last measured checkpoint.
	SourceEnded bool
}

// Recovery is one failure and what it took to be as before, in its four parts.
type Recovery struct {
	FailureNanos int64 // absolute
	Checkpoint   protocol.CheckpointID
	// DetectNanos is included in RestartNanos.
	DetectNanos  int64
	RestartNanos int64 // failure until tasks are deployed again
	RestoreNanos int64 // state and in-flight data are back and every task runs
	ReplayNanos  int64 // sources are where they were at the failure
	CatchUpNanos int64 // until backpressure or backlog is as before the failure
	Complete     bool  // false: the run ended before it had caught up
}

// TotalNanos is the whole recovery.
func (r Recovery) TotalNanos() int64 {
	return r.RestartNanos + r.RestoreNanos + r.ReplayNanos + r.CatchUpNanos
}

// SnapshotRow says what one operator stored in one completed checkpoint.
type SnapshotRow struct {
	Checkpoint protocol.CheckpointID
	Operator   string
	// Content is for people: offsets, number of keys and sums, transaction ids.
	Content string
	Bytes   int64
}
