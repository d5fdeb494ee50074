package checkers

import (
	"strconv"

	"simrun/protocol"
	"simrun/sim"
)

// Suite hands every event to the checkers that want it. One Suite serves many runs, one
// after the other, in one goroutine.
type Suite struct {
	setup      *Setup
	history    History
	report     Report
	checkers   []Checker
	points     []PointObserver
	pointNames []string // names of points, by the same index
	byKind     [protocol.EventKinds][]Checker
	writes     [protocol.EventKinds]bool // kinds that change the history
	progress   *Progress
	marks      protocol.MarkSet
}

// New builds all checkers for a run of the given setup.
func New(setup *Setup) *Suite {
	s := &Suite{progress: NewProgress()}
	s.report.history = &s.history
	for _, k := range historyKinds() {
		s.writes[k] = true
	}
	for _, c := range All() {
		s.Add(c)
	}
	s.Add(s.progress)
	s.Reset(setup)
	return s
}

// All makes one of each checker, in the order in which they see an event; Progress, which
// a Suite also asks whether a run is overdue, is the last and not among them.
func All() []Checker {
	return []Checker{
		NewCut(), NewFrontier(), NewFIFO(), NewBuffers(), NewCredits(), NewCoordinatorRules(),
		NewRestoreRules(), NewTwoPhase(), NewFencing(), NewOutput(), NewEffects(), NewReexecution(),
		NewLineages(), NewWatermarks(), NewLeaks(), NewLinearizability(),
	}
}

// Add appends a checker of the caller's own. It must happen before the first event.
func (s *Suite) Add(c Checker) {
	s.checkers = append(s.checkers, c)
	for _, k := range c.Kinds() {
		s.byKind[k] = append(s.byKind[k], c)
	}
	if p, ok := c.(PointObserver); ok {
		s.points = append(s.points, p)
		s.pointNames = append(s.pointNames, c.Name())
	}
}

// Reset makes the suite ready for another run, in the same memory.
func (s *Suite) Reset(setup *Setup) {
	s.setup = setup
	s.history.reset(setup)
	s.report.reset()
	s.marks = 0
	for _, c := range s.checkers {
		if r, ok := c.(Resetter); ok {
			r.Reset(setup)
		}
	}
}

// Observe takes one event of the run; it has the shape of the kernel's observer.
func (s *Suite) Observe(e *sim.Event) {
	if s.writes[e.Kind] {
		s.history.observe(e)
	}
	s.report.nowNanos = e.TimeNanos
	s.marks |= protocol.MarksOf(protocol.EventKind(e.Kind), e.Args)
	for _, c := range s.byKind[e.Kind] {
		s.report.checker = c.Name()
		c.Observe(e, &s.report)
	}
}

// ObservePoint takes a completed checkpoint as it would be restored. The caller calls it
// after the event CheckpointCompleted, and before the first event for a retained
// checkpoint of another run that this one starts from.
func (s *Suite) ObservePoint(p *protocol.RecoveryPoint) {
	for i, c := range s.points {
		s.report.checker = s.pointNames[i]
		c.ObservePoint(p, &s.report)
	}
	s.history.points.keep(p, s.setup.Links)
}

// Unreadable takes a completed checkpoint that cannot be read back from the store, which
// is why. The interleaving (dst.md M25): (1) a task acknowledges before its file is stored;
// (2) the checkpoint completes; (3) its metadata points to nothing.
func (s *Suite) Unreadable(id protocol.CheckpointID, why error) {
	triggered, ended := eventsOf(&s.history, id)
	s.report.checker = "cut"
	s.report.Violate(Lost, "store", "what was completed cannot be restored: "+why.Error(), triggered, ended)
}

// Finish takes the end of the run and returns its violations in the order in which they
// were noticed. They belong to the caller.
func (s *Suite) Finish(end *End) []Violation {
	s.report.nowNanos = end.TimeNanos
	for _, c := range s.checkers {
		s.report.checker = c.Name()
		c.Finish(end, &s.report)
	}
	return s.report.violations
}

// Panicked reports that the code of the run panicked with the given value, after e. The
// function that raised it is the violation's place.
func (s *Suite) Panicked(value, function string, e sim.Event) {
	s.report.checker = "run"
	s.report.Violate(Panic, function, "panic at "+strconv.FormatInt(e.TimeNanos, 10)+" ns: "+value, e)
}

// Violations are those noticed so far.
func (s *Suite) Violations() []Violation { return s.report.violations }

// Marks are what the run has reached so far.
func (s *Suite) Marks() protocol.MarkSet { return s.marks }

// Overdue reports whether the run has made no progress within its bound, so that it may
// be ended as stuck.
func (s *Suite) Overdue(nowNanos int64) bool { return s.progress.Overdue(nowNanos) }

// Names lists the checkers.
func (s *Suite) Names() []string {
	names := make([]string, len(s.checkers))
	for i, c := range s.checkers {
		names[i] = c.Name()
	}
	return names
}
