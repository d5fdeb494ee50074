package story

import (
	"slices"

	"simrun/checkers"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// whatIf runs the case with one thing changed at a time, to find what it hangs on: first
// without its planted bug and without each of its faults; then with those faults moved
// that it cannot do without, and with two deliveries exchanged; last under other protocols.
func (t *teller) whatIf() error {
	if t.options.WhatIfRuns == 0 || t.story.Finding.Class == "" {
		return nil
	}
	q := questions{teller: t, most: t.options.WhatIfRuns}
	q.withoutBug()
	needed := q.withoutFaults()
	for _, fault := range needed {
		q.moved(fault)
	}
	q.otherDeliveries()
	q.otherProtocols()
	if len(needed) == 0 {
		q.otherSettings()
	}
	return q.err
}

// questions are runs that differ in one respect, within a budget.
type questions struct {
	*teller
	most, asked int
	err         error
}

// ask runs a changed scenario and notes what came of it; false when the budget is used up
// or the change makes no valid scenario.
func (q *questions) ask(s *config.Scenario, w result.WhatIf) (result.WhatIf, bool) {
	return q.askWith(s, w, func(*trial.Case) {})
}

// askWith is ask for what is changed in the case of a run.
func (q *questions) askWith(s *config.Scenario, w result.WhatIf,
	change func(*trial.Case)) (result.WhatIf, bool) {
	if q.asked == q.most || q.err != nil {
		return w, false
	}
	tc, err := trial.NewCase(s, q.c.Seed)
	if err != nil {
		return w, false
	}
	tc.Run.LimitNanos = min(tc.Run.LimitNanos, 4*q.lengthNanos+2*tc.Run.ProgressNanos)
	tc.Run.Until = q.anyNoticed
	change(tc)
	o, err := q.trial.Run(tc)
	if err != nil {
		q.err = err
		return w, false
	}
	q.asked++
	q.ran()
	w.Verdict, w.Signature = o.Verdict, ""
	for _, v := range q.trial.Violations() {
		if (v.Class == checkers.Stuck) == (o.Verdict == result.Stuck) && w.Signature == "" {
			w.Signature = v.Signature
		}
	}
	w.Same = o.Verdict == q.story.Verdict && w.Signature == q.story.Finding.Signature
	return w, true
}

// anyNoticed ends a run that has failed: how it goes on does not matter.
func (q *questions) anyNoticed() bool {
	return slices.ContainsFunc(q.trial.Violations(), func(v checkers.Violation) bool {
		return v.Class != checkers.Stuck
	})
}

func (q *questions) note(w result.WhatIf, answered bool) {
	if answered {
		q.story.WhatIf = append(q.story.WhatIf, w)
	}
}

func (q *questions) withoutBug() {
	if q.story.Bug == "" {
		return
	}
	s := q.c.Scenario.Clone()
	s.Run.Bug = protocol.NoBug
	q.note(q.ask(s, result.WhatIf{Kind: result.WithoutBug}))
}

// withoutFaults removes one fault after the other, and returns those without which the run
// passes.
func (q *questions) withoutFaults() (needed []int) {
	for i := range q.c.Scenario.Faults {
		s := q.c.Scenario.Clone()
		s.Faults = slices.Delete(slices.Clone(s.Faults), i, i+1)
		w, answered := q.ask(s, result.WhatIf{Kind: result.WithoutFault, Fault: i})
		q.note(w, answered)
		if answered && w.Passes() {
			needed = append(needed, i)
		}
	}
	if len(needed) == 0 && len(q.c.Scenario.Faults) > 1 {
		s := q.c.Scenario.Clone()
		s.Faults = nil
		q.note(q.ask(s, result.WhatIf{Kind: result.WithoutFaults}))
	}
	return needed
}

// scales are the first moves of a fault, in nanoseconds, from small to large.
var scales = [...]int64{1e6, 10e6, 100e6, 1e9, 10e9}

// moved looks for the nearest moves, earlier and later, with which the run passes.
func (q *questions) moved(fault int) {
	f := &q.c.Scenario.Faults[fault]
	for _, direction := range [2]int64{1, -1} {
		if f.Step != "" {
			q.movedStep(fault, direction)
			continue
		}
		q.movedTime(fault, direction)
	}
}

// movedStep lets a fault strike one or two times later, or earlier, at its step.
func (q *questions) movedStep(fault int, direction int64) {
	for ordinals := int64(1); ordinals <= 2; ordinals++ {
		w := result.WhatIf{Kind: result.FaultMoved, Fault: fault, MovedOrdinals: direction * ordinals}
		s, valid := q.shifted(fault, 0, w.MovedOrdinals)
		if !valid {
			return
		}
		w, answered := q.ask(s, w)
		q.note(w, answered)
		if !answered || w.Passes() {
			return
		}
	}
}

// movedTime moves a fault by larger and larger times until the run passes, then halves the
// way back to the boundary.
func (q *questions) movedTime(fault int, direction int64) {
	var last result.WhatIf
	fails := int64(0)
	for _, scale := range scales {
		w, answered := q.askMoved(fault, direction*scale)
		if !answered {
			break
		}
		if w.Passes() {
			q.boundary(w, fails)
			return
		}
		fails, last = direction*scale, w
	}
	if fails != 0 {
		q.note(last, true)
	}
}

func (q *questions) askMoved(fault int, byNanos int64) (result.WhatIf, bool) {
	w := result.WhatIf{Kind: result.FaultMoved, Fault: fault, MovedNanos: byNanos}
	s, valid := q.shifted(fault, byNanos, 0)
	if !valid {
		return w, false
	}
	return q.ask(s, w)
}

// boundary halves the interval between a move that fails and one that passes, until the
// boundary is known to a hundredth or so.
func (q *questions) boundary(passes result.WhatIf, fails int64) {
	const precision = 128
	for distance(passes.MovedNanos, fails) > max(distance(passes.MovedNanos, 0)/precision, 1) {
		w, answered := q.askMoved(passes.Fault, fails+(passes.MovedNanos-fails)/2)
		if !answered {
			break
		}
		if w.Passes() {
			passes = w
		} else {
			fails = w.MovedNanos
		}
	}
	passes.Boundary, passes.FailsNanos = true, fails
	q.note(passes, true)
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

// shifted is the scenario with one fault moved; false when it cannot move so far.
func (q *questions) shifted(fault int, byNanos, byOrdinals int64) (*config.Scenario, bool) {
	s := q.c.Scenario.Clone()
	s.Faults = append(plan.Plan(nil), s.Faults...)
	f := &s.Faults[fault]
	f.AtNanos, f.Ordinal = f.AtNanos+byNanos, f.Ordinal+byOrdinals
	return s, f.AtNanos >= 0 && (f.Step == "" || f.Ordinal >= 1)
}
