package story

import (
	"slices"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// Options bound a story. The zero value tells all that is worth it, with no runs for
// counterfactuals.
type Options struct {
	// KeepEvents bounds the recording; 0: DefaultEvents.
	KeepEvents int
	// FromNanos and ToNanos bound what is told and recorded, in virtual time; 0: all.
	FromNanos, ToNanos int64
	// Lanes are names of operators, subtasks, job managers or external systems that must
	// be among the lanes, besides those that the violation names; nil: those only.
	Lanes []string
	// Moments bounds the slice; 0: DefaultMoments.
	Moments int
	// WhatIfRuns bounds the runs for counterfactuals; 0: none.
	WhatIfRuns int
	// FutureRuns bounds the runs that ask when the failure became likely; 0: none.
	FutureRuns int
	// Progress, if not nil, is told of every run that was made.
	Progress func(runs int)
}

// What is told when options do not say.
const (
	DefaultEvents  = 200_000
	DefaultMoments = 14
	DefaultWhatIfs = 60
)

// Tell runs a case again and tells what happened. The error is about the case's scenario,
// or a *LaneError; never about the run.
func Tell(c *config.Case, o Options) (*result.Story, error) {
	o = o.withDefaults()
	t := &teller{options: o, c: c, trial: trial.New()}
	if err := t.look(); err != nil {
		return nil, err
	}
	if err := t.record(); err != nil {
		return nil, err
	}
	if err := t.checkLanes(); err != nil {
		return nil, err
	}
	t.slice()
	if err := t.whatIf(); err != nil {
		return nil, err
	}
	if err := t.futures(); err != nil {
		return nil, err
	}
	return &t.story, nil
}

func (o Options) withDefaults() Options {
	if o.KeepEvents == 0 {
		o.KeepEvents = DefaultEvents
	}
	if o.Moments == 0 {
		o.Moments = DefaultMoments
	}
	return o
}

// teller is a story in the making.
type teller struct {
	options Options
	c       *config.Case
	trial   *trial.Trial
	story   result.Story
	// witness are the events that prove the violation, as the checker copied them.
	witness []witnessEvent
	// endNanos is when the violation was noticed, or the run ended.
	endNanos    int64
	lengthNanos int64 // of the first run
	turns       []turnTaken
	vertices    []vertexNames
	index       index
	subject     subject
	// bufferStory, sinkStory: the witnesses are events of buffers, of transactions.
	bufferStory, sinkStory bool
	// failed: a task failed before the violation.
	failed    bool
	snapshots []result.SnapshotRow
}

// witnessEvent names an event of the run.
type witnessEvent struct {
	actor   int32
	ordinal uint64
}

// look runs the case once, under the checkers, to know what there is to tell.
func (t *teller) look() error {
	tc, err := trial.NewCase(t.c.Scenario, t.c.Seed)
	if err != nil {
		return err
	}
	var broken []protocol.CutViolation
	tc.Snapshots = true
	t.watchTurns(tc)
	tc.Run.Until = t.noticed
	tc.ObservePoint = func(p *protocol.RecoveryPoint) {
		broken = append(broken, protocol.CheckCut(p, t.trial.Setup().Links, tc.Expect.Contract)...)
	}
	o, err := t.trial.Run(tc)
	if err != nil {
		return err
	}
	t.ran()
	s := &t.story
	s.Scenario, s.Protocol, s.Seed, s.Verdict = o.Scenario, o.Protocol, o.Seed, o.Verdict
	s.Bug = t.c.Scenario.Run.Bug.String()
	t.endNanos, t.lengthNanos = o.VirtualNanos, o.VirtualNanos
	t.takeFinding(o)
	t.takeCut(broken)
	t.takeSetup()
	t.snapshots = o.Snapshots
	return nil
}

// noticed ends a run in which the violation has been noticed: a crash loop, or a job that
// goes on, can take long after that.
func (t *teller) noticed() bool {
	for _, v := range t.trial.Violations() {
		if v.Signature == t.c.Signature || t.c.Signature == "" && v.Class != checkers.Stuck {
			return true
		}
	}
	return false
}

func (t *teller) ran() {
	t.story.Runs++
	if t.options.Progress != nil {
		t.options.Progress(t.story.Runs)
	}
}

// takeFinding picks the violation to tell: the recorded one, else the first one, and of a
// stuck run that.
func (t *teller) takeFinding(o *result.Outcome) {
	all := t.trial.Violations()
	told := -1
	for i := range all {
		stuck := all[i].Class == checkers.Stuck
		if stuck == (o.Verdict == result.Stuck) && (told < 0 || all[i].Signature == t.c.Signature) {
			told = i
		}
	}
	for i := range all {
		if i != told && all[i].Class != checkers.Stuck {
			t.story.Others = append(t.story.Others, all[i].Signature)
		}
	}
	if o.Verdict == result.Stuck {
		t.takeWaits()
	}
	if told < 0 {
		if o.Verdict == result.Stuck {
			t.story.Finding = result.Finding{Class: "stuck", Checker: "progress",
				Signature: "stuck/progress/job", Detail: o.StuckReason, AtNanos: o.VirtualNanos}
		}
		return
	}
	v := &all[told]
	t.story.Finding = result.Finding{
		Class: v.Class.String(), Checker: v.Checker, Signature: v.Signature, Detail: v.Detail, AtNanos: v.TimeNanos,
	}
	for i := range o.Violations {
		if o.Violations[i].Signature == v.Signature {
			t.story.Finding = o.Violations[i]
		}
	}
	for i := range v.Witness {
		w := witnessEvent{int32(v.Witness[i].Actor), v.Witness[i].Ordinal}
		if !slices.Contains(t.witness, w) {
			t.witness = append(t.witness, w)
		}
	}
	t.endNanos = v.TimeNanos
}

func (t *teller) takeWaits() {
	for _, edge := range t.trial.Waits() {
		t.story.Waits = append(t.story.Waits, result.WaitTold{Who: edge[0], Whom: edge[1]})
	}
}

// takeCut finds the numbers behind a violation of the cut: the predicate says the same of
// the same recovery point again.
func (t *teller) takeCut(broken []protocol.CutViolation) {
	for i := range broken {
		if broken[i].String() == t.story.Finding.Detail {
			t.story.Cut = &broken[i]
			return
		}
	}
}

// vertexNames are a vertex of the job and its subtasks.
type vertexNames struct {
	name        string
	first       protocol.TaskID
	parallelism int
}

func (t *teller) takeSetup() {
	setup, r := t.trial.Setup(), &t.story.Recording
	for i := range setup.Vertices {
		v := &setup.Vertices[i]
		t.vertices = append(t.vertices, vertexNames{v.Name, v.FirstTask, v.Parallelism})
		r.Sinks = append(r.Sinks, "")
		for subtask := range v.Parallelism {
			r.Tasks = append(r.Tasks, t.trial.TaskName(v.FirstTask+protocol.TaskID(subtask)))
		}
	}
	for i := range setup.Sinks {
		r.Sinks[setup.Sinks[i].ID] = setup.Sinks[i].Name
	}
	r.Links = slices.Clone(setup.Links)
}
