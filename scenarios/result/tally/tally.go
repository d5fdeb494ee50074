package tally

import (
	"simrun/protocol"
	"simrun/scenarios/result"
)

// Tally is the sum of many runs.
type Tally struct {
	// Seeds is the number of runs, Classes what they came to. Doubled of them were run
	// twice, and went alike.
	Seeds   uint64 `json:"seeds"`
	Classes Counts `json:"classes"`
	Doubled uint64 `json:"doubled"`

	Events       uint64 `json:"events"`
	Records      uint64 `json:"records"`
	VirtualNanos uint64 `json:"virtual_nanos"`
	Completed    uint64 `json:"checkpoints_completed"`
	// NotCompleted failed; the expired ones are among them, as Flink counts.
	NotCompleted uint64 `json:"checkpoints_failed"`
	Expired      uint64 `json:"checkpoints_expired"`
	// Restores are attempts that began with a completed checkpoint.
	Restores uint64 `json:"restores"`

	// Faults struck, Unfired were planned and did not, both by kind.
	Faults  Counts `json:"faults"`
	Unfired Counts `json:"unfired"`
	// Seeds in which something struck, was restored, or both.
	WithFault           uint64 `json:"seeds_with_fault"`
	WithRestore         uint64 `json:"seeds_with_restore"`
	WithFaultAndRestore uint64 `json:"seeds_with_fault_and_restore"`

	// Marks counts the seeds that reached each mark.
	Marks Counts `json:"marks"`
	// Coverage counts, by protocol phase and kind, the faults that struck in it; the words
	// are "phase kind". Steps does so for those that
	// were to strike at a named step.
	Coverage Counts `json:"coverage"`
	Steps    Counts `json:"steps"`
	// StepsReached are the named protocol steps that some run with faults made.
	StepsReached Steps `json:"steps_reached"`

	// Virtual time and events of a run, and what each recovery took.
	VirtualTimes   Histogram `json:"virtual_times"`
	EventCounts    Histogram `json:"event_counts"`
	RecoveryTimes  Histogram `json:"recovery_times"`
	FaultsPerSeed  Histogram `json:"faults_per_seed"`
	CheckpointsRun Histogram `json:"checkpoints_per_seed"`

	Scenarios Scenarios `json:"scenarios"`
	Findings  Findings  `json:"findings"`
}

// Add adds one run, and says what class it is of.
func (t *Tally) Add(e Expectation, o *result.Outcome) Class {
	class := ClassOf(e, o)
	t.Seeds = sum(t.Seeds, 1)
	t.Classes.Add(class.String(), 1)
	t.Events = sum(t.Events, uint64(o.Events))
	t.Records = sum(t.Records, uint64(o.Records))
	t.VirtualNanos = sum(t.VirtualNanos, uint64(o.VirtualNanos))
	t.VirtualTimes.Add(o.VirtualNanos)
	t.EventCounts.Add(o.Events)
	for i := range o.Recoveries {
		t.RecoveryTimes.Add(o.Recoveries[i].TotalNanos())
	}
	for _, word := range o.Reached {
		t.Marks.Add(word, 1)
	}
	t.StepsReached = Steps(protocol.StepSet(t.StepsReached).Plus(o.Steps))
	t.addCheckpoints(o)
	t.addFaults(o)
	t.Scenarios.add(e, o, class)
	if class.Bad() {
		t.Findings.add(class, o)
	}
	return class
}

func (t *Tally) addCheckpoints(o *result.Outcome) {
	completed := uint64(0)
	for i := range o.Checkpoints {
		switch o.Checkpoints[i].Status {
		case protocol.CheckpointSucceeded:
			completed++
		case protocol.CheckpointFailed:
			t.NotCompleted = sum(t.NotCompleted, 1)
		}
		if o.Checkpoints[i].Expired() {
			t.Expired = sum(t.Expired, 1)
		}
	}
	t.Completed = sum(t.Completed, completed)
	t.CheckpointsRun.Add(int64(completed))
	t.Restores = sum(t.Restores, uint64(o.Restores))
}

func (t *Tally) addFaults(o *result.Outcome) {
	fired := int64(0)
	for i := range o.Faults {
		counts := &t.Unfired
		if o.Faults[i].Fired {
			counts = &t.Faults
			fired++
			t.addCoverage(&o.Faults[i])
		}
		counts.Add(o.Faults[i].Kind.String(), 1)
	}
	t.FaultsPerSeed.Add(fired)
	if fired > 0 {
		t.WithFault = sum(t.WithFault, 1)
	}
	if o.Restores > 0 {
		t.WithRestore = sum(t.WithRestore, 1)
	}
	if fired > 0 && o.Restores > 0 {
		t.WithFaultAndRestore = sum(t.WithFaultAndRestore, 1)
	}
}

// addCoverage books a fault that struck under what the run was at.
func (t *Tally) addCoverage(f *result.Fault) {
	for _, phase := range f.Phases.Words() {
		t.Coverage.Add(phase+" "+f.Kind.String(), 1)
	}
	if f.Step != "" {
		t.Steps.Add(f.Step+" "+f.Kind.String(), 1)
	}
}

// Plus adds another tally, which is left as it is and shares nothing with this one.
func (t *Tally) Plus(o *Tally) {
	for _, pair := range [][2]*uint64{
		{&t.Seeds, &o.Seeds}, {&t.Doubled, &o.Doubled}, {&t.Events, &o.Events}, {&t.Records, &o.Records},
		{&t.VirtualNanos, &o.VirtualNanos}, {&t.Completed, &o.Completed}, {&t.NotCompleted, &o.NotCompleted},
		{&t.Expired, &o.Expired}, {&t.Restores, &o.Restores}, {&t.WithFault, &o.WithFault},
		{&t.WithRestore, &o.WithRestore}, {&t.WithFaultAndRestore, &o.WithFaultAndRestore},
	} {
		*pair[0] = sum(*pair[0], *pair[1])
	}
	for _, pair := range [][2]*Counts{
		{&t.Classes, &o.Classes}, {&t.Faults, &o.Faults}, {&t.Unfired, &o.Unfired}, {&t.Marks, &o.Marks},
		{&t.Coverage, &o.Coverage}, {&t.Steps, &o.Steps},
	} {
		pair[0].Plus(*pair[1])
	}
	for _, pair := range [][2]*Histogram{
		{&t.VirtualTimes, &o.VirtualTimes}, {&t.EventCounts, &o.EventCounts},
		{&t.RecoveryTimes, &o.RecoveryTimes}, {&t.FaultsPerSeed, &o.FaultsPerSeed},
		{&t.CheckpointsRun, &o.CheckpointsRun},
	} {
		pair[0].Plus(pair[1])
	}
	t.StepsReached = Steps(protocol.StepSet(t.StepsReached).Plus(protocol.StepSet(o.StepsReached)))
	t.Scenarios.Plus(o.Scenarios)
	t.Findings.Plus(o.Findings)
}

// Failing counts the seeds that found something.
func (t *Tally) Failing() uint64 {
	total := uint64(0)
	for c := range classCount {
		if c.Bad() {
			total = sum(total, t.Classes[c.String()])
		}
	}
	return total
}

// Verdict is that of the campaign as a whole: a violation if any seed failed, vacuous if
// all seeds are, ok else.
func (t *Tally) Verdict() result.Verdict {
	switch {
	case t.Failing() > 0:
		return result.Violation
	case t.Seeds > 0 && t.Classes[Vacuous.String()] == t.Seeds:
		return result.Vacuous
	}
	return result.OK
}
