package trial

import (
	"fmt"
	"slices"
	"strings"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/result"
)

// outcome sums up a run that has ended.
func (r *run) outcome() *result.Outcome {
	o := &result.Outcome{
		Scenario: r.c.Scenario, Protocol: r.c.Options.Config.Protocol, Seed: r.c.Options.Seed,
		Digest: r.system.Digest(), Trail: slices.Clone(r.trial.kernel.Trail()),
		JobState: r.system.History.Status, Events: r.events,
		Records: r.system.Metrics.Emitted, VirtualNanos: r.system.Kernel.NowNanos(), JobNanos: r.jobNanos(),
		Recoveries: r.recovery.finish(), Snapshots: r.rows, Restores: r.restores, Faults: r.faults(),
		Steps: r.phases.steps,
	}
	for _, stats := range r.system.History.Checkpoints {
		o.Checkpoints = append(o.Checkpoints, *stats)
	}
	o.Measures = r.measures()
	if r.suite != nil {
		r.marks = r.suite.Marks()
		if r.panicked == "" {
			r.suite.Finish(r.end())
		}
		for _, v := range r.suite.Violations() {
			o.Violations = append(o.Violations, r.finding(&v))
		}
	} else if r.panicked != "" {
		o.Violations = append(o.Violations, Panicked(r.panicked, r.raisedIn))
	}
	if o.JobState == protocol.JobFinished && r.system.Target().MetPoisons() > 0 {
		o.Violations = append(o.Violations, survived())
	}
	o.Marks, o.Reached = r.marks, r.marks.Words()
	slices.Sort(o.Reached)
	o.Missing = r.missing()
	r.judge(o)
	return o
}

// judge gives the verdict. Precedence: violation, stuck, failed, vacuous, ok.
func (r *run) judge(o *result.Outcome) {
	stuck := slices.ContainsFunc(o.Violations, isStuck)
	switch {
	case slices.ContainsFunc(o.Violations, func(f result.Finding) bool { return !isStuck(f) }):
		o.Verdict = result.Violation
	case r.ending == runtime.EndedStuck || r.exhausted || stuck:
		o.Verdict = result.Stuck
	case o.JobState == protocol.JobFailed:
		o.Verdict = result.Failed
	case len(o.Missing) > 0:
		o.Verdict = result.Vacuous
	default:
		o.Verdict = result.OK
	}
	if o.Verdict == result.Stuck {
		r.tellStuck(o)
	}
}

// tellStuck says who waits for whom, and takes the checker's report of it out of the
// violations: being stuck is the verdict.
func (r *run) tellStuck(o *result.Outcome) {
	lines, _ := r.system.Waits()
	o.StuckSignature = "stuck/run/quiet"
	if i := slices.IndexFunc(o.Violations, isStuck); i >= 0 {
		o.StuckSignature = o.Violations[i].Signature
	}
	if r.exhausted {
		const text = "after %d messages and timers, its budget, the run had not ended"
		lines = append([]string{fmt.Sprintf(text, r.trial.kernel.DispatchCount())}, lines...)
		o.StuckSignature = result.StuckByBudget
	}
	o.StuckReason = strings.Join(lines, "\n")
	o.Violations = slices.DeleteFunc(o.Violations, isStuck)
}

func isStuck(f result.Finding) bool { return f.Class == "stuck" }

// faults says what became of each fault of the plan.
func (r *run) faults() []result.Fault {
	firings := r.injection.Firings()
	list := make([]result.Fault, len(firings))
	for i := range firings {
		list[i] = result.Fault{
			Kind: r.c.Plan[i].Kind, Fired: firings[i].Fired, FiredNanos: firings[i].FiredNanos,
			Healed: firings[i].Healed, HealedNanos: firings[i].HealedNanos,
			Step: r.c.Plan[i].Step, Phases: r.phases.struck[i],
		}
	}
	return list
}

// survived is a job that got past a record at which user code fails in every attempt.
func survived() result.Finding {
	return result.Finding{
		Class: checkers.Lost.String(), Checker: "run", Signature: "lost/run/poison",
		Detail: "the job has finished, although user code fails at a record in every attempt: it was left out",
	}
}

// missing is what the scenario wanted and the run did not reach: marks, and faults of
// its plan that never struck.
func (r *run) missing() []string {
	missing := r.c.Expect.Reached.Minus(r.marks).Words()
	for _, i := range r.injection.NotFired() {
		missing = append(missing, "fault: "+r.c.Plan[i].String()+r.whyNot(i))
	}
	if n := r.system.Target().UnfiredThrows(); n > 0 {
		missing = append(missing, "user code that throws")
	}
	return missing
}

// whyNot says why a fault of the plan never struck: how near the run came to its step.
func (r *run) whyNot(i int) string {
	firing := &r.injection.Firings()[i]
	switch {
	case firing.Err != nil:
		return " (" + firing.Err.Error() + ")"
	case r.c.Plan[i].Step == "":
		return ""
	case firing.StepReached == 0:
		return " (the run never made that step)"
	}
	return fmt.Sprintf(" (the run made that step %d times)", firing.StepReached)
}

// finding words a violation for its reader.
func (r *run) finding(v *checkers.Violation) result.Finding {
	f := result.Finding{
		Class: v.Class.String(), Checker: v.Checker, Signature: v.Signature, Detail: v.Detail,
		AtNanos: v.TimeNanos,
	}
	for i := range v.Witness {
		f.Witness = append(f.Witness, DescribeEvent(r.system, &v.Witness[i]))
	}
	return f
}

// jobNanos is when the job ended, or else the run.
func (r *run) jobNanos() int64 {
	if r.system.Terminal() {
		return r.system.History.StatusNanos
	}
	return r.system.Kernel.NowNanos()
}

// measures are the figures of the measured part.
func (r *run) measures() result.Measures {
	m := r.system.Metrics
	window := min(m.ToNanos, r.jobNanos()) - m.FromNanos
	out := result.Measures{
		MeasuredNanos:   max(window, 0),
		LatencyP50Nanos: m.Latency.PermilleNanos(500), LatencyP99Nanos: m.Latency.PermilleNanos(990),
		LatencyMaxNanos: m.Latency.Max(), Skipped: r.system.History.Skipped,
		SourceBackpressuredPermille: r.system.SourceBackpressuredPermille(),
		SourceEnded:                 r.system.SourceEnded(),
	}
	if window > 0 {
		out.RecordsPerSecond = int64(float64(m.TakenInWindow) * 1e9 / float64(window))
	}
	return out
}
