package explore

import (
	"simrun/faults/generate"
	"simrun/protocol"
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

// rehearsal takes the times of a run without faults.
type rehearsal struct {
	events                    uint64
	completedNanos, overNanos int64
	checkpoints               int64 // that were triggered before the end
}

func (r *rehearsal) observe(e *sim.Event) {
	r.events++
	if r.overNanos > 0 {
		return
	}
	switch kind := protocol.EventKind(e.Kind); {
	case kind == protocol.CheckpointTriggered:
		r.checkpoints++
	case kind == protocol.CheckpointCompleted && r.completedNanos == 0:
		r.completedNanos = e.TimeNanos
	case kind == protocol.JobStatusChanged && protocol.JobStatus(e.Args[0]).Terminal():
		r.overNanos = e.TimeNanos
	}
}

// shape lets faults strike from the first completed checkpoint until three quarters of the
// rest of the run are over.
func (r *rehearsal) shape(s *config.Scenario) generate.Shape {
	shape := shapeOf(s)
	shape.FromNanos, shape.ToNanos = r.completedNanos, lateOf(r.completedNanos, r.overNanos)
	for i, records := range recordsOf(s) {
		op := &shape.Operators[i]
		records /= int64(op.Parallelism)
		op.Records, op.RecordsTo = records*r.completedNanos/max(r.overNanos, 1), lateOf(0, records)
	}
	if r.checkpoints > 2 {
		shape.FirstCheckpoint = 2
		shape.LastCheckpoint = protocol.CheckpointID(max(lateOf(0, r.checkpoints), 2))
	}
	return shape
}

// lateOf is three quarters of the way from one number to another.
func lateOf(from, to int64) int64 { return from + (to-from)*3/4 }
