package trial

import (
	"fmt"

	"simrun/checkers"
	"simrun/faults"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/scenarios/result"
	"simrun/sim"
)

// Case is everything that decides a run, but for the code.
type Case struct {
	Scenario string
	// Options hold the seed.
	Options runtime.Options
	Plan    plan.Plan
	Run     runtime.RunOptions
	// ForNanos cancels the job at this virtual time; 0: when its input is used up.
	ForNanos int64
	// MeasureFromNanos and MeasureToNanos bound the measured part; a To of 0 is the end.
	MeasureFromNanos, MeasureToNanos int64
	Expect                           Expectation
	// Budget is how many messages and timers the kernel may deliver before the run is
	// ended as stuck; 0: any number. It is looked at every 50 ms of virtual time.
	Budget uint64
	// Until says when to stop, if the job does not end before.
	Until Until
	// Unchecked runs have no checkers: for measuring.
	Unchecked bool
	// Snapshots fills Outcome.Snapshots.
	Snapshots bool
	// Observe, if not nil, sees every event too.
	Observe func(*sim.Event)
	// ObserveSteps, if not nil, sees every named step of the run, before faults that wait
	// for it strike. The context is who makes it.
	ObserveSteps func(*sim.Context, protocol.StepReached)
	// ObservePoint, if not nil, sees every completed checkpoint as it would be restored,
	// after the checkers. The point is valid during the call only.
	ObservePoint func(*protocol.RecoveryPoint)
}

// Until is what ends a run that only measures.
type Until uint8

const (
	// UntilEnd: the job's end.
	UntilEnd Until = iota
	// UntilResolved: every checkpoint of Options.ScheduleNanos has completed or failed.
	UntilResolved
	// UntilRecovered: the first recovery is complete.
	UntilRecovered
)

// Expectation is what a run is held to.
type Expectation struct {
	// Contract that the checkers hold the job to.
	Contract protocol.Contract
	// NoGuarantee: effects are promised only while nothing fails.
	NoGuarantee bool
	// Reached are the marks that a run must hit, or it is vacuous.
	Reached protocol.MarkSet
}

// Trial runs cases one after the other in the same memory.
type Trial struct {
	memory *runtime.Memory
	kernel *sim.Kernel
	suite  *checkers.Suite
	oracle *oracle // of the latest run
	latest *run
}

// GCPercent suits a process that runs many seeds (debug.SetGCPercent): what lives in it is a
// few megabytes for each Trial, so that with Go's default the collector would come around
// every dozen seeds.
const GCPercent = 400

// New makes a trial that has run nothing yet.
func New() *Trial {
	memory := runtime.NewMemory()
	return &Trial{memory: memory, kernel: memory.Kernel()}
}

// run is one case on its way.
type run struct {
	trial     *Trial
	c         *Case
	system    *runtime.System
	setup     *checkers.Setup
	suite     *checkers.Suite
	injection *faults.Injection
	recovery  recoveryMeter
	marks     protocol.MarkSet
	last      sim.Event
	events    int64
	panicked  string
	raisedIn  string // the function that panicked
	ending    runtime.Ending
	rows      []result.SnapshotRow
	final     *protocol.RecoveryPoint // the newest completed checkpoint, as read back
	leader    sim.Event               // the latest election
	phases    phases
	restores  int  // attempts that began with a completed checkpoint
	exhausted bool // the budget is used up
}

// Run runs the case to its end. The error is about the case (a graph that cannot run, a
// fault that names nothing), never about the run.
func (t *Trial) Run(c *Case) (*result.Outcome, error) {
	r := &run{trial: t, c: c}
	t.latest = r
	options := c.Options
	options.Graph = c.input()
	system, err := t.memory.Build(options, r.observe)
	if err != nil {
		return nil, err
	}
	r.system = system
	r.prepare()
	if r.injection, err = faults.Inject(c.Plan, t.kernel, system.Target()); err != nil {
		return nil, err
	}
	r.drive()
	return r.outcome(), nil
}

// input is the job's graph with what the plan does to its sources.
func (c *Case) input() *job.Graph {
	var skews []*protocol.Disturbance
	for i := range c.Plan {
		if c.Plan[i].Kind == protocol.FaultSkew {
			skews = append(skews, &c.Plan[i].Disturbance)
		}
	}
	if skews == nil {
		return c.Options.Graph
	}
	return runtime.SkewedInput(c.Options.Graph, skews)
}

// prepare sets up what watches the run.
func (r *run) prepare() {
	m := r.system.Metrics
	m.FromNanos = r.c.MeasureFromNanos
	if r.c.MeasureToNanos > 0 {
		m.ToNanos = r.c.MeasureToNanos
	}
	r.recovery.system = r.system
	r.follow()
	if r.c.Unchecked {
		return
	}
	r.setup = newSetup(r.c, r.system)
	if next, ok := r.setup.Replay.(*oracle); ok {
		next.inherit(r.trial.oracle)
		r.trial.oracle = next
	}
	if r.trial.suite == nil {
		r.trial.suite = checkers.New(r.setup)
	} else {
		r.trial.suite.Reset(r.setup)
	}
	r.suite = r.trial.suite
}

// drive runs the system; a panic of its code ends the run and is a finding.
func (r *run) drive() {
	defer func() {
		if value := recover(); value != nil {
			r.panicked, r.raisedIn = fmt.Sprint(value), RaisedIn()
			r.trial.memory.Leave()
			if r.suite != nil {
				r.suite.Panicked(r.panicked, r.raisedIn, r.last)
			}
		}
	}()
	if r.c.ForNanos > 0 {
		r.trial.kernel.At(r.c.ForNanos, r.system.CancelJob)
	}
	options := r.c.Run
	options.Disturbed = r.injection.ActiveSince
	switch r.c.Until {
	case UntilResolved:
		options.Until = r.resolved
	case UntilRecovered:
		options.Until = r.recovery.complete
	}
	if r.c.Budget > 0 {
		options.Until = r.within(options.Until)
	}
	r.ending = r.system.Run(options)
}

// within ends a run that has used its budget up, and otherwise when until says so.
func (r *run) within(until func() bool) func() bool {
	return func() bool {
		r.exhausted = r.trial.kernel.DispatchCount() > r.c.Budget
		return r.exhausted || until != nil && until()
	}
}

// resolved reports whether every checkpoint of the schedule is over.
func (r *run) resolved() bool {
	schedule := r.c.Options.ScheduleNanos
	h := r.system.History
	return len(schedule) > 0 && r.system.Kernel.NowNanos() > schedule[len(schedule)-1]+instantSlackNanos &&
		h.Triggered == h.Completed+h.Failed
}

// instantSlackNanos is more than a trigger can be late.
const instantSlackNanos = 100e6

// observe sees every event of the run, as it happens.
func (r *run) observe(e *sim.Event) {
	r.events++
	r.last = *e
	if r.suite != nil {
		r.suite.Observe(e)
	} else {
		r.marks |= protocol.MarksOf(protocol.EventKind(e.Kind), e.Args)
	}
	switch protocol.EventKind(e.Kind) {
	case protocol.LeaderElected:
		r.leader = *e
	case protocol.CheckpointCompleted:
		if e.Actor == r.leader.Actor && e.Incarnation == r.leader.Incarnation {
			r.checkpointCompleted(protocol.CheckpointID(e.Args[0]))
		}
	case protocol.JobRestored:
		r.restored(protocol.CheckpointID(e.Args[1]))
	}
	r.phase(e)
	r.recovery.observe(e)
	if r.c.Observe != nil {
		r.c.Observe(e)
	}
}

// checkpointCompleted reads the checkpoint back from the store, as a restore would, and
// shows it to the checkers.
func (r *run) checkpointCompleted(id protocol.CheckpointID) {
	if r.suite == nil && !r.c.Snapshots {
		return
	}
	point, err := r.system.RecoveryPoint(id)
	if err != nil {
		r.unreadable(id, err)
		return
	}
	if r.suite != nil {
		r.showPoint(point)
	}
	if r.c.Snapshots {
		r.rows = append(r.rows, snapshotRows(r.system, point)...)
	}
}

// restored reads the checkpoint that an attempt starts from. One that a former leader
// completed, and could not tell of, is shown to the checkers only now.
func (r *run) restored(id protocol.CheckpointID) {
	if id == protocol.NoCheckpoint {
		return
	}
	r.restores++
	if r.suite == nil {
		return
	}
	point, err := r.system.RecoveryPoint(id)
	switch {
	case err != nil:
		r.unreadable(id, err)
	case r.final == nil || r.final.Checkpoint < id:
		r.showPoint(point)
	}
}

// showPoint shows a completed checkpoint to the checkers, and to who else watches.
func (r *run) showPoint(point *protocol.RecoveryPoint) {
	r.suite.ObservePoint(point)
	r.final = point
	if r.c.ObservePoint != nil {
		r.c.ObservePoint(point)
	}
}

// unreadable reports a completed checkpoint that cannot be read back. What a successor
// tells of its predecessor's is not in the history yet; its restore is judged.
func (r *run) unreadable(id protocol.CheckpointID, err error) {
	if r.suite != nil && r.system.History.Find(id) != nil {
		r.suite.Unreadable(id, err)
	}
}
