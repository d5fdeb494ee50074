package explore

import (
	"slices"

	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// base is a scenario of which only the plan is drawn.
type base struct {
	scenario *config.Scenario
	shape    generate.Shape
}

// messagesAnEvent is many times what a run without faults delivers for each of its events.
const messagesAnEvent = 100

// rehearse runs a scenario once without faults, to learn what plans may name and when.
func rehearse(s *config.Scenario) (*base, error) {
	calm := s.Clone()
	calm.Faults = nil
	c, err := trial.NewCase(calm, s.Seed)
	if err != nil {
		return nil, err
	}
	var r rehearsal
	c.Observe = r.observe
	if _, err = trial.New().Run(c); err != nil {
		return nil, err
	}
	shape := r.shape(s)
	if s.Run.Budget == 0 {
		s = s.Clone()
		s.Run.Budget = budget + messagesAnEvent*r.events
	}
	return &base{s, shape}, nil
}

func (b *base) draw() (*config.Scenario, generate.Shape) { return b.scenario.Clone(), b.shape }

// rehearsal counts how often a run gets to each step: until its first checkpoint was
// complete, and in all.
type rehearsal struct {
	before, all               [protocol.EventKinds]int64
	events                    uint64
	completedNanos, overNanos int64
}

func (r *rehearsal) observe(e *sim.Event) {
	kind := protocol.EventKind(e.Kind)
	r.events++
	if r.overNanos > 0 {
		return
	}
	r.all[kind]++
	switch {
	case kind == protocol.CheckpointCompleted && r.completedNanos == 0:
		r.completedNanos, r.before = e.TimeNanos, r.all
	case kind == protocol.JobStatusChanged && protocol.JobStatus(e.Args[0]).Terminal():
		r.overNanos = e.TimeNanos
	}
}

// shape lets faults strike from the first completed checkpoint until three quarters of the
// rest of the run are over.
func (r *rehearsal) shape(s *config.Scenario) generate.Shape {
	shape := shapeOf(s)
	shape.FromNanos = r.completedNanos
	shape.ToNanos = lateOf(r.completedNanos, r.overNanos)
	for i, records := range recordsOf(s) {
		op := &shape.Operators[i]
		records /= int64(op.Parallelism)
		op.Records, op.RecordsTo = records*r.completedNanos/max(r.overNanos, 1), lateOf(0, records)
	}
	steps := new(runtime.Target).Steps()
	for k := range protocol.EventKinds {
		kind := protocol.EventKind(k)
		first, last := r.before[k]+1, lateOf(r.before[k], r.all[k])
		if last >= first && slices.Contains(steps, kind.String()) {
			shape.Steps = append(shape.Steps, generate.Step{Name: kind.String(), First: first, Last: last})
		}
	}
	return shape
}

// lateOf is three quarters of the way from one number to another.
func lateOf(from, to int64) int64 { return from + (to-from)*3/4 }
